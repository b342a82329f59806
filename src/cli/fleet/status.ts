import type { Command } from 'commander';
import type { FleetStatus } from '../../fleet/index.js';
import type { Context } from '../command.js';
import { EXIT, type ExitCode } from '../exit.js';
import { inkFor } from './bars.js';
import { fleetCommand, type FleetOptions } from './command.js';
import { show } from './show.js';
import { statusSections } from './status-text.js';
import { withFleet } from './with-fleet.js';

interface Options extends FleetOptions {
  readonly topic?: readonly string[];
}

/** What `--topic` says of itself, wherever it is. */
export const TOPIC_HELP = 'a topic to look at besides those of the processes that answer: one whose processes are all down, for example';

/** `lynchpin status`. */
export function statusCommand(context: Context): Command {
  return fleetCommand({
    name: 'status',
    summary: 'show how everything is: services by version, pins, holds, what is final, what waits',
    description:
      'A bar for each version shows how many of the servers read it; a mark shows what clients send. What is not known is shown as "?", never as zero; "-" is a queue that does not exist. Exit codes: 0 nothing is wrong (a pin may be held), 1 somebody has to do something, 2 could not look, 3 nobody answers and no topic was named.',
    examples: [
      ['lynchpin status', 'every topic that a process serves or calls'],
      ['lynchpin status --topic volume', 'volume too, although all its processes are down'],
      ['lynchpin status --json', 'the same for programs'],
    ],
  })
    .option('--topic <topic...>', TOPIC_HELP)
    .action(async (options: Options) => {
      const { topic: topics = [], timeout, format } = options;
      const status = await withFleet(context, options, (fleet) => fleet.status({ topics, timeout }));
      const ink = inkFor(context.terminal.out.terminal, context.terminal.env);
      show(context, format, { data: status, sections: (paint) => statusSections(status, ink, paint) });
      context.end(codeOf(status));
    });
}

function codeOf({ verdict, topics }: FleetStatus): ExitCode {
  if (verdict === 'wrong') return EXIT.violations;
  return topics.length === 0 ? EXIT.unknown : EXIT.fine;
}
