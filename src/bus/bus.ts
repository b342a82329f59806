import { hostname } from 'node:os';
import { fleetNamesOf, namesOf, type Broker, type BrokerState, type TopicNames } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import type { Class } from '../objects/index.js';
import { Fleet, Steward, type FleetParts } from '../fleet/index.js';
import {
  Attendance,
  capOf,
  Life,
  machineClock,
  Membership,
  negotiate,
  Rescue,
  StrandedGate,
  TopicLedger,
  type Convert,
  type Negotiation,
} from '../pin/index.js';
import {
  Client,
  Contract,
  convertRequest,
  pause,
  Post,
  Server,
  Topology,
  type ClientReport,
  type DrainBounds,
  type DrainOrder,
  type Implements,
  type InstanceReport,
  type Pin,
  type RpcClient,
  type ServeOptions,
} from '../rpc/index.js';
import type { Version } from '../versions/index.js';
import { checkDrift, recordingOf } from './drift.js';
import type { ClientOptions, ConnectOptions } from './options.js';
import { PinSettings, pinVariable, type PinChange } from './pins.js';

const MAX_MESSAGE_BYTES = 8 * 2 ** 20;
const CLOSE_TIMEOUT = 5_000;
/** How long a client that starts waits to be admitted, in ms; after that it goes on asking, and sends at its floor. */
const ADMITTED = 2_000;

const NOTHING: ReadonlyMap<Version, number> = new Map();

/** A client of a bus, as it is told of from outside. */
export interface ClientView {
  /** What it calls. */
  readonly topic: string;
  /** The version that it sends at now, and why. */
  readonly pin: Pin;
  /** How many messages stand on each lane that nobody reads, as far as the last check knows. */
  readonly stranded: ReadonlyMap<Version, number>;
}

/** One process's connection to the broker, and everything that it serves and calls over it. Made by {@link connect}. */
export class Bus {
  /** What this process calls itself. */
  readonly name: string;
  readonly #broker: Broker;
  readonly #options: ConnectOptions;
  readonly #post: Post;
  readonly #contracts = new Map<Class, Contract>();
  readonly #comparisons = new Map<Contract, Promise<void>>();
  readonly #servers = new Set<Server>();
  /** Those that are open, and what is told of each from outside. */
  readonly #clients = new Map<Client<unknown>, ClientView & { readonly report: ClientReport }>();
  readonly #ledgers = new Map<string, TopicLedger>();
  readonly #pinSettings = new PinSettings();
  readonly #life: Life;
  readonly #started = machineClock.text();
  #participants = 0;
  #fleet: Fleet | undefined;
  /** Every place in a topic, with the topic it is in. */
  readonly #places = new Map<Membership, string>();
  readonly #stewards = new Map<string, Steward>();
  /** Of clients on their way: closing does not leave them behind. */
  readonly #negotiating = new Set<Negotiation>();
  #closing: Promise<void> | undefined;
  #closed = false;
  #tellClosed!: () => void;
  /** Resolves once it has been closed. */
  readonly closed = new Promise<void>((resolve) => {
    this.#tellClosed = resolve;
  });

  constructor(broker: Broker, name: string, options: ConnectOptions) {
    this.name = name;
    this.#broker = broker;
    this.#options = options;
    this.#post = new Post(broker, name, options.maxMessageBytes ?? MAX_MESSAGE_BYTES, options.trace);
    this.#life = new Life(
      broker,
      fleetNamesOf(options.namespace),
      name,
      () => this.#report(),
      (order) => this.#told(order),
    );
  }

  /** The broker's address, without credentials. */
  get address(): string {
    return this.#broker.address;
  }

  /** Whether the broker can be reached now. */
  get state(): BrokerState {
    return this.#broker.state;
  }

  /** What this bus serves. */
  get servers(): readonly Server[] {
    return [...this.#servers];
  }

  /** What this bus calls: the clients that are open, each with its pin and what is stranded. */
  get clients(): readonly ClientView[] {
    return [...this.#clients.values()];
  }

  /** All processes of this namespace, to look at and to act on. */
  get fleet(): Fleet {
    return (this.#fleet ??= new Fleet(this.#parts));
  }

  /** Whether it is connected and each of its servers is on the roll: what a readiness probe asks. */
  get ready(): boolean {
    if (this.#closing !== undefined || this.#broker.state !== 'up') return false;
    return this.servers.every(({ state }) => state === 'serving');
  }

  /**
   * Serves a contract. Resolves once the server is on the roll.
   * @throws LynchpinError `DECLARATION`, `CONTRACT_DRIFT`, `TOO_OLD` when a version above it was finalized, `STRANDED` when messages stand on a
   *   lane below its floor, `NAME_IN_USE`, `FORBIDDEN`, `CONNECTION`.
   */
  async serve<Api extends object>(api: Class<Api>, service: Implements<NoInfer<Api>>, options: ServeOptions = {}): Promise<Server> {
    const contract = this.#contract(api);
    const recording = recordingOf(contract.topic, this.#options);
    if (recording !== undefined) await this.#compare(contract, recording);
    const { build } = this.#options;
    const name = options.server ?? hostname();
    const place = this.#membership('server', name, contract);
    const topic = this.#topic(contract);
    const gate = new StrandedGate({
      gate: place,
      ledger: this.#ledger(contract.topic),
      broker: this.#broker,
      names: topic.names,
      server: name,
      line: contract.line,
      clock: machineClock,
    });
    const server = new Server({ contract, broker: this.#broker, post: this.#post, gate, ...topic }, service, {
      ...(build === undefined ? {} : { build }),
      ...options,
    });
    // From here on, so that closing meanwhile takes it along.
    this.#servers.add(server);
    try {
      await server.start();
    } catch (error) {
      this.#servers.delete(server);
      this.#places.delete(place);
      throw error;
    }
    if (!this.#stewards.has(contract.topic)) this.#stewards.set(contract.topic, new Steward(this.#parts, this.#ledger(contract.topic)));
    return server;
  }

  /**
   * Opens a client of a contract. Resolves once its pin is negotiated, and within a few seconds in any case.
   * @throws LynchpinError `DECLARATION`; `TOO_OLD` or `TOO_NEW` when the live servers read nothing that it speaks, and `TOO_OLD`
   *   when a version above it was finalized.
   */
  async client<Api extends object>(api: Class<Api>, options: ClientOptions = {}): Promise<RpcClient<Api>> {
    const contract = this.#contract(api);
    const { names, topology } = this.#topic(contract);
    const pin = this.#pinOf(contract, options);
    const place = this.#membership('client', this.name, contract);
    const attendance = new Attendance(place, this.#broker);
    const ledger = this.#ledger(contract.topic);
    const pins = negotiate({ broker: this.#broker, names, line: contract.line, ledger, attendance }, { ...options, pin });
    this.#negotiating.add(pins);
    try {
      await Promise.all([this.#negotiated(pins, contract), this.#admitted(attendance, pins)]);
    } catch (error) {
      this.#places.delete(place);
      await Promise.all([pins.close(), attendance.close()]);
      throw error;
    } finally {
      this.#negotiating.delete(pins);
    }
    const rescue = options.rescue === false ? undefined : this.#rescue(contract, names, pins);
    // What is too old to send may not move either.
    attendance.watch((state) => state === 'refused' && void rescue?.close());
    const unfollow = this.#pinSettings.follow(contract.topic, pins, options.pin);
    const release = async (): Promise<void> => {
      unfollow();
      this.#clients.delete(client as Client<unknown>);
      this.#places.delete(place);
      await Promise.all([rescue?.close(), attendance.close()]);
    };
    const client: Client<Api> = new Client<Api>(
      { contract, names, post: this.#post, topology, pins, admission: attendance, release },
      options,
    );
    this.#clients.set(client as Client<unknown>, {
      topic: contract.topic,
      get pin() {
        return pins.current;
      },
      get stranded() {
        return rescue?.stranded ?? NOTHING;
      },
      get report() {
        const { version, state, since, why, by } = pins.current;
        const stranded = [...(rescue?.stranded.values() ?? [])].reduce((sum, count) => sum + count, 0);
        const pin = { version, state, since, why, by: by.map(({ server }) => server) };
        return {
          topic: contract.topic,
          member: attendance.member,
          versions: contract.line.versions,
          pin,
          inFlight: client.inFlight,
          stranded,
        };
      },
    });
    return client;
  }

  /**
   * Reads the configured pins again (`LYNCHPIN_PIN_VOLUME` for topic `volume`, in the environment and in the file that
   * `LYNCHPIN_PINS_FILE` names), sets the pins of the open clients by them, and answers what has changed. A file that cannot
   * be read, or a value that means nothing, changes nothing, and a process warning says so.
   */
  rereadPins(): readonly PinChange[] {
    return this.#pinSettings.reread();
  }

  /** Drains every server, within each one's bound; what is called from here goes on. */
  async drain(options: DrainBounds = {}): Promise<void> {
    await Promise.all(this.servers.map((server) => server.drain(options)));
  }

  /**
   * Is no longer `ready`, works on for `grace` ms (default 0) so that load balancers notice, then drains the servers, waits
   * for calls and casts under way (bounded by `timeout` ms, default 5,000), and disconnects. What is still under way then
   * fails with `CLOSED`. `linger` is as in `drain`.
   */
  close(options: DrainBounds & { readonly grace?: number } = {}): Promise<void> {
    return (this.#closing ??= this.#close(options));
  }

  async #close({ timeout, linger, grace = 0 }: DrainBounds & { readonly grace?: number }): Promise<void> {
    this.#post.leave();
    if (grace > 0) await pause(grace);
    this.#closed = true;
    const bound = { timeout: timeout ?? CLOSE_TIMEOUT };
    await Promise.all([...this.#negotiating].map((pins) => pins.close()));
    await this.drain({ ...(timeout === undefined ? {} : { timeout }), ...(linger === undefined ? {} : { linger }) });
    await Promise.all([...this.#clients.keys()].map((client) => client.close(bound)));
    await Promise.all([...this.#stewards.values()].map((steward) => steward.close()));
    await this.#post.switchboard.close();
    await this.#life.close();
    await Promise.all([...this.#ledgers.values()].map((ledger) => ledger.close()));
    await this.#broker.close(bound);
    this.#tellClosed();
  }

  get #parts(): FleetParts {
    const of = (topic: string): readonly Membership[] =>
      [...this.#places].flatMap(([place, its]) => (its === topic && !place.left ? [place] : []));
    return {
      broker: this.#broker,
      names: fleetNamesOf(this.#options.namespace),
      namespace: this.#options.namespace ?? 'lynchpin',
      topic: (topic) => namesOf(topic, this.#options.namespace),
      ledger: (topic) => this.#ledger(topic),
      maxMessageBytes: this.#post.maxMessageBytes,
      author: this.name,
      own: { life: this.#life, of },
    };
  }

  #contract(api: Class): Contract {
    if (this.#closed) throw closed();
    let contract = this.#contracts.get(api);
    if (contract === undefined) {
      contract = Contract.of(api);
      this.#contracts.set(api, contract);
    }
    return contract;
  }

  /** Compares a contract with its recording, once. */
  async #compare(contract: Contract, folder: string): Promise<void> {
    let comparison = this.#comparisons.get(contract);
    if (comparison === undefined) this.#comparisons.set(contract, (comparison = checkDrift(contract, folder, this.#options)));
    await comparison;
    if (this.#closed) throw closed();
  }

  /** What the pin of a client is set to. @throws LynchpinError `DECLARATION` when that means nothing to it. */
  #pinOf({ topic, line }: Contract, options: ClientOptions): string | undefined {
    const pin = this.#pinSettings.pinOf(topic, options.pin);
    try {
      capOf(pin, line, options.releases);
      return pin;
    } catch (error) {
      if (pin === options.pin || !LynchpinError.is(error)) throw error;
      throw new LynchpinError('DECLARATION', `${pinVariable(topic)}: ${error.message}`, error.details, { cause: error });
    }
  }

  #rescue(contract: Contract, names: TopicNames, pins: Negotiation): Rescue {
    const convert: Convert = (message, to) => convertRequest(contract, message, to, this.#post.maxMessageBytes);
    return new Rescue({ broker: this.#broker, names, line: contract.line, pins, convert });
  }

  #topic({ topic }: Contract): { readonly names: TopicNames; readonly topology: Topology } {
    const names = namesOf(topic, this.#options.namespace);
    return { names, topology: new Topology(this.#broker, names, this.#options.lanes) };
  }

  #ledger(topic: string): TopicLedger {
    let ledger = this.#ledgers.get(topic);
    if (ledger === undefined) {
      const names = namesOf(topic, this.#options.namespace);
      ledger = new TopicLedger(this.#broker, topic, names.ledger, names);
      this.#ledgers.set(topic, ledger);
    }
    return ledger;
  }

  #membership(role: 'server' | 'client', author: string, { topic, line }: Contract): Membership {
    const instance = `${this.#life.instance}/${++this.#participants}`;
    const parts = { ledger: this.#ledger(topic), life: this.#life, instance, role, author, line, clock: machineClock };
    const place = new Membership(parts);
    this.#places.set(place, topic);
    return place;
  }

  /** An operator has told a server of this process to leave. The process stays: it may have others. */
  #told({ server: name, topic }: DrainOrder): void {
    for (const server of this.servers) if (server.name === name && (topic === undefined || server.topic === topic)) void server.drain();
  }

  /** What this process says of itself in a roll call. */
  #report(): Omit<InstanceReport, 'instance' | 'lives'> {
    const { service, build, release } = this.#options;
    const servers = this.servers.map((server) => server.report);
    return {
      name: this.name,
      service,
      build,
      release,
      started: this.#started,
      servers,
      clients: [...this.#clients.values()].map(({ report }) => report),
    };
  }

  /** Waits until the ledger has been asked. @throws LynchpinError `TOO_OLD` when a version above the client was finalized. */
  async #admitted(attendance: Attendance, pins: Negotiation): Promise<void> {
    await attendance.settled(ADMITTED);
    if (this.#closed) throw closed();
    if (attendance.state !== 'refused') return;
    await pins.close();
    throw attendance.cause;
  }

  async #negotiated(pins: Negotiation, contract: Contract): Promise<void> {
    const { problem, why, by } = await pins.negotiated;
    if (this.#closed) {
      await pins.close();
      throw closed();
    }
    if (problem !== 'TOO_OLD' && problem !== 'TOO_NEW') return;
    await pins.close();
    throw new LynchpinError(problem, why, {
      topic: contract.topic,
      client: { floor: contract.line.floor, version: contract.line.head },
      servers: by,
    });
  }
}

function closed(): LynchpinError {
  return new LynchpinError('CLOSED', 'the bus is closed');
}
