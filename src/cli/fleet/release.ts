import type { Command } from 'commander';
import type { Context } from '../command.js';
import { Refusal } from '../exit.js';
import { actionCommand, type ActionOptions } from './command.js';
import { authorOf, confirm } from './confirm.js';
import { show } from './show.js';
import { withFleet } from './with-fleet.js';

interface Options extends ActionOptions {
  readonly reason: string;
  readonly hold?: string;
  readonly all?: true;
}

/** `lynchpin release`. */
export function releaseCommand(context: Context): Command {
  return actionCommand({
    name: 'release',
    summary: 'end a hold',
    description: 'Pins then rise to what the servers read, after their quiet time. Where several holds stand, say which one ends.',
    examples: [
      ['lynchpin release volume --reason "soaked for a day"', 'the one hold that stands'],
      ['lynchpin release volume --hold 5f0c --reason "storage is ready"', 'the one whose id begins so'],
      ['lynchpin release volume --all --reason "the release is over"', 'all of them'],
    ],
    reason: 'required',
  })
    .argument('<topic>', 'what is held')
    .option('--hold <id>', 'which hold ends: its id, or how that begins')
    .option('--all', 'all holds end')
    .action((topic: string, options: Options) => act(topic, options, context));
}

async function act(topic: string, options: Options, context: Context): Promise<void> {
  const { hold, all, reason, timeout, format } = options;
  if (hold !== undefined && all === true) throw new Refusal('--hold and --all do not go together');
  const which = all === true ? 'all' : hold;
  await withFleet(context, options, async (fleet) => {
    const what = all === true ? 'every hold of' : hold === undefined ? 'the hold of' : `the hold ${hold} of`;
    await confirm(context, `End ${what} ${topic}, for every client?`, options);
    const author = authorOf(options, context);
    const ended = await fleet.release(topic, { reason, timeout, author, ...(which === undefined ? {} : { hold: which }) });
    show(context, format, {
      data: { topic, ended },
      sections: () => [{ text: ended.map((one) => `The hold of ${one.author} on ${topic} has ended: ${one.reason}.`) }],
    });
  });
}
