import type { Class } from '../../objects/index.js';
import { judgeLeft, moveAll, rescueLane, type Convert, type RescueCounts } from '../../pin/index.js';
import { Contract, convertRequest, pause, whichever } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';
import type { FleetParts } from '../parts.js';
import { alone } from './alone.js';
import { mustBeKnown } from './known.js';
import { planRescue, type RescueItem } from './rescue-plan.js';
import { bounded, record, type ActionOptions } from './said.js';
import { readersOf, survey } from './survey.js';

/** How far the rescue of one queue is. */
export interface RescueProgress extends RescueItem {
  /** How many were moved to where they are read. */
  readonly moved: number;
  /** How many went to the dead letters, each with its reason. */
  readonly dead: number;
  /** How many calls were answered with their error. */
  readonly refused: number;
  /** How many were put back where they stood. */
  readonly kept: number;
}

/** What a rescue came to. */
export interface RescueReport {
  /** The topic of the contract. */
  readonly topic: string;
  /** The version that messages are moved to; undefined while nobody serves the topic. */
  readonly to: Version | undefined;
  /** Every queue on which messages stood, and what became of them. */
  readonly queues: readonly RescueProgress[];
}

/** How a rescue is done. */
export interface FleetRescueOptions extends ActionOptions {
  /** Only says what stands where and what would become of it, by counts: nothing is taken, nothing is marked. */
  readonly dryRun?: boolean;
  /** Servers that will not come back: what they were to have goes to the dead letters. */
  readonly gone?: readonly string[];
  /**
   * How long a message that fits no version that is read waits for its readers to return, in ms; after that a cast goes to the
   * dead letters and a call gets its error. Default 10,000.
   */
  readonly patience?: number;
  /** Told as it goes on. */
  readonly onProgress?: (progress: RescueProgress) => void;
  /** Ends it early: what is in hand is seen through, so that nothing is marked as delivered, and the report tells how far it came. */
  readonly signal?: AbortSignal;
}

const MAX_MESSAGE_BYTES = 8 * 2 ** 20;
const NONE: RescueCounts = { moved: 0, dead: 0, refused: 0, kept: 0 };
/** A lane must be seen without readers twice, so far apart, in ms. */
const GRACE = 250;
/** How long the copy of a call lives at most, in ms. */
const CALL_LIFE = 10_000;
/** How many times a lane is gone through: whoever has not noticed yet that its readers are gone may still send to it. */
const ROUNDS = 5;

/**
 * Moves what nobody reads any more, from a process that need not serve nor call: messages on lanes without readers, on the parked
 * queues of servers that are there, and what was sent to servers that are gone for good. Each message is handled once, or
 * stands with the dead letters.
 * @param api the contract, of a package that knows the versions in question.
 * @throws LynchpinError `DECLARATION`, `NO_SERVER`, `NAME_IN_USE` while somebody else is at it, `CONNECTION`, `FORBIDDEN`, `TIMEOUT`.
 */
export async function rescue(parts: FleetParts, api: Class, options: FleetRescueOptions = {}): Promise<RescueReport> {
  const contract = Contract.of(api);
  const { topic } = contract;
  await mustBeKnown(parts, topic);
  const look = (): ReturnType<typeof survey> =>
    bounded(`looking at ${topic}`, options, (signal) => survey(parts, contract, options.gone ?? [], signal));
  if (options.dryRun === true) {
    const { facts } = await look();
    return { topic, to: facts.to, queues: planRescue(facts).map((item) => ({ ...item, ...NONE })) };
  }
  return alone(parts, topic, async (lost) => {
    const { facts, muster } = await look();
    const seen = performance.now();
    const { broker, maxMessageBytes = MAX_MESSAGE_BYTES } = parts;
    const names = parts.topic(topic);
    const convert: Convert = (message, to) => convertRequest(contract, message, to, maxMessageBytes);
    const either = options.signal && whichever(lost, options.signal);
    const waiting = either?.signal ?? lost;
    const stopped = (): boolean => options.signal?.aborted === true;
    const queues: RescueProgress[] = [];
    try {
      for (const item of planRescue(facts)) {
        const tell = (counts: RescueCounts): void => options.onProgress?.({ ...item, ...counts });
        let counts = NONE;
        if (item.fate !== 'leave' && !stopped()) {
          await bounded('the ledger', options, (enough) => record(parts, topic, { what: 'rescue', target: item.queue }, options, enough));
          if (item.version !== undefined && facts.to !== undefined) counts = await lane(item.version, facts.to, tell);
          else if (item.server !== undefined) counts = await left(item, item.server, tell);
          lost.throwIfAborted();
        }
        queues.push({ ...item, ...counts });
      }
      return { topic, to: facts.to, queues };
    } finally {
      either?.release();
    }

    async function lane(from: Version, to: Version, tell: (counts: RescueCounts) => void): Promise<RescueCounts> {
      await pause(seen + GRACE - performance.now(), waiting);
      let sum = NONE;
      const goOn = async (): Promise<boolean> =>
        !stopped() && (await readersOf(parts, topic, from)) === 0 && ((await readersOf(parts, topic, to)) ?? 0) > 0;
      const common = { broker, names, from, to, convert, callLife: CALL_LIFE, goOn, signal: lost } as const;
      for (let round = 0; round < ROUNDS && !waiting.aborted; round++) {
        const count = await broker.count(names.lane(from));
        if (!count.known || count.ready === 0) break;
        const forGood = performance.now() - seen >= (options.patience ?? 10_000);
        // Those that were put back earlier are there again.
        const before = { ...sum, kept: 0 };
        const counts = await rescueLane({ ...common, forGood, most: count.ready, onBatch: (now) => tell(plus(before, now)) });
        sum = plus(before, counts);
        if (counts.moved + counts.dead + counts.refused + counts.kept === 0) break;
        if (counts.kept > 0) await pause(seen + (options.patience ?? 10_000) - performance.now(), waiting);
      }
      return sum;
    }

    /** From the own or the parked queue of one server. */
    async function left(
      { queue, stood = 0, fate }: RescueItem,
      server: string,
      tell: (counts: RescueCounts) => void,
    ): Promise<RescueCounts> {
      const reads = muster.servers.filter((one) => one.server === server).flatMap(({ versions }) => versions);
      const rules = {
        names,
        server,
        queue,
        convert,
        reads: fate === 'bury' ? undefined : reads,
        knows: (version: Version) => contract.line.has(version),
      };
      // Whoever was gone may have come after all: then it reads its own queue itself.
      const goOn = async (): Promise<boolean> => {
        const own = await broker.count(names.server(server));
        return !stopped() && (fate === 'return' || !own.known || own.consumers === 0);
      };
      return moveAll({
        broker,
        queue,
        dead: names.dead,
        most: stood,
        judge: (message) => judgeLeft(message, rules),
        goOn,
        onBatch: tell,
        signal: lost,
      });
    }
  });
}

function plus(one: RescueCounts, other: RescueCounts): RescueCounts {
  return {
    moved: one.moved + other.moved,
    dead: one.dead + other.dead,
    refused: one.refused + other.refused,
    kept: one.kept + other.kept,
  };
}
