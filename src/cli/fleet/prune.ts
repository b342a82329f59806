import type { Command } from 'commander';
import type { Pruned } from '../../fleet/index.js';
import type { Context } from '../command.js';
import { EXIT } from '../exit.js';
import { Progress } from '../output/progress.js';
import type { Paint } from '../output/paint.js';
import { actionCommand, type ActionOptions } from './command.js';
import { authorOf, confirm } from './confirm.js';
import { show, type Section } from './show.js';
import { withFleet } from './with-fleet.js';

interface Options extends ActionOptions {
  readonly server?: readonly string[];
  readonly dryRun?: true;
}

/** `lynchpin prune`. */
export function pruneCommand(context: Context): Command {
  return actionCommand({
    name: 'prune',
    summary: 'collect what is left of servers that are gone and of versions that nobody reads',
    description:
      'Shows what would go, and asks; where nobody can be asked it does it with --yes only, and otherwise only shows it. Messages are moved to the dead letters first. A queue goes when it is unbound, holds nothing, and nobody is there who could have a message of it in hand, twice, ten seconds apart. A server that is only down is a member, and nothing of it goes: lynchpin forget comes first. Exit codes: 0 all of it is gone, or shown; 1 something stays.',
    examples: [
      ['lynchpin prune volume --dry-run', 'what would go'],
      ['lynchpin prune volume --reason "3.0 is retired"', 'shows it, asks, and does it'],
      ['lynchpin prune volume --server volume-7', 'only what is left of one server'],
    ],
    reason: 'optional',
  })
    .argument('<topic>', 'what is tidied up')
    .option('--dry-run', 'only show what would go')
    .option('--server <server...>', 'only what is left of these')
    .action((topic: string, options: Options) => act(topic, options, context));
}

async function act(topic: string, options: Options, context: Context): Promise<void> {
  const { server, reason, timeout, format, yes, dryRun } = options;
  const { terminal } = context;
  await withFleet(context, options, async (fleet) => {
    const common = { timeout, author: authorOf(options, context), ...(server === undefined ? {} : { servers: server }) };
    const planned = await fleet.prune(topic, common);
    const goes = planned.filter(({ fate }) => fate !== 'leave').length;
    const looks = dryRun === true || goes === 0 || (yes !== true && terminal.ask === undefined);
    if (looks) {
      show(context, format, {
        data: { topic, applied: false, queues: planned },
        sections: (paint) => sectionsOf(topic, planned, false, paint),
      });
      if (dryRun !== true && goes > 0) terminal.err.write('nothing was done: give --yes to do it\n');
      return;
    }
    // What is asked about is shown beside the question, and not among the results.
    if (yes !== true)
      terminal.err.write(
        planned
          .filter(({ fate }) => fate !== 'leave')
          .map(({ queue, why }) => `  ${queue}: ${why}\n`)
          .join(''),
      );
    await confirm(context, `Delete ${goes === 1 ? 'this queue' : `these ${goes} queues`} of ${topic}?`, options);
    const progress = new Progress(terminal);
    const onProgress = (doing: string): void => progress.say(doing);
    const done = await fleet
      .prune(topic, { ...common, apply: true, onProgress, ...(reason === undefined ? {} : { reason }) })
      .finally(() => progress.end());
    show(context, format, { data: { topic, applied: true, queues: done }, sections: (paint) => sectionsOf(topic, done, true, paint) });
    context.end(done.every(({ deleted }) => deleted) ? EXIT.fine : EXIT.violations);
  });
}

function sectionsOf(topic: string, queues: readonly Pruned[], applied: boolean, { dim, bold }: Paint): readonly Section[] {
  if (queues.length === 0) return [{ text: [`Nothing is left over on ${topic}.`] }];
  const does = ({ fate, deleted, buried }: Pruned): string => {
    if (!applied) return { delete: 'would go', bury: 'its messages would go to the dead letters, then it', leave: 'would stay' }[fate];
    if (!deleted) return 'stays';
    return buried === 0 ? bold('deleted') : `${bold('deleted')}, ${buried} to the dead letters`;
  };
  const rows = queues.map((one) => [one.queue, String(one.stood ?? '?'), does(one), dim(one.why)]);
  return [{ table: { headings: ['queue', 'messages', '', 'because'], rows } }];
}
