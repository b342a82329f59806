import type { Broker, Delivery, Tap, TopicNames } from '../../broker/index.js';
import type { Line, Version } from '../../versions/index.js';
import { pause } from '../backoff.js';
import { copyOf, isCall, markOf, wasDelivered } from '../copies.js';
import { UnderWay } from '../under-way.js';
import type { FinishRequest } from '../wire/index.js';
import { InHand, type Acknowledging } from './in-hand.js';

/** Messages that are put back at one time: those that a dying process holds look half-done afterwards. */
const BATCH = 8;
/** A search that did not find all that it was sent for is not repeated before so many times the time that it took. */
const REST = 4;
/** How often it is looked whether others read by now what this server read, in ms. */
const LOOK = 250;
/** How long the broker may take to end a search, in ms. */
const STOP = 500;

/** What a finish lane works with. */
export interface FinishLaneParts {
  readonly broker: Broker;
  readonly names: TopicNames;
  /** The versions that this server reads. */
  readonly line: Line;
  /** Whether it has that request in hand already; its caller is told so. */
  assure(id: string): boolean;
  /** Whether the caller of that request has given up. */
  isCancelled(id: string): boolean;
  /** Serves a call that was taken off a lane. */
  take(delivery: Delivery, intake: InHand): void;
}

/**
 * What a server that is leaving still does for others: it takes the calls that they need to finish what they have in hand
 * off lanes that nobody reads any more. They are asked for by their ids, and each is fetched from the lane itself, so that
 * it is in one place at a time, and whoever reads the lane next finds only what was not asked for.
 */
export class FinishLane {
  readonly #parts: FinishLaneParts;
  readonly #wanted = new Map<Version, Set<string>>();
  readonly #notBefore = new Map<Version, number>();
  /** When somebody last said that he has work in hand. */
  #heard = performance.now();
  #taken = 0;
  #working: Promise<void> | undefined;
  /** Each search has a channel of its own, open until what it took is acknowledged. */
  readonly #taps = new Set<Tap>();
  #stopped = false;
  /** Fires when the broker takes too long to end a search. */
  readonly #enough = new AbortController();

  constructor(parts: FinishLaneParts) {
    this.#parts = parts;
  }

  /** Somebody has work in hand, and may wait for calls on a lane. */
  asked({ version, ids }: FinishRequest): void {
    if (this.#stopped) return;
    this.#heard = performance.now();
    if (!this.#parts.line.has(version)) return;
    const wanted = ids.filter((id) => !this.#parts.assure(id));
    if (wanted.length === 0) return;
    this.#wanted.set(version, new Set([...(this.#wanted.get(version) ?? []), ...wanted]));
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /**
   * Waits for more to do. Answers false once nobody has said anything for `linger` ms, or as soon as others read all that
   * this server read.
   */
  async more(linger: number, signal: AbortSignal): Promise<boolean> {
    const before = this.#taken;
    for (;;) {
      await this.#working;
      if (this.#taken > before) return true;
      const left = this.#heard + linger - performance.now();
      if (left <= 0 || signal.aborted || !(await this.#isMissed())) return false;
      await pause(Math.min(left, LOOK), signal);
    }
  }

  /** Takes nothing more. A search that the broker keeps waiting is left behind: what it holds goes back to its lane. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.race([this.#working, pause(STOP, this.#enough.signal)]);
    this.#enough.abort();
  }

  /** What was taken and is not acknowledged goes back to its lane. */
  async close(): Promise<void> {
    await Promise.all([...this.#taps].map((tap) => tap.close().catch(() => undefined)));
  }

  async #work(): Promise<void> {
    for (const [version, ids] of this.#wanted) {
      this.#wanted.delete(version);
      if (this.#stopped || performance.now() < (this.#notBefore.get(version) ?? 0)) continue;
      const start = performance.now();
      // What cannot be reached now is asked for again.
      await this.#search(version, ids).catch(() => undefined);
      if (ids.size > 0) this.#notBefore.set(version, performance.now() + REST * (performance.now() - start));
    }
  }

  /** Takes those calls off the lane, and puts what stands before them at its end. */
  async #search(version: Version, ids: Set<string>): Promise<void> {
    const { broker, names } = this.#parts;
    // Whoever reads the lane gets to them by himself.
    if (!(await this.#isUnread(version))) return;
    const lane = await broker.count(names.lane(version));
    if (!lane.known || lane.ready === 0) return;
    const tap = await broker.openTap();
    this.#taps.add(tap);
    const inHand = new InHand(acknowledgingBy(tap));
    try {
      await this.#lookThrough(names.lane(version), lane.ready, ids, tap, inHand);
    } finally {
      void inHand.empty().then(() => {
        this.#taps.delete(tap);
        return tap.close().catch(() => undefined);
      });
    }
  }

  async #lookThrough(lane: string, most: number, ids: Set<string>, tap: Tap, inHand: InHand): Promise<void> {
    const putting = new UnderWay();
    let failed = false;
    for (let left = most; left > 0 && ids.size > 0 && !this.#stopped && !failed; left--) {
      const delivery = await tap.get(lane);
      if (delivery === undefined) break;
      const id = delivery.messageId;
      if (id !== undefined && isCall(delivery) && ids.delete(id)) this.#take(delivery, id, inHand);
      else void putting.track(this.#putBack(tap, delivery).catch(() => void (failed = true)));
      if (left % BATCH === 0) await putting.settled();
    }
    await putting.settled();
  }

  #take(delivery: Delivery, id: string, inHand: InHand): void {
    this.#taken++;
    this.#heard = performance.now();
    inHand.took();
    this.#parts.take(delivery, inHand);
    // So that it is not asked for any more.
    this.#parts.assure(id);
  }

  /** Work that never started must not look half-done: it is published again, and only then acknowledged. */
  async #putBack(tap: Tap, delivery: Delivery): Promise<void> {
    const { broker, isCancelled } = this.#parts;
    if (delivery.messageId === undefined || !isCancelled(delivery.messageId)) {
      const copy = copyOf(delivery, delivery.queue, markOf(wasDelivered(delivery)));
      if ((await broker.publish(copy, this.#enough.signal)) === 'returned') return;
    }
    await tap.ack(delivery);
  }

  /** Whether some version that this server read is read by nobody now. */
  async #isMissed(): Promise<boolean> {
    for (const version of this.#parts.line.versions) if (await this.#isUnread(version)) return true;
    return false;
  }

  async #isUnread(version: Version): Promise<boolean> {
    const readers = await this.#parts.broker.count(this.#parts.names.rollAt(version));
    return readers.known && readers.consumers === 0;
  }
}

function acknowledgingBy(tap: Tap): Acknowledging {
  return {
    get open() {
      return tap.open;
    },
    // Where the channel is lost, the delivery is with the broker again.
    ack: (delivery) => void tap.ack(delivery).catch(() => undefined),
  };
}
