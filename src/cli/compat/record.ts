import type { Command } from 'commander';
import { command, contractsOption, type Common, type Context } from '../command.js';
import { engine } from '../engine.js';
import { EXIT, Refusal } from '../exit.js';
import { workOf } from '../project/work.js';
import { isCi } from '../terminal.js';

interface Options extends Common {
  readonly contracts?: readonly string[];
  readonly describe?: readonly string[];
}

/** `lynchpin compat record`. */
export function recordCommand(context: Context): Command {
  return command({
    name: 'record',
    summary: 'write what the contracts say on the wire into compat/',
    description:
      'Released entries are never touched. A build service records nothing (CI is set): what it would write, nobody would review.',
    examples: [
      ['lynchpin compat record', 'after any change of the contracts'],
      ['lynchpin compat record --describe Volume@1.2 "Several hosts"', 'with a line for the changelog'],
    ],
  })
    .addOption(contractsOption())
    .option('--describe <words...>', 'a version and its line for the changelog, as many pairs as you like')
    .action((options: Options) => record(options, context));
}

async function record(options: Options, context: Context): Promise<void> {
  const { terminal } = context;
  if (isCi(terminal.env))
    throw new Refusal(
      'a build service records nothing (CI is set). Run npx lynchpin compat record where the change is made, and commit compat/',
    );
  const pairs = pairsOf(options.describe ?? []);
  const { project, surface } = await workOf(options, context);
  const { describeVersion, writeRecording } = await engine();
  const { written, removed, kept } = writeRecording(project.recordingFolder, surface);
  const described = pairs.flatMap(({ name, version, line }) => {
    const paths = describeVersion(project.recordingFolder, { name, version }, line);
    if (paths.length === 0) throw new Refusal(`${name}@${version} is not recorded, so it cannot be described`);
    return paths;
  });
  const folder = project.recording;
  for (const path of new Set([...written, ...described])) terminal.out.write(`written  ${folder}/${path}\n`);
  for (const path of removed) terminal.out.write(`removed  ${folder}/${path}\n`);
  for (const path of kept)
    terminal.err.write(
      `kept     ${folder}/${path} differs from the code, but it is released or cannot be read: npx lynchpin compat check says more\n`,
    );
  if (written.length + removed.length + described.length === 0) terminal.out.write(`${folder}/ says already what the contracts say\n`);
  context.end(EXIT.fine);
}

function pairsOf(words: readonly string[]): readonly { readonly name: string; readonly version: string; readonly line: string }[] {
  const pairs = [];
  for (let at = 0; at < words.length; at += 2) {
    const { name, version } = nameAndVersion(words[at] ?? '', '--describe');
    const line = words[at + 1]?.trim() ?? '';
    if (line === '' || line.includes('\n'))
      throw new Refusal(`--describe ${words[at]} needs a line of text after it: --describe ${words[at]} "Several hosts"`);
    pairs.push({ name, version, line });
  }
  return pairs;
}

/** Reads `Volume@1.2`. */
export function nameAndVersion(text: string, where: string): { readonly name: string; readonly version: string } {
  const match = /^(.+)@(\d+\.\d+)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined)
    throw new Refusal(`${where} needs a name and a version, as in Volume@1.2; got ${text}`);
  return { name: match[1], version: match[2] };
}
