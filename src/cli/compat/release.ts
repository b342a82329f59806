import type { Command } from 'commander';
import { command, contractsOption, type Common, type Context } from '../command.js';
import { engine } from '../engine.js';
import { EXIT, Refusal } from '../exit.js';
import { workOf } from '../project/work.js';

interface Options extends Common {
  readonly contracts?: readonly string[];
}

/** `lynchpin compat release`. */
export function releaseCommand(context: Context): Command {
  return command({
    name: 'release',
    summary: 'freeze what is recorded: from now on it is released',
    description:
      'Stamps every unreleased entry with the release, so that a developer bumps once a release and not once a change. It stamps nothing while the recording differs from the code. This is the one command that may write in a build service.',
    examples: [
      ['lynchpin compat release 1.4.2', 'just before the package is published'],
      ['lynchpin compat release "$npm_package_version"', 'in the script "version" of package.json'],
    ],
  })
    .argument('<version>', 'of the package, such as 1.4.2')
    .addOption(contractsOption())
    .action((version: string, options: Options) => release(version, options, context));
}

async function release(version: string, options: Options, context: Context): Promise<void> {
  if (!/^[\w][\w.+-]*$/.test(version))
    throw new Refusal(`${JSON.stringify(version)} names no release: write the version of the package, as in 1.4.2`);
  const { project, surface } = await workOf(options, context);
  const { entriesOf, pathOf, readRecording, recordedEntry, stampRelease } = await engine();
  const { recorded, files } = readRecording(project.recordingFolder);
  const stale = entriesOf(surface).filter(
    ({ facts, fingerprint }) => recordedEntry(recorded, facts.kind, facts.name, facts.version)?.fingerprint !== fingerprint,
  );
  const problems = [
    ...stale.map(({ facts }) => `${project.recording}/${pathOf(facts)} is not what the code says`),
    ...files.map(({ path, reason }) => `${project.recording}/${path} ${reason}`),
  ];
  if (problems.length > 0) {
    throw new Refusal(
      `nothing is stamped:\n${problems.map((line) => `    ${line}`).join('\n')}\nnpx lynchpin compat check says what to do`,
      EXIT.violations,
    );
  }
  const { written } = stampRelease(project.recordingFolder, version);
  for (const path of written) context.terminal.out.write(`released ${version}  ${project.recording}/${path}\n`);
  if (written.length === 0) context.terminal.out.write('everything that is recorded is released already\n');
  context.end(EXIT.fine);
}
