import type { Command } from 'commander';
import type { Entry } from '../../compat/index.js';
import { baselineOf } from '../baseline/baseline.js';
import { command, folderOf, tableFormatOption, type Common, type Context, jsonOption } from '../command.js';
import { engine } from '../engine.js';
import { EXIT, Refusal } from '../exit.js';
import { paintFor } from '../output/paint.js';
import type { TableFormat } from '../output/render.js';
import { projectIn, type Project } from '../project/project.js';
import { chaptersOf } from '../report/chapters.js';
import { changelogMarkdown, changelogText, partsOf } from '../report/changelog.js';
import { releasesOf } from '../report/releases.js';

interface Options extends Common {
  readonly since?: string;
  readonly format: TableFormat;
}

/** `lynchpin compat changelog`. */
export function changelogCommand(context: Context): Command {
  return command({
    name: 'changelog',
    summary: 'tell what each version changed on the wire, from the recording',
    examples: [
      ['lynchpin compat changelog', 'everything that is recorded'],
      ['lynchpin compat changelog --since 1.4.2', 'what came after a release'],
      ['lynchpin compat changelog --since git:origin/main --format markdown', 'what a branch adds, for its pull request'],
    ],
  })
    .option('--since <release|ref>', 'a release that was stamped, git:<ref>, npm:<name>@<range> or dir:<path>')
    .addOption(tableFormatOption())
    .addOption(jsonOption())
    .action((options: Options) => changelog(options, context));
}

async function changelog({ since, format, ...options }: Options, context: Context): Promise<void> {
  const { terminal } = context;
  const project = await projectIn(folderOf(options, context));
  const { diffFacts, diffLines, readRecording } = await engine();
  const { entries } = readRecording(project.recordingFolder).recorded;
  if (entries.length === 0)
    throw new Refusal(`${project.recording}/ in ${project.folder} holds nothing: npx lynchpin compat record`, EXIT.unknown);
  const releases = releasesOf(entries);
  const wanted = since === undefined ? undefined : await after(since, releases, project, context);
  const chapters = chaptersOf(entries, (before, now) => diffLines(diffFacts(before, now))).filter((_, at) => {
    const entry = entries[at];
    return entry !== undefined && (wanted === undefined || wanted(entry));
  });
  const parts = partsOf(chapters, releases);
  if (format === 'json') terminal.out.write(`${JSON.stringify(parts, undefined, 2)}\n`);
  else if (format === 'markdown') terminal.out.write(changelogMarkdown(parts));
  else terminal.out.write(changelogText(parts, paintFor(terminal.out.terminal, terminal.env), terminal.out.columns));
  if (parts.length === 0) terminal.err.write(`nothing changed since ${since}\n`);
  context.end(EXIT.fine);
}

/** Says of an entry whether it came after a release, or is not in a baseline. */
async function after(
  since: string,
  releases: readonly string[],
  { folder, recording }: Project,
  { terminal }: Context,
): Promise<(entry: Entry) => boolean> {
  const at = releases.indexOf(since);
  if (at >= 0) return ({ released }) => released === undefined || releases.indexOf(released) > at;
  if (!/^(git|npm|dir):/.test(since)) {
    throw new Refusal(
      `nothing was released as ${since}. Known: ${releases.length === 0 ? 'no release yet' : releases.join(', ')}. For a commit write --since git:${since}`,
      EXIT.unknown,
    );
  }
  const { recorded } = await baselineOf(since, { folder, recording, env: terminal.env });
  const { recordedEntry } = await engine();
  return ({ facts, fingerprint }) => recordedEntry(recorded, facts.kind, facts.name, facts.version)?.fingerprint !== fingerprint;
}
