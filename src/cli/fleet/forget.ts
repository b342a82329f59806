import type { Command } from 'commander';
import type { Context } from '../command.js';
import { Refusal } from '../exit.js';
import { Progress } from '../output/progress.js';
import { actionCommand, durationOption, type ActionOptions } from './command.js';
import { authorOf, confirm } from './confirm.js';
import { show } from './show.js';
import { withFleet } from './with-fleet.js';

interface Options extends ActionOptions {
  readonly topic?: string;
  readonly allGone?: true;
  readonly wait: number;
}

/** How long the evidence may take. */
const WAIT = '30s';

/** `lynchpin forget`. */
export function forgetCommand(context: Context): Command {
  return actionCommand({
    name: 'forget',
    summary: 'take a process that is down for good off the ledger',
    description:
      'Finalizing then no longer waits for it, and what is left of it can be pruned. It takes a little more than ten seconds, because the broker must have said twice that it is gone; one that is connected is not forgotten. Whoever was forgotten and comes back joins anew.',
    examples: [
      ['lynchpin forget volume-7 --reason "host lost"', 'by the name that callers address it by'],
      ['lynchpin forget --all-gone --topic volume', 'everyone who is not connected'],
    ],
    reason: 'optional',
  })
    .argument('[instance]', 'an instance, a process or a name, as lynchpin instances shows them')
    .option('--all-gone', 'everyone who is not connected')
    .option('--topic <topic>', 'where; needed when no process of the topic is left')
    .addOption(durationOption('--wait <time>', 'how long the evidence may take', WAIT))
    .action((who: string | undefined, options: Options) => act(who, options, context));
}

async function act(given: string | undefined, options: Options, context: Context): Promise<void> {
  const { topic, allGone, reason, wait, format } = options;
  if ((given === undefined) === (allGone === undefined)) throw new Refusal('name who is to be forgotten, or give --all-gone');
  const who = given ?? 'all-gone';
  await withFleet(context, options, async (fleet) => {
    const whom = given ?? 'everyone who is not connected';
    await confirm(
      context,
      `Take ${whom} off the ledger${topic === undefined ? '' : ` of ${topic}`}, so that nobody waits for it?`,
      options,
    );
    const progress = new Progress(context.terminal);
    const common = { timeout: wait, author: authorOf(options, context), ...(reason === undefined ? {} : { reason }) };
    const onProgress = (waiting: readonly { readonly author: string }[]): void =>
      progress.say(`watching whether ${waiting.map(({ author }) => author).join(', ')} stays away`);
    const forgotten = await fleet
      .forget(who, { ...common, onProgress, ...(topic === undefined ? {} : { topic }) })
      .finally(() => progress.end());
    show(context, format, {
      data: { forgotten },
      sections: () => [
        {
          text:
            forgotten.length === 0
              ? ['Every member is connected: nobody was forgotten.']
              : forgotten.map((one) => `${one.author} (${one.role}, ${one.instance}) is no member of ${one.topic} any more.`),
        },
      ],
    });
  });
}
