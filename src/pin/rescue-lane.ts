import type { Broker, TopicNames } from '../broker/index.js';
import type { Version } from '../versions/index.js';
import { rescueChannel, type RescueEvent } from './events.js';
import { moveAll, type RescueCounts } from './moving.js';
import { judge, type Convert } from './verdict.js';

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
  /** Told after each batch what became of all so far. */
  readonly onBatch?: (counts: RescueCounts) => void;
  /** Ends the run at once: what is in hand goes back to the lane. */
  readonly signal: AbortSignal;
}

/**
 * Moves what stands on a stranded lane to the lane that is read.
 * @throws what `publish` and `get` throw; what was fetched and not acknowledged is then back on the lane.
 */
export async function rescueLane(run: LaneRescue): Promise<RescueCounts> {
  let counts: RescueCounts = { moved: 0, kept: 0, dead: 0, refused: 0 };
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
  try {
    await moveAll({
      broker: run.broker,
      queue: run.names.lane(run.from),
      dead: run.names.dead,
      most: run.most,
      judge: (message) => judge(message, run),
      // The lane that is read cannot take it now (its node may be down). At the end of its own lane it waits, unstarted.
      instead: (message) => judge(message, { ...run, forGood: false, convert: () => ({ code: 'REJECTED', reason: '' }) }),
      goOn: run.goOn,
      onBatch: (now) => {
        counts = now;
        say('progress');
        run.onBatch?.(now);
      },
      signal: run.signal,
    });
    say('finished');
    return counts;
  } catch (cause) {
    say('stopped', cause);
    throw cause;
  }
}
