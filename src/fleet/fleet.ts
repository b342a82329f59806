import type { Broker, FleetNames, TopicNames } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import type { TopicLedger } from '../pin/index.js';
import { examine, type Diagnosis, type DoctorOptions } from './doctor/index.js';
import { callRoll, type RollCall, type RollCallOptions } from './roll-call.js';

/** What a fleet is looked at and acted on with. */
export interface FleetParts {
  readonly broker: Broker;
  readonly names: FleetNames;
  readonly namespace: string;
  /** The names of what a topic has on the broker. */
  topic(topic: string): TopicNames;
  /** The ledger of a topic, followed from the first time that somebody asks. */
  ledger(topic: string): TopicLedger;
  /** Who acts, where an action does not say. */
  readonly author: string;
}

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
