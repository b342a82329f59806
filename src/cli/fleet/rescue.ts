import type { Command } from 'commander';
import type { RescueProgress, RescueReport } from '../../fleet/index.js';
import { contractsOption, type Common, type Context } from '../command.js';
import { EXIT } from '../exit.js';
import type { Paint } from '../output/paint.js';
import { Progress } from '../output/progress.js';
import { contractFor, contractsOf } from '../project/contracts.js';
import { actionCommand, durationOption, type ActionOptions } from './command.js';
import { authorOf, confirm } from './confirm.js';
import { show, type Section } from './show.js';
import { withFleet } from './with-fleet.js';

interface Options extends ActionOptions, Common {
  readonly contracts?: readonly string[];
  readonly dryRun?: true;
  readonly gone?: readonly string[];
  readonly patience: number;
}

/** `lynchpin rescue`. */
export function rescueCommand(context: Context): Command {
  return actionCommand({
    name: 'rescue',
    summary: 'move messages that nobody reads any more, when no process is left that would',
    description:
      'Clients of the newer release do this by themselves; this is for when none of them is left. Run it in the package that still knows the newer versions. Messages on lanes without readers are converted to the version that servers read, parked ones go back to their server. What fits nothing that is read waits for its readers; then casts go to the dead letters with their reason, and calls get their error. Exit codes: 0 nothing is left, 1 something stays where it is, 2 could not be done.',
    examples: [
      ['lynchpin rescue volume --dry-run', 'what stands where, and what would become of it'],
      ['lynchpin rescue volume --reason "rolled back 3.4"', 'do it'],
      ['lynchpin rescue volume --gone volume-7', 'also give up what volume-7 was to have'],
    ],
    reason: 'optional',
  })
    .argument('[topic]', 'which contract of the project; needed where it has several')
    .option('--dry-run', 'only count: no message is taken, so what each would become cannot be told')
    .option('--gone <server...>', 'servers that will not come back: what they were to have goes to the dead letters')
    .addOption(durationOption('--patience <time>', 'how long what fits nothing waits for its readers', '10s'))
    .option('-C <dir>', 'work in this folder instead of the present one')
    .addOption(contractsOption())
    .action((topic: string | undefined, options: Options) => act(topic, options, context));
}

async function act(given: string | undefined, options: Options, context: Context): Promise<void> {
  const { reason, timeout, format, gone = [], patience, dryRun } = options;
  const { topic, api } = contractFor(given, await contractsOf(options, context));
  await withFleet(context, options, async (fleet) => {
    const common = { timeout, gone, patience, author: authorOf(options, context), ...(reason === undefined ? {} : { reason }) };
    const progress = new Progress(context.terminal);
    if (dryRun !== true) await confirm(context, question(topic, gone), options);
    const onProgress = (now: RescueProgress): void => progress.say(words(now));
    // What is in hand is seen through first: a process that just ends leaves it marked as delivered.
    const enough = new AbortController();
    const unwatch = context.terminal.keys?.((key) => {
      if (key === '\x03') enough.abort();
    });
    const report = await fleet.rescue(api, { ...common, onProgress, dryRun: dryRun === true, signal: enough.signal }).finally(() => {
      unwatch?.();
      progress.end();
    });
    show(context, format, {
      data: { dryRun: dryRun === true, ...report },
      sections: (paint) => sectionsOf(report, dryRun === true, paint),
    });
    context.end(dryRun === true || report.queues.every((one) => leftOn(one) === 0) ? EXIT.fine : EXIT.violations);
  });
}

function question(topic: string, gone: readonly string[]): string {
  const also = gone.length === 0 ? '' : `, and give up what ${gone.join(', ')} was to have`;
  return `Move what nobody reads of ${topic}${also}?`;
}

/** How much stays on a queue that nobody reads; where nobody knows, something may. */
function leftOn({ stood = 1, moved, dead, refused }: RescueProgress): number {
  return Math.max(0, stood - moved - dead - refused);
}

function words({ queue, stood, moved, dead, refused, kept }: RescueProgress): string {
  return `${queue}: ${moved + dead + refused} of ${stood ?? 'some'}; ${moved} moved, ${dead} to the dead letters, ${refused} answered, ${kept} wait`;
}

function sectionsOf({ topic, to, queues }: RescueReport, dryRun: boolean, { bold, dim }: Paint): readonly Section[] {
  const at = to === undefined ? `Nobody serves ${topic} at a version that this package knows.` : `Servers of ${topic} read ${bold(to)}.`;
  if (queues.length === 0) return [{ text: [at, 'No message waits for anybody who is not there.'] }];
  const headings = dryRun
    ? ['queue', 'messages', 'would', 'because']
    : ['queue', 'messages', 'moved', 'dead letters', 'answered', 'put back', 'because'];
  const rows = queues.map(({ queue, stood, fate, moved, dead, refused, kept, why }) => [
    queue,
    String(stood ?? '?'),
    ...(dryRun ? [DOES[fate]] : [moved, dead, refused, kept].map(String)),
    dim(why),
  ]);
  const honest = 'Counts alone: which of them fit the version that is read shows when they are taken.';
  return [{ text: dryRun ? [at, honest] : [at], table: { headings, rows } }];
}

const DOES: Readonly<Record<RescueProgress['fate'], string>> = {
  convert: 'be converted and moved',
  return: 'go back to its server',
  bury: 'go to the dead letters',
  leave: 'stay',
};
