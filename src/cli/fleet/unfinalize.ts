import type { Command } from 'commander';
import type { Context } from '../command.js';
import { actionCommand, type ActionOptions } from './command.js';
import { authorOf, confirm } from './confirm.js';
import { show } from './show.js';
import { withFleet } from './with-fleet.js';

interface Options extends ActionOptions {
  readonly reason: string;
}

/** `lynchpin unfinalize`. */
export function unfinalizeCommand(context: Context): Command {
  return actionCommand({
    name: 'unfinalize',
    summary: 'take back what was made final last, if it can still be undone',
    description: 'Older builds may join again, down to what was final before. Only where what the version was final for has not happened.',
    examples: [['lynchpin unfinalize volume --reason "the column tier stays"', 'builds of before may start again']],
    reason: 'required',
  })
    .argument('<topic>', 'what was finalized')
    .action((topic: string, options: Options) => act(topic, options, context));
}

async function act(topic: string, options: Options, context: Context): Promise<void> {
  const { reason, timeout, format } = options;
  await withFleet(context, options, async (fleet) => {
    await confirm(context, `Take back what is final on ${topic}, so that older builds may start again?`, options);
    const undone = await fleet.unfinalize(topic, { reason, timeout, author: authorOf(options, context) });
    const { taken, now } = undone;
    const rest = now === undefined ? 'nothing is final now' : `${now.version} is final, as before`;
    show(context, format, { data: undone, sections: () => [{ text: [`${taken.version} of ${topic} is not final any more: ${rest}.`] }] });
  });
}
