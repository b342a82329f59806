import type { Command } from 'commander';
import { baselineOf } from '../baseline/baseline.js';
import { command, contractsOption, folderOf, formatOption, type Common, type Context, jsonOption } from '../command.js';
import { engine } from '../engine.js';
import { EXIT, Refusal } from '../exit.js';
import type { Format } from '../output/render.js';
import { modulesOf, projectIn, understood } from '../project/project.js';
import { workOf, type Work } from '../project/work.js';
import { isCi } from '../terminal.js';
import { findingsOf } from './checking.js';
import { tell } from './telling.js';

interface Options extends Common {
  readonly contracts?: readonly string[];
  readonly against?: string;
  readonly release?: string;
  readonly laws: boolean;
  readonly format: Format;
}

/** `lynchpin compat check`. */
export function checkCommand(context: Context): Command {
  return command({
    name: 'check',
    summary: 'hold the contracts against what is recorded, and prove their conversions',
    description:
      'A local run first records what is not released yet, as lynchpin compat record does. A build service (CI is set) writes nothing: there, a recording that was not committed is a violation.',
    examples: [
      ['lynchpin compat check', 'against compat/'],
      ['lynchpin compat check --against git:origin/main', 'and against the merge base with a branch'],
      ['lynchpin compat check --against npm:orders@^1.4', 'and against a published release'],
      ['lynchpin compat check --format github', 'annotations for GitHub Actions'],
    ],
  })
    .option('--against <baseline>', 'also compare with git:<ref>, npm:<name>@<range> or dir:<path>')
    .option('--no-laws', 'leave out the proofs of conversions, and with them most of the time')
    .option('--release <version>', 'the release that is being made: everything must be stamped')
    .addOption(contractsOption())
    .addOption(formatOption())
    .addOption(jsonOption())
    .action((options: Options) => check(options, context));
}

async function check({ against, release, laws, format, ...options }: Options, context: Context): Promise<void> {
  const { terminal } = context;
  const work = await loaded(options, format, context);
  if (work === undefined) return;
  const { folder, recording, recordingFolder } = work.project;
  // Before anything is written: without its baseline a check has not begun.
  const baseline = against === undefined ? undefined : (await baselineOf(against, { folder, recording, env: terminal.env })).recorded;
  const { readAcceptances } = await engine();
  const acceptances = understood(() => readAcceptances(recordingFolder));
  if (!isCi(terminal.env)) await record(work, context);
  const findings = await findingsOf({ work, baseline, acceptances, release, laws }, context);
  const code = findings.some(({ severity }) => severity === 'error') ? EXIT.violations : EXIT.fine;
  await tell(findings, { work, format, against: [`${recording}/`, ...(baseline === undefined ? [] : [baseline.origin])], code }, context);
}

/** Loads the contracts. What loading refuses because it breaks a rule is told as what it is; then there is nothing more to check. */
async function loaded(
  options: Common & { readonly contracts?: readonly string[] },
  format: Format,
  context: Context,
): Promise<Work | undefined> {
  try {
    return await workOf(options, context);
  } catch (error) {
    const { declarationFindings } = await engine();
    const findings = error instanceof Refusal ? declarationFindings(error.cause) : [];
    if (findings.length === 0) throw error;
    const project = await projectIn(folderOf(options, context));
    const modules = modulesOf(project, options.contracts ?? []);
    const nothing = { declared: { contracts: [], objects: [] }, surface: { objects: [], apis: [], clashes: [] } };
    await tell(findings, { work: { project, modules, ...nothing }, format, against: [], code: EXIT.violations }, context);
    return undefined;
  }
}

/** Local runs record what is not released. */
async function record({ project, surface }: Work, { terminal }: Context): Promise<void> {
  const { writeRecording } = await engine();
  const { written, removed } = writeRecording(project.recordingFolder, surface, { strangers: 'keep' });
  for (const path of written) terminal.err.write(`written  ${project.recording}/${path}\n`);
  for (const path of removed) terminal.err.write(`removed  ${project.recording}/${path}\n`);
}
