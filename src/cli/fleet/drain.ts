import type { Command } from 'commander';
import type { DrainProgress } from '../../fleet/index.js';
import type { Context } from '../command.js';
import { EXIT } from '../exit.js';
import { Progress } from '../output/progress.js';
import { actionCommand, durationOption, type ActionOptions } from './command.js';
import { authorOf, confirm } from './confirm.js';
import { show } from './show.js';
import { withFleet } from './with-fleet.js';

interface Options extends ActionOptions {
  readonly topic?: string;
  readonly wait: number;
}

/** How long its end is waited for. */
const WAIT = '1m';

/** `lynchpin drain`. */
export function drainCommand(context: Context): Command {
  return actionCommand({
    name: 'drain',
    summary: 'take one server out: it finishes what it has in hand, gives back the rest, and leaves',
    description:
      'Waits for its end. The process goes on, and is not ready any more; it serves again when it is started anew. Exit codes: 0 it has left, 1 its process was gone before, 2 it is not there, or takes longer.',
    examples: [
      ['lynchpin drain volume-1', 'wherever it serves under that name'],
      ['lynchpin drain volume-1 --topic volume --reason "host maintenance"', 'in one topic only'],
    ],
    reason: 'optional',
  })
    .argument('<server>', 'the name that callers address it by')
    .option('--topic <topic>', 'where it leaves')
    .addOption(durationOption('--wait <time>', 'how long to wait for its end', WAIT))
    .action((server: string, options: Options) => act(server, options, context));
}

async function act(server: string, options: Options, context: Context): Promise<void> {
  const { topic, reason, wait, format } = options;
  await withFleet(context, options, async (fleet) => {
    await confirm(context, `Take ${server} out${topic === undefined ? '' : ` of ${topic}`}?`, options);
    const progress = new Progress(context.terminal);
    try {
      const ended = await fleet.drain(server, {
        timeout: wait,
        author: authorOf(options, context),
        onProgress: (now) => progress.say(words(now)),
        ...(topic === undefined ? {} : { topic }),
        ...(reason === undefined ? {} : { reason }),
      });
      progress.end();
      show(context, format, { data: { server, ended }, sections: () => [{ text: ended.map((one) => `${words(one)}.`) }] });
      context.end(ended.every(({ state }) => state === 'left') ? EXIT.fine : EXIT.violations);
    } finally {
      progress.end();
    }
  });
}

function words({ server, topic, state, running, waiting }: DrainProgress): string {
  switch (state) {
    case 'left':
      return `${server} has left ${topic}`;
    case 'gone':
      return `${server} is gone from ${topic}: its process ended, and what it had in hand is with the broker again`;
    default:
      return `${server} is ${state} in ${topic}: ${running} running, ${waiting} waiting`;
  }
}
