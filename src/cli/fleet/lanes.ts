import type { Command } from 'commander';
import type { Lanes, LaneView, QueueView } from '../../fleet/index.js';
import type { Context } from '../command.js';
import { EXIT } from '../exit.js';
import type { Paint } from '../output/paint.js';
import { amountText } from './amounts.js';
import { fleetCommand, type FleetOptions } from './command.js';
import { managementOf } from './management.js';
import { show, type Section } from './show.js';
import { brokerOf, withFleet } from './with-fleet.js';

interface Options extends FleetOptions {
  readonly management?: string;
}

/** `lynchpin lanes`. */
export function lanesCommand(context: Context): Command {
  return fleetCommand({
    name: 'lanes',
    summary: 'show where messages wait: the lane of each version, queues of single servers, dead letters',
    description:
      "Counts are the broker's own; what somebody has in hand is not among them. How old a message is cannot be seen over AMQP without marking it as delivered before: the management API tells it, given --management, of casts on classic queues; of calls, and on quorum queues, it is not known. Exit codes: 0 nothing is wrong, 1 messages are dead, parked, or on a lane that no live server reads, 2 could not look, 3 nobody answers and no topic was named.",
    examples: [
      ['lynchpin lanes', 'of every topic that a process serves or calls'],
      ['lynchpin lanes volume', 'of volume alone'],
      ['lynchpin lanes volume --management http://rabbit:15672', 'and how old the oldest messages are'],
    ],
  })
    .argument('[topic]', 'whose lanes (default: those of every topic that a process serves or calls)')
    .option(
      '--management <url>',
      'ask the management API there how old messages are, with the account of the broker unless the address has its own',
    )
    .action((topic: string | undefined, options: Options) => look(topic, options, context));
}

async function look(topic: string | undefined, options: Options, context: Context): Promise<void> {
  const { timeout, format } = options;
  const management = options.management === undefined ? undefined : managementOf(brokerOf(options, context), options.management);
  const topics = await withFleet(context, options, async (fleet) => {
    const found: Lanes[] = [];
    // One after the other: they are asked for at one broker, over one channel.
    for (const one of topic === undefined ? await fleet.topics() : [topic]) found.push(await fleet.lanes(one, { timeout, management }));
    return found;
  });
  show(context, format, { data: { topics }, sections: (paint) => sectionsOf(topics, paint) });
  context.end(topics.length === 0 ? EXIT.unknown : topics.some(isWrong) ? EXIT.violations : EXIT.fine);
}

function isWrong({ lanes, queues }: Lanes): boolean {
  const buried = queues.some(({ kind, ready }) => kind !== 'own' && typeof ready === 'number' && ready > 0);
  return buried || lanes.some(({ stranded }) => stranded);
}

function sectionsOf(topics: readonly Lanes[], paint: Paint): readonly Section[] {
  if (topics.length === 0) return [{ text: ['No process answers, so no topic is known: name one.'] }];
  return topics.flatMap(({ topic, lanes, queues, noAges }) => [
    lanes.length === 0
      ? { title: topic, text: ['Nobody has ever joined it, as far as can be seen.'] }
      : {
          title: topic,
          table: {
            headings: ['lane', 'waiting', 'servers', 'consumers', 'sent by', 'oldest'],
            rows: lanes.map((lane) => laneRow(lane, paint)),
          },
        },
    ...(queues.length === 0
      ? []
      : [{ table: { headings: ['queue', 'of', 'waiting', 'consumers', 'oldest'], rows: queues.map((queue) => queueRow(queue, paint)) } }]),
    ...(noAges === undefined || !waits({ lanes, queues }) ? [] : [{ text: [`How old messages are is not known: ${noAges}.`] }]),
  ]);
}

function waits({ lanes, queues }: Pick<Lanes, 'lanes' | 'queues'>): boolean {
  return [...lanes, ...queues].some(({ ready }) => ready !== 0);
}

function laneRow({ version, ready, readers, consumers, clients, oldest, stranded }: LaneView, paint: Paint): readonly string[] {
  const waiting = stranded ? paint.red(`${amountText(ready)}, and nobody reads it`) : amountText(ready);
  return [version, waiting, amountText(readers), amountText(consumers), clients === 0 ? '' : several(clients), ageOf(ready, oldest)];
}

function queueRow({ kind, server = '', ready, consumers, oldest }: QueueView, paint: Paint): readonly string[] {
  const wrong = kind !== 'own' && typeof ready === 'number' && ready > 0;
  return [kind, server, wrong ? paint.red(amountText(ready)) : amountText(ready), amountText(consumers), ageOf(ready, oldest)];
}

/** Nothing waits, nothing is old. */
function ageOf(ready: LaneView['ready'], oldest: string | undefined): string {
  return ready === 0 ? '' : (oldest ?? '?');
}

function several(clients: number): string {
  return `${clients} client${clients === 1 ? '' : 's'}`;
}
