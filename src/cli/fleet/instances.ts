import type { Command } from 'commander';
import type { InstanceView } from '../../fleet/index.js';
import type { Context } from '../command.js';
import { EXIT, type ExitCode } from '../exit.js';
import type { Paint } from '../output/paint.js';
import { rangeText } from './amounts.js';
import { fleetCommand, type FleetOptions } from './command.js';
import { show, type Section } from './show.js';
import { stateColour } from './status-text.js';
import { TOPIC_HELP } from './status.js';
import { withFleet } from './with-fleet.js';

interface Options extends FleetOptions {
  readonly topic?: readonly string[];
}

/** `lynchpin instances`. */
export function instancesCommand(context: Context): Command {
  return fleetCommand({
    name: 'instances',
    summary: 'list every process: what it is, serves and calls, and the pins that it holds',
    description:
      'Processes that answer tell it themselves. Of those that do not, the ledgers know what they have joined as, and the broker whether they are connected: "silent" is connected and does not answer (frozen, or cut off), "down" is not connected and has not left. Exit codes: 0 everybody answers or is down, 1 somebody is silent, 2 could not look, 3 nobody answers and no topic was named.',
    examples: [
      ['lynchpin instances', 'every process'],
      ['lynchpin instances --topic volume', 'those that have joined volume too, although none of them answers'],
    ],
  })
    .option('--topic <topic...>', TOPIC_HELP)
    .action(async (options: Options) => {
      const { topic: topics = [], timeout, format } = options;
      const instances = await withFleet(context, options, (fleet) => fleet.instances({ topics, timeout }));
      show(context, format, { data: { instances }, sections: (paint) => sectionsOf(instances, paint) });
      context.end(codeOf(instances, topics));
    });
}

function codeOf(instances: readonly InstanceView[], topics: readonly string[]): ExitCode {
  if (instances.length === 0 && topics.length === 0) return EXIT.unknown;
  return instances.some(({ attendance }) => attendance === 'silent') ? EXIT.violations : EXIT.fine;
}

function sectionsOf(instances: readonly InstanceView[], paint: Paint): readonly Section[] {
  if (instances.length === 0) return [{ text: ['No process answers; --topic names a topic whose ledger knows who has joined.'] }];
  const headings = ['name', 'state', 'service', 'build', 'release', 'serves', 'calls', 'in flight', 'started', 'instance'];
  return [{ table: { headings, rows: instances.map((instance) => row(instance, paint)) } }];
}

/** One line for each server and each client of a process. */
function row(instance: InstanceView, paint: Paint): readonly string[] {
  const { name, attendance, service = '', build = '', release = '', started = '', servers, clients } = instance;
  const serves = servers.map((one) => `${one.topic} as ${one.server}: ${rangeText(one)}${one.state === undefined ? '' : `, ${one.state}`}`);
  const calls = clients.map(
    (one) => `${one.topic}: ${rangeText(one)}${one.pin === undefined ? '' : `, sends ${one.pin.version} (${one.pin.state})`}`,
  );
  const state = attendance === 'unknown' ? 'not known' : attendance;
  const cells = [service, build, release, serves.join('\n'), calls.join('\n'), inFlight(instance), started, instance.instance];
  return [name, stateColour(state, paint)(state), ...cells];
}

/** Handlers, and what waits for them, and calls; nothing of those who do not answer. */
function inFlight({ attendance, servers, clients }: InstanceView): string {
  if (attendance !== 'here') return '?';
  const served = servers.reduce((sum, { running = 0, waiting = 0 }) => sum + running + waiting, 0);
  return String(served + clients.reduce((sum, one) => sum + (one.inFlight ?? 0), 0));
}
