import type { Version } from '../../versions/index.js';
import type { Heads, Management } from '../doctor/index.js';
import { consumersOf, factsOf, readyOf, type Amount, type FleetFacts, type TopicFacts } from './facts.js';
import { countOf, pinsOf, sceneOf } from './scene.js';

/** Options of looking at lanes. */
export interface LanesOptions {
  /** The longest that it takes, in ms; what is not known by then is unknown. Default 10,000. */
  readonly timeout?: number | undefined;
  /** The management API of the broker, which alone tells how old messages are. Default: that is not asked. */
  readonly management?: Management | undefined;
}

/** The lane of one version. */
export interface LaneView {
  /** Which it is. */
  readonly version: Version;
  /** The name of its queue. */
  readonly queue: string;
  /** How many messages wait on it. What somebody has in hand is not among them. */
  readonly ready: Amount;
  /** How many servers read the version, by the broker's count. */
  readonly readers: Amount;
  /** How many consume the queue. */
  readonly consumers: Amount;
  /** How many clients that answer send this version now. */
  readonly clients: number;
  /** When the message at its head was sent, by its sender's clock, ISO 8601; undefined where that is not known, as of calls. */
  readonly oldest: string | undefined;
  /** Whether messages stand on it that no live server reads. */
  readonly stranded: boolean;
}

/** A queue of a topic that is no lane. */
export interface QueueView {
  /** The name of the queue. */
  readonly queue: string;
  /** `own`: what was sent to one server, or to all. `parked`: what it could not read. `dead`: what nobody may run. */
  readonly kind: 'own' | 'parked' | 'dead';
  /** Whose it is. */
  readonly server: string | undefined;
  /** How many messages wait on it. */
  readonly ready: Amount;
  /** How many consume it. */
  readonly consumers: Amount;
  /** When the message at its head was sent, by its sender's clock, ISO 8601; undefined where that is not known, as of calls. */
  readonly oldest: string | undefined;
}

/** Where the messages of a topic stand. */
export interface Lanes {
  /** Its name. */
  readonly topic: string;
  /** How many servers there are, by the broker's count. */
  readonly servers: Amount;
  /** The newest version first. */
  readonly lanes: readonly LaneView[];
  /** The dead letters, then what each server has for itself. Queues that do not exist are left out. */
  readonly queues: readonly QueueView[];
  /** Why nothing is known of how old messages are; undefined where the management API has told it. */
  readonly noAges: string | undefined;
}

const UNASKED: Heads = { known: false, why: 'the management API was not asked' };
const NOTHING: ReadonlyMap<string, string> = new Map();

/** What names the queues of a topic. */
export interface LaneNames {
  readonly topic: string;
  readonly dead: string;
  lane(version: Version): string;
  server(name: string): string;
  parked(name: string): string;
}

/**
 * Says where the messages of a topic stand. Pure.
 * @param heads when the message at the head of each queue was sent, where that was asked.
 */
export function lanesOf(fleet: FleetFacts, names: LaneNames, heads: Heads = UNASKED): Lanes {
  const oldest = heads.known ? heads.sent : NOTHING;
  const facts = factsOf(fleet, names.topic);
  const pins = pinsOf(sceneOf(fleet, facts));
  const there = countOf(facts.roll) !== 0;
  const lanes = facts.versions.map((version): LaneView => {
    const lane = facts.lanes.get(version);
    const readers = countOf(facts.readers.get(version));
    const queue = names.lane(version);
    return {
      version,
      queue,
      ready: readyOf(lane),
      readers: consumersOf(facts.readers.get(version)),
      consumers: consumersOf(lane),
      clients: pins.filter((pin) => pin.version === version).reduce((sum, pin) => sum + pin.clients, 0),
      oldest: oldest.get(queue),
      stranded: there && readers === 0 && lane?.known === true && lane.ready > 0,
    };
  });
  const view = (
    kind: QueueView['kind'],
    queue: string,
    count: TopicFacts['dead'] | undefined,
    server: string | undefined,
  ): readonly QueueView[] =>
    count === undefined || (!count.known && count.reason === 'missing')
      ? []
      : [{ queue, kind, server, ready: readyOf(count), consumers: consumersOf(count), oldest: oldest.get(queue) }];
  const queues = [
    ...view('dead', names.dead, facts.dead, undefined),
    ...facts.queues.flatMap(({ server, own, parked }) => [
      ...view('own', names.server(server), own, server),
      ...view('parked', names.parked(server), parked, server),
    ]),
  ];
  const noAges = heads.known ? undefined : heads.why;
  return { topic: facts.topic, servers: consumersOf(facts.roll), lanes: lanes.reverse(), queues, noAges };
}
