import type { Command } from 'commander';
import { baselineOf } from '../baseline/baseline.js';
import { command, contractsOption, type Common, type Context } from '../command.js';
import { engine } from '../engine.js';
import { EXIT, Refusal } from '../exit.js';
import { workOf } from '../project/work.js';
import { isCi } from '../terminal.js';
import { findingsOf } from './checking.js';

interface Options extends Common {
  readonly contracts?: readonly string[];
  readonly reason: string;
  readonly until?: string;
  readonly against?: string;
}

/** `lynchpin compat accept`. */
export function acceptCommand(context: Context): Command {
  return command({
    name: 'accept',
    summary: 'let one finding pass, for a reason and perhaps for a time',
    description:
      'The key stands below each error of lynchpin compat check. It belongs to the content: when the finding changes, it is no longer accepted. An acceptance that matches nothing, or whose date has passed, is a violation itself.',
    examples: [
      ['lynchpin compat accept 1:5f0c2a... --reason "nobody runs 1.1 any more"', 'for good'],
      ['lynchpin compat accept 1:5f0c2a... --reason "fixed in 2.0" --until 2027-01-31', 'for a time'],
    ],
  })
    .argument('<fingerprint>', 'the key of the finding, or enough of it')
    .requiredOption('--reason <text>', 'why it is right to leave it')
    .option('--until <date>', 'the last day on which it holds, YYYY-MM-DD')
    .option('--against <baseline>', 'the baseline that the finding is about, as for lynchpin compat check')
    .addOption(contractsOption())
    .action((fingerprint: string, options: Options) => accept(fingerprint, options, context));
}

async function accept(fingerprint: string, { reason, until, against, ...options }: Options, context: Context): Promise<void> {
  const { terminal } = context;
  if (isCi(terminal.env)) throw new Refusal('a build service accepts nothing (CI is set): whoever accepts something signs for it');
  if (reason.trim() === '') throw new Refusal('--reason needs words');
  if (until !== undefined) checkDate(until);
  const work = await workOf(options, context);
  const { addAcceptance, subjectText } = await engine();
  const { folder, recording, recordingFolder } = work.project;
  const baseline = against === undefined ? undefined : (await baselineOf(against, { folder, recording, env: terminal.env })).recorded;
  const findings = await findingsOf({ work, baseline, acceptances: [], laws: true }, context);
  const matching = findings.filter((finding) => finding.fingerprint.startsWith(fingerprint));
  const keys = new Set(matching.map((finding) => finding.fingerprint));
  const [finding] = matching;
  if (finding === undefined)
    throw new Refusal(`nothing is found with the key ${fingerprint}: npx lynchpin compat check shows the keys of what is`, EXIT.unknown);
  if (keys.size > 1) throw new Refusal(`${fingerprint} begins the keys of ${keys.size} findings: ${[...keys].join(', ')}`);
  addAcceptance(recordingFolder, {
    fingerprint: finding.fingerprint,
    rule: finding.rule,
    subject: subjectText(finding.subject),
    reason: reason.trim(),
    ...(until === undefined ? {} : { expires: until }),
  });
  terminal.out.write(`accepted  ${finding.rule} at ${subjectText(finding.subject)}${until === undefined ? '' : ` until ${until}`}\n`);
  context.end(EXIT.fine);
}

function checkDate(text: string): void {
  const day = new Date(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text) {
    throw new Refusal(`--until needs a day as YYYY-MM-DD; got ${text}`);
  }
  if (text < new Date().toISOString().slice(0, 10)) throw new Refusal(`--until ${text} is over already`);
}
