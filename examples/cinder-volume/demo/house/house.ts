import type { Actor, Part, Tell } from '../actor/index.js';

/** What stands on one queue. */
export interface Standing {
  /** What the queue is: the lane of a version, a server's own queue, or the dead letters. */
  readonly kind: 'lane' | 'own' | 'dead';
  /** The version of a lane, the name of a server; '' for the dead letters. */
  readonly of: string;
  /** How many wait for a server; what a server has in hand does not count. */
  readonly messages: number;
}

/** Where the play takes place: a broker, and a way to start servers and clients on it. */
export interface House {
  readonly kind: 'memory' | 'amqp';
  /** Starts a server or a client. */
  enact(part: Part, tell: Tell): Promise<Actor>;
  /** What waits on the queues of the topic now. */
  standing(): Promise<readonly Standing[]>;
  /** Takes everything down that is still there. */
  close(): Promise<void>;
}

const BASE = 'lynchpin.cinder-volume';

/** Says what a queue of the topic is; undefined for those on which nothing waits for work. */
export function standingOn(queue: string, messages: number): Standing | undefined {
  if (queue.startsWith(`${BASE}@`)) return { kind: 'lane', of: queue.slice(BASE.length + 1), messages };
  if (queue.startsWith(`${BASE}.server.`)) return { kind: 'own', of: queue.slice(`${BASE}.server.`.length), messages };
  if (queue === `${BASE}.dead`) return { kind: 'dead', of: '', messages };
  return undefined;
}
