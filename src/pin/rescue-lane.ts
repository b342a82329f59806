import type { Broker, Delivery, Tap, TopicNames } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import type { Version } from '../versions/index.js';
import { rescueChannel, type RescueEvent } from './events.js';
import { judge, type Convert, type Verdict } from './verdict.js';

/** One run over one stranded lane. */
export interface LaneRescue {
  readonly broker: Broker;
  readonly names: TopicNames;
  readonly from: Version;
  readonly to: Version;
  readonly convert: Convert;
  readonly forGood: boolean;
  readonly callLife: number;
  /** How many messages the run takes at most: those that stood on the lane when it began, so that none comes up twice. */
  readonly most: number;
  /** Asked before each batch: whether there is still nobody who reads the lane, and the pin is still where messages go. */
  readonly goOn: () => Promise<boolean>;
  /** Ends the run at once: what is in hand goes back to the lane. */
  readonly signal: AbortSignal;
}

/** What became of the messages of one lane. */
export type RescueCounts = Readonly<Record<Verdict['kind'], number>>;

/**
 * Messages in hand at one time. Few, because those that a dying process holds come back as redelivered; enough to hide
 * the time that a confirm takes.
 */
const BATCH = 8;

/**
 * Moves what stands on a stranded lane. Each message is fetched, its copy is published with confirm, and only then is the
 * original acknowledged: whoever dies in between leaves the message twice under one id, never not at all. Several
 * processes may do this at once; the broker gives each message to one of them.
 *
 * @throws what `publish` and `get` throw; what was fetched and not acknowledged is then back on the lane.
 */
export async function rescueLane(run: LaneRescue): Promise<RescueCounts> {
  const counts = { moved: 0, kept: 0, dead: 0, refused: 0 };
  const say = (phase: RescueEvent['phase'], cause?: unknown): void => {
    if (!rescueChannel.hasSubscribers) return;
    const event: RescueEvent = {
      topic: run.names.topic,
      phase,
      from: run.from,
      to: run.to,
      ...counts,
      ...(cause === undefined ? {} : { cause }),
    };
    rescueChannel.publish(event);
  };
  say('started');
  const tap = await run.broker.openTap();
  try {
    let left = run.most;
    while (left > 0 && !run.signal.aborted && (await run.goOn())) {
      const batch = await fetch(tap, run.names.lane(run.from), Math.min(BATCH, left));
      if (batch.length === 0) break;
      left -= batch.length;
      const kinds = await Promise.all(batch.map((message) => pass(tap, message, run)));
      for (const kind of kinds) counts[kind]++;
      say('progress');
    }
    say('finished');
    return counts;
  } catch (cause) {
    say('stopped', cause);
    throw cause;
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

async function pass(tap: Tap, message: Delivery, run: LaneRescue): Promise<Verdict['kind']> {
  const { broker, names, signal } = run;
  let verdict = judge(message, run);
  if (verdict.kind === 'dead') await broker.ensureQueue(names.dead);
  let fate = await broker.publish(verdict.copy, signal);
  if (fate === 'returned' && verdict.kind === 'moved') {
    // The lane that is read cannot take it now (its node may be down). At the end of its own lane it waits, unstarted.
    verdict = judge(message, { ...run, forGood: false, convert: () => ({ code: 'REJECTED', reason: '' }) });
    fate = await broker.publish(verdict.copy, signal);
  }
  // A caller that cannot be reached any more has been told by its own deadline. Anything else must stand somewhere.
  if (fate === 'returned' && verdict.kind !== 'refused')
    throw new LynchpinError('REJECTED', `no queue takes what stood on ${names.lane(run.from)}`, { from: run.from, to: run.to });
  await tap.ack(message);
  return verdict.kind;
}
