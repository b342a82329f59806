import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import type { LiveApi, LiveObject, Surface } from '../../compat/index.js';
import { command, contractsOption, type Common, type Context } from '../command.js';
import { engine } from '../engine.js';
import { EXIT, Refusal } from '../exit.js';
import { nearest } from '../nearest.js';
import { paintFor } from '../output/paint.js';
import { workOf } from '../project/work.js';
import { planOf, type Sought, type Todo } from '../source/bump.js';
import { applied } from '../source/edits.js';
import { indented } from '../source/insert.js';
import { sourcesOf } from '../source/sources.js';
import { isCi } from '../terminal.js';

interface Options extends Common {
  readonly contracts?: readonly string[];
  readonly minor?: true;
  readonly major?: true;
  readonly parents?: true;
  readonly write?: true;
}

/** `lynchpin compat bump`. */
export function bumpCommand(context: Context): Command {
  return command({
    name: 'bump',
    summary: 'say, or write, what a new version of an object or API takes',
    description:
      'The version, functions for the way down and up, and what the APIs carry. Without --write it only says so. With it, it edits the sources where it finds the one place, and says what to write where it does not. A version that is not released yet needs no bump.',
    examples: [
      ['lynchpin compat bump Volume --minor --parents', 'what it takes, for the object and its APIs'],
      ['lynchpin compat bump Volume --minor --parents --write', 'does it'],
      ['lynchpin compat bump volume --minor --write', 'an API, by its topic or its class'],
    ],
  })
    .argument('<name>', 'of an object, the topic of an API, or the class of either')
    .addOption(new Option('--minor', 'old peers can still be served').conflicts('major'))
    .addOption(new Option('--major', 'old peers cannot be served').conflicts('minor'))
    .option('--parents', 'take the APIs along that carry the object')
    .option('--write', 'edit the sources')
    .addOption(contractsOption())
    .action((name: string, options: Options) => bump(name, options, context));
}

async function bump(name: string, options: Options, context: Context): Promise<void> {
  const { terminal } = context;
  if (options.minor === undefined && options.major === undefined) throw new Refusal('say --minor or --major');
  if (options.write === true && isCi(terminal.env))
    throw new Refusal('a build service edits nothing (CI is set): leave out --write to see what a bump takes');
  const { project, modules, surface } = await workOf(options, context);
  const sought = soughtIn(surface, name);
  const { readRecording } = await engine();
  const { recorded } = readRecording(project.recordingFolder);
  const sources = sourcesOf(project.folder, modules);
  const { todos, notes } = planOf(
    sought,
    { size: options.major === true ? 'major' : 'minor', parents: options.parents === true },
    { surface, recorded, sources },
  );
  const edits = todos.flatMap((todo) => todo.edits ?? []);
  if (options.write === true) for (const [file, text] of applied(edits)) writeFileSync(join(project.folder, file), text);
  const paint = paintFor(terminal.out.terminal, terminal.env);
  for (const todo of todos) {
    const done = options.write === true && todo.edits !== undefined;
    const mark = done ? paint.green('written') : options.write === true ? paint.yellow('to do  ') : paint.cyan('to do  ');
    terminal.out.write(`${mark}  ${paint.bold(todo.what)}  ${paint.dim(todo.where)}\n`);
    if (!done) terminal.out.write(`\n${indented(todo.write, '    ')}\n\n`);
  }
  for (const note of notes) terminal.out.write(`${note}\n`);
  if (options.write === true && todos.some(isOpen))
    terminal.err.write('what is still to do is not declared in a way that can be edited: write it as shown\n');
  if (todos.length > 0) terminal.out.write(`then      npx lynchpin compat record\n`);
  context.end(EXIT.fine);
}

function isOpen({ edits }: Todo): boolean {
  return edits === undefined;
}

function soughtIn({ objects, apis }: Surface, name: string): Sought {
  const exact = (one: LiveObject | LiveApi): boolean => one.name === name;
  const byClass = (one: LiveObject | LiveApi): boolean => one.className === name;
  for (const matches of [exact, byClass]) {
    const object = objects.find(matches);
    if (object !== undefined) return { kind: 'object', live: object };
    const api = apis.find(matches);
    if (api !== undefined) return { kind: 'api', live: api };
  }
  const known = [...objects, ...apis].flatMap((one) => [one.name, one.className]);
  const close = nearest(name, known);
  throw new Refusal(
    `the contracts have no object and no API ${name}.${close === undefined ? '' : ` Did you mean ${close}?`} Known: ${[...new Set(known)].sort().join(', ')}`,
  );
}
