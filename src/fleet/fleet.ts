import { LynchpinError } from '../errors/index.js';
import type { Hold } from '../pin/index.js';
import {
  drain,
  type DrainProgress,
  type FleetDrainOptions,
  history,
  hold,
  release,
  type ActionOptions,
  type HistoryEntry,
  type HoldOptions,
  type ReleaseOptions,
} from './actions/index.js';
import { examine, type Diagnosis, type DoctorOptions } from './doctor/index.js';
import type { FleetParts } from './parts.js';
import { callRoll, type RollCall, type RollCallOptions } from './roll-call.js';

/** All processes of one namespace, as operators see them. `bus.fleet` is one. */
export class Fleet {
  readonly #parts: FleetParts;

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  /** Asks every process of the namespace what it is and does. Who is frozen or cut off does not answer. */
  rollCall(options: RollCallOptions = {}): Promise<RollCall> {
    return callRoll(this.#parts.broker, this.#parts.names, options);
  }

  /**
   * Looks for what would lose messages or spoil the census: rights, policies, kinds of queue, faults of the broker's release. What
   * it tries for that changes nothing, or is undone.
   * @throws LynchpinError `CONNECTION`.
   */
  async doctor(options: DoctorOptions = {}): Promise<Diagnosis> {
    return examine(this.#parts, { ...options, topics: [...(options.topics ?? []), ...(await this.#topics())] });
  }

  /**
   * Keeps the pins of every client of a topic from rising above a version, at once and until it is released.
   * @throws LynchpinError `INVALID` without a reason, `NO_SERVER` or `SPLIT` when no version is given and none is common,
   *   `NO_LEDGER`, `TIMEOUT`, `FORBIDDEN`, `CONNECTION`.
   */
  hold(topic: string, options: HoldOptions): Promise<Hold> {
    return hold(this.#parts, topic, options);
  }

  /**
   * Ends a hold of a topic, and answers which ended.
   * @throws LynchpinError `INVALID` when it is not clear which is meant, `NO_LEDGER`, `TIMEOUT`, `FORBIDDEN`, `CONNECTION`.
   */
  release(topic: string, options: ReleaseOptions): Promise<readonly Hold[]> {
    return release(this.#parts, topic, options);
  }

  /**
   * Tells a server to leave, by its name, and waits for its end. Its process goes on, and is not ready any more.
   * @throws LynchpinError `NO_SUCH_SERVER`, `TIMEOUT`, `FORBIDDEN`, `CONNECTION`.
   */
  drain(server: string, options: FleetDrainOptions = {}): Promise<readonly DrainProgress[]> {
    return drain(this.#parts, server, options);
  }

  /** Everything that the ledger of a topic has, the newest last, each with what became of it. @throws LynchpinError `TIMEOUT`, `CONNECTION`. */
  history(topic: string, options: Pick<ActionOptions, 'timeout'> = {}): Promise<readonly HistoryEntry[]> {
    return history(this.#parts, topic, options);
  }

  /** Of every process that answers; none where the account may not ask. */
  async #topics(): Promise<readonly string[]> {
    try {
      const { reports } = await this.rollCall();
      return reports.flatMap(({ servers, clients }) => [...servers, ...clients].map(({ topic }) => topic));
    } catch (error) {
      if (LynchpinError.is(error, 'FORBIDDEN')) return [];
      throw error;
    }
  }
}
