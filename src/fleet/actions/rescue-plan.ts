import type { Count } from '../../broker/index.js';
import type { Version } from '../../versions/index.js';

/**
 * What is to become of what stands on a queue:
 *
 * - `convert`: from a lane that nobody reads to the one that is read.
 * - `return`: from the parked queue of a server to that server, in a version that it reads.
 * - `bury`: what a server was to have that is gone for good goes to the dead letters, and calls get their error.
 * - `leave`: it stays where it is.
 */
export type RescueFate = 'convert' | 'return' | 'bury' | 'leave';

/** A queue on which messages stand, and what is to become of them. */
export interface RescueItem {
  /** Its name at the broker. */
  readonly queue: string;
  /** A lane, or a server's own queue, or the queue of what that server could not read. */
  readonly kind: 'lane' | 'parked' | 'own';
  /** The version of a lane. */
  readonly version?: Version;
  /** The server of an own or a parked queue. */
  readonly server?: string;
  /** How many messages stood ready on it; undefined where that cannot be known. */
  readonly stood: number | undefined;
  /** What is to become of its messages. */
  readonly fate: RescueFate;
  /** Why, in words. */
  readonly why: string;
}

/** A lane as it was seen. */
export interface LaneSeen {
  readonly version: Version;
  readonly queue: string;
  readonly count: Count;
  /** How many servers read it; undefined where that cannot be known. */
  readonly readers: number | undefined;
}

/** The own or the parked queue of a server as it was seen. */
export interface LeftSeen {
  readonly server: string;
  readonly kind: 'parked' | 'own';
  readonly queue: string;
  readonly count: Count;
  /**
   * - `there`: it is a server of the topic now.
   * - `gone`: whoever asks says that it will not come back, and nothing contradicts that.
   * - `silent`: it is connected, or may be, and does not answer.
   * - `away`: it is not there, and nobody has said that it will not come back.
   */
  readonly is: 'there' | 'silent' | 'gone' | 'away';
}

/** What is known before anything is moved. */
export interface RescueFacts {
  readonly topic: string;
  /** The version that messages are moved to; undefined while nobody serves the topic, or nobody reads what the package knows. */
  readonly to: Version | undefined;
  /** The versions that the package can convert between. */
  readonly knows: readonly Version[];
  readonly lanes: readonly LaneSeen[];
  readonly left: readonly LeftSeen[];
}

/** Says what is to become of what stands where. Pure. Queues that are known to hold nothing, or to be read, are left out. */
export function planRescue({ topic, to, knows, lanes, left }: RescueFacts): readonly RescueItem[] {
  return [
    ...lanes
      .filter(({ count, readers = 0 }) => holdsAnything(count) && readers === 0)
      .map((lane) => ({ ...ofLane(lane, { topic, to, knows }), stood: stood(lane.count) })),
    ...left.filter(({ count, is, kind }) => holdsAnything(count) && !(kind === 'own' && is === 'there')).map(ofLeft),
  ];
}

function ofLane(
  { queue, version, readers, count }: LaneSeen,
  { topic, to, knows }: Pick<RescueFacts, 'topic' | 'to' | 'knows'>,
): Omit<RescueItem, 'stood'> {
  const item = { queue, kind: 'lane', version } as const;
  const leave = (why: string): Omit<RescueItem, 'stood'> => ({ ...item, fate: 'leave', why });
  if (!count.known) return leave(`what stands on it is not known (${count.reason})`);
  if (readers === undefined) return leave('who reads it is not known');
  if (!knows.includes(version)) return leave(`this package does not know ${version}: run it from one that does`);
  if (to === undefined) return leave(`no server of ${topic} reads anything that this package could convert it to`);
  return { ...item, fate: 'convert', why: `nobody reads ${version}; servers read ${to}` };
}

function ofLeft({ queue, kind, server, is, count }: LeftSeen): RescueItem {
  const item = { queue, kind, server, stood: stood(count) };
  if (!count.known) return { ...item, fate: 'leave', why: `what stands on it is not known (${count.reason})` };
  if (is === 'gone') return { ...item, fate: 'bury', why: `${server} is gone, and nobody else may run what it was to have` };
  if (is === 'there') return { ...item, fate: 'return', why: `${server} is there: it gets it in a version that it reads` };
  if (is === 'silent') return { ...item, fate: 'leave', why: `${server} is connected and does not answer` };
  return { ...item, fate: 'leave', why: `${server} is not there; if it will not come back, name it as gone` };
}

/** A queue that does not exist holds nothing; of one that cannot be asked nobody knows. */
function holdsAnything(count: Count): boolean {
  return count.known ? count.ready > 0 : count.reason !== 'missing';
}

function stood(count: Count): number | undefined {
  return count.known ? count.ready : undefined;
}
