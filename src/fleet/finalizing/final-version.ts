import { randomUUID } from 'node:crypto';
import { LynchpinError } from '../../errors/index.js';
import { machineClock, type Clock, type Life, type Membership, type Prepared, type TopicLedger } from '../../pin/index.js';
import { pause, unlessAborted } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';
import type { FleetParts } from '../parts.js';
import { Epoch } from './epoch.js';
import { Lease } from './lease.js';
import { showable } from './showable.js';

/** Options of `bus.fleet.finalVersion`. */
export interface FinalVersionOptions {
  /**
   * How long it waits for a finalization that is under way before it gives that up, in ms. Default 5,000. For what it
   * needs the broker for it takes as long again at most.
   */
  readonly within?: number;
}

/** What a process takes part in itself. */
export interface OwnPart {
  readonly life: Life;
  /** Its places in a topic, also those that it has lost and wants back. */
  of(topic: string): readonly Membership[];
}

const WITHIN = 5_000;
/** However short that is, the ledger may take so long to answer, in ms. */
const LEAST = 1_000;
/** How often it is looked whether the place is there again, in ms. */
const PACE = 20;

/** Answers what is final, such that no process answers less once any other has answered more. */
export class FinalVersions {
  readonly #parts: FleetParts;
  readonly #own: OwnPart;
  readonly #lease: Lease;
  readonly #clock: Clock;
  /** One for each finalization, however many wait for it. */
  readonly #abandoning = new Map<string, Promise<void>>();

  constructor(parts: FleetParts, own: OwnPart) {
    this.#parts = parts;
    this.#own = own;
    this.#clock = parts.clock ?? machineClock;
    this.#lease = new Lease(parts.broker, own.life, this.#clock);
  }

  async of(topic: string, { within = WITHIN }: FinalVersionOptions): Promise<Version | undefined> {
    if (!(within >= 0)) throw new LynchpinError('INVALID', `within must be at least 0 ms, got ${within}`, { within });
    const limit = Math.min(within + Math.max(within, LEAST), 2 ** 31 - 1);
    const signal = AbortSignal.timeout(limit);
    const ledger = this.#parts.ledger(topic);
    const patience = this.#clock.now() + within;
    let why = 'the ledger could not be read';
    try {
      for (;;) {
        const mine = this.#places(topic);
        if (!(await ledger.ready(signal)).supported) return undefined;
        why = 'the broker does not say that this process is connected';
        const alive = await this.#lease.renewed(signal);
        const found = showable(
          ledger.state,
          mine.flatMap(({ member }) => member ?? []),
          alive.queue,
        );
        // Nothing is waited for between this question and the answer.
        if (found.kind === 'shown' && this.#lease.holds(alive)) return found.version;
        if (found.kind === 'unreadable') throw unreadable(topic);
        signal.throwIfAborted();
        if (found.kind === 'undecided') {
          why = `${found.prepared.version} is being finalized, and could not be given up`;
          await this.#decided(ledger, found.prepared, patience, signal);
        } else {
          why = 'this process could not join the topic again';
          await pause(PACE, signal);
        }
      }
    } catch (error) {
      if (!signal.aborted || LynchpinError.is(error)) throw error;
      throw new LynchpinError(
        'TIMEOUT',
        `what is final on topic ${topic} could not be told within ${limit} ms: ${why}`,
        { topic, within },
        { cause: error },
      );
    }
  }

  /** @throws LynchpinError `INVALID` when there is none, `TOO_OLD` when all were refused. */
  #places(topic: string): readonly Membership[] {
    const places = this.#own.of(topic);
    const left = places.filter(({ refusal }) => refusal === undefined);
    if (left.length > 0) return left;
    const refusal = places[0]?.refusal;
    if (refusal !== undefined) throw refusal;
    throw new LynchpinError(
      'INVALID',
      `only a member of topic ${topic} can tell what is final for everyone: open a client or a server of it in this process first`,
      { topic },
    );
  }

  /** Waits for what comes of a finalization; gives it up when that takes too long. */
  async #decided(ledger: TopicLedger, { epoch: at, version }: Prepared, patience: number, signal: AbortSignal): Promise<void> {
    const left = patience - this.#clock.now();
    if (left <= 0) return this.#abandon(ledger, at, version, signal);
    const epoch = new Epoch(ledger, at);
    try {
      await epoch.change(left, signal);
    } finally {
      epoch.close();
    }
  }

  /** Gives a finalization up, and reads that back: what is final then is what the log says. */
  async #abandon(ledger: TopicLedger, epoch: number, version: Version, signal: AbortSignal): Promise<void> {
    const key = `${ledger.topic}@${epoch}`;
    let abandoning = this.#abandoning.get(key);
    if (abandoning === undefined) {
      const reason = `${version} was undecided for so long that users would have had to wait`;
      const entry = { kind: 'abort', id: randomUUID(), author: this.#parts.author, reason, at: this.#clock.text(), epoch } as const;
      abandoning = ledger
        .append(entry, AbortSignal.timeout(LEAST))
        .then(
          () => undefined,
          // Not in time: whoever waits still looks again.
          (error: unknown) => {
            if (LynchpinError.is(error)) throw error;
          },
        )
        .finally(() => this.#abandoning.delete(key));
      this.#abandoning.set(key, abandoning);
    }
    await unlessAborted(abandoning, signal);
  }
}

function unreadable(topic: string): LynchpinError {
  return new LynchpinError(
    'PROTOCOL',
    `the ledger of topic ${topic} has an entry that this build does not understand, so it cannot tell what is final: deploy a newer build`,
    { topic },
  );
}
