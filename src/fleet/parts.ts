import type { Broker, FleetNames, TopicNames } from '../broker/index.js';
import type { OwnPart } from './finalizing/index.js';
import type { Clock, TopicLedger } from '../pin/index.js';

/** What a fleet is looked at and acted on with. */
export interface FleetParts {
  readonly broker: Broker;
  readonly names: FleetNames;
  readonly namespace: string;
  /** The names of what a topic has on the broker. */
  topic(topic: string): TopicNames;
  /** The ledger of a topic, followed from the first time that somebody asks. */
  ledger(topic: string): TopicLedger;
  /** How long a message may be that is converted, in bytes. Default 8 MiB. */
  readonly maxMessageBytes?: number;
  /** The topics in which this process moves or deletes what was left over at this moment. */
  readonly salvaging?: Set<string>;
  /** Who acts, where an action does not say. */
  readonly author: string;
  /** By which it is judged whether somebody is gone. Default: the machine's own. */
  readonly clock?: Clock;
  /** What the process takes part in itself; unset for one that only looks. */
  readonly own?: OwnPart;
}
