import type { Broker, Delivery, Tap } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import type { Verdict } from './verdict.js';

/** What became of the messages of one queue. */
export type RescueCounts = Readonly<Record<Verdict['kind'], number>>;

/** One run over one queue whose messages go elsewhere. */
export interface Moving {
  readonly broker: Broker;
  readonly queue: string;
  /** Where the dead letters are: made sure of before the first one. */
  readonly dead: string;
  /** How many messages the run takes at most: those that stood there when it began, so that none comes up twice. */
  readonly most: number;
  /** Says where a message goes. */
  judge(message: Delivery): Verdict;
  /** Says where one goes that could not be moved there now: back to the end of its queue. Without it the run ends. */
  instead?(message: Delivery): Verdict;
  /** Asked before each batch: whether all is as it was when the run began. */
  goOn(): Promise<boolean>;
  /** Told after each batch. */
  onBatch?(counts: RescueCounts): void;
  /** Ends the run at once: what is in hand goes back to the queue. */
  readonly signal: AbortSignal;
}

/**
 * Messages in hand at one time. Few, because those that a dying process holds come back as redelivered; enough to hide
 * the time that a confirm takes.
 */
const BATCH = 8;

/**
 * Moves what stands on a queue. Each message is fetched, its copy is published with confirm, and only then is the
 * original acknowledged: whoever dies in between leaves the message twice under one id, never not at all. Several
 * processes may do this at once; the broker gives each message to one of them.
 *
 * @throws what `publish` and `get` throw; what was fetched and not acknowledged is then back on the queue.
 */
export async function moveAll(moving: Moving): Promise<RescueCounts> {
  const counts = { moved: 0, kept: 0, dead: 0, refused: 0 };
  const tap = await moving.broker.openTap();
  try {
    let left = moving.most;
    while (left > 0 && !moving.signal.aborted && (await moving.goOn())) {
      const batch = await fetch(tap, moving.queue, Math.min(BATCH, left));
      if (batch.length === 0) break;
      left -= batch.length;
      const kinds = await Promise.all(batch.map((message) => pass(tap, message, moving)));
      for (const kind of kinds) counts[kind]++;
      moving.onBatch?.({ ...counts });
    }
    return counts;
  } finally {
    await tap.close().catch(() => undefined);
  }
}

async function fetch(tap: Tap, queue: string, most: number): Promise<Delivery[]> {
  const batch: Delivery[] = [];
  while (batch.length < most) {
    const message = await tap.get(queue);
    if (message === undefined) break;
    batch.push(message);
  }
  return batch;
}

async function pass(tap: Tap, message: Delivery, moving: Moving): Promise<Verdict['kind']> {
  const { broker, dead, queue, signal } = moving;
  let verdict = moving.judge(message);
  if (verdict.kind === 'dead') await broker.ensureQueue(dead);
  let fate = await broker.publish(verdict.copy, signal);
  if (fate === 'returned' && verdict.kind === 'moved' && moving.instead !== undefined) {
    verdict = moving.instead(message);
    fate = await broker.publish(verdict.copy, signal);
  }
  // A caller that cannot be reached any more has been told by its own deadline. Anything else must stand somewhere.
  if (fate === 'returned' && verdict.kind !== 'refused')
    throw new LynchpinError('REJECTED', `no queue takes what stood on ${queue}`, { queue, to: verdict.copy.routingKey });
  await tap.ack(message);
  return verdict.kind;
}
