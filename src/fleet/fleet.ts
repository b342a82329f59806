import type { Broker, FleetNames, TopicNames } from '../broker/index.js';
import type { TopicLedger } from '../pin/index.js';
import { callRoll, type RollCall, type RollCallOptions } from './roll-call.js';

/** What a fleet is looked at and acted on with. */
export interface FleetParts {
  readonly broker: Broker;
  readonly names: FleetNames;
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
}
