import { fleetNamesOf, namesOf, type Broker } from '../broker/index.js';
import { Fleet, Steward, type FleetParts } from '../fleet/index.js';
import { Life, machineClock, Membership, TopicLedger } from '../pin/index.js';
import type { ClientReport, Contract, DrainOrder, InstanceReport, Server } from '../rpc/index.js';
import type { ConnectOptions } from './options.js';

/** What a process takes part in its fleet with. */
export interface ParticipationParts {
  readonly broker: Broker;
  /** What the process calls itself. */
  readonly name: string;
  readonly options: ConnectOptions;
  readonly maxMessageBytes: number;
  /** What it serves now. */
  servers(): readonly Server[];
  /** What is told of each of its clients. */
  clients(): readonly ClientReport[];
}

/** What one process is among the others of its namespace: its life, its memberships, the ledgers that it reads, and its view of all. */
export class Participation {
  readonly fleet: Fleet;
  readonly #parts: ParticipationParts;
  readonly #fleetParts: FleetParts;
  readonly #life: Life;
  readonly #ledgers = new Map<string, TopicLedger>();
  /** Every place in a topic, with the topic it is in. */
  readonly #places = new Map<Membership, string>();
  readonly #stewards = new Map<string, Steward>();
  readonly #started = machineClock.text();
  #count = 0;

  constructor(parts: ParticipationParts) {
    this.#parts = parts;
    const { broker, name, options, maxMessageBytes } = parts;
    const names = fleetNamesOf(options.namespace);
    const report = (): Omit<InstanceReport, 'instance' | 'lives'> => this.#report();
    this.#life = new Life(broker, names, name, report, (order) => this.#told(order));
    this.#fleetParts = {
      broker,
      names,
      namespace: options.namespace ?? 'lynchpin',
      topic: (topic) => namesOf(topic, options.namespace),
      ledger: (topic) => this.ledger(topic),
      maxMessageBytes,
      author: name,
      own: {
        life: this.#life,
        of: (topic) => [...this.#places].flatMap(([place, its]) => (its === topic && !place.left ? [place] : [])),
      },
    };
    this.fleet = new Fleet(this.#fleetParts);
  }

  /** The ledger of a topic, which all of the process shares. */
  ledger(topic: string): TopicLedger {
    let ledger = this.#ledgers.get(topic);
    if (ledger === undefined) {
      const names = namesOf(topic, this.#parts.options.namespace);
      ledger = new TopicLedger(this.#parts.broker, topic, names.ledger, names);
      this.#ledgers.set(topic, ledger);
    }
    return ledger;
  }

  /** A place in a topic for a server or a client of this process. @param author the name that people know it by. */
  place(role: 'server' | 'client', author: string, { topic, line }: Contract): Membership {
    const instance = `${this.#life.instance}/${++this.#count}`;
    const place = new Membership({ ledger: this.ledger(topic), life: this.#life, instance, role, author, line, clock: machineClock });
    this.#places.set(place, topic);
    return place;
  }

  /** The place is given up, or was never taken. */
  vacate(place: Membership): void {
    this.#places.delete(place);
  }

  /** Sees to it that finalizations of a topic which this process serves are finished, whoever began them. */
  steward(topic: string): void {
    if (!this.#stewards.has(topic)) this.#stewards.set(topic, new Steward(this.#fleetParts, this.ledger(topic)));
  }

  /** Begins no finalization any more. */
  async rest(): Promise<void> {
    await Promise.all([...this.#stewards.values()].map((steward) => steward.close()));
  }

  /** The life is over: from here on the process can be told to be gone. */
  async end(): Promise<void> {
    await this.#life.close();
    await Promise.all([...this.#ledgers.values()].map((ledger) => ledger.close()));
  }

  /** An operator has told a server of this process to leave. The process stays: it may have others. */
  #told({ server: name, topic }: DrainOrder): void {
    for (const server of this.#parts.servers())
      if (server.name === name && (topic === undefined || server.topic === topic)) void server.drain();
  }

  /** What this process says of itself in a roll call. */
  #report(): Omit<InstanceReport, 'instance' | 'lives'> {
    const { name, options, servers, clients } = this.#parts;
    const { service, build, release } = options;
    const serves = servers().map((server) => server.report);
    return { name, service, build, release, started: this.#started, servers: serves, clients: clients() };
  }
}
