import { hostname } from 'node:os';
import { namesOf, type Broker, type BrokerState, type TopicNames } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import type { Class } from '../objects/index.js';
import type { Fleet } from '../fleet/index.js';
import { Attendance, capOf, machineClock, negotiate, Rescue, StrandedGate, type Convert, type Negotiation } from '../pin/index.js';
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
  type Implements,
  type RpcClient,
  type ServeOptions,
} from '../rpc/index.js';
import { viewOf, type ClientView } from './client-view.js';
import { checkDrift, recordingOf } from './drift.js';
import type { ClientOptions, ConnectOptions } from './options.js';
import { Participation } from './participation.js';
import { PinSettings, pinVariable, type PinChange } from './pins.js';

const MAX_MESSAGE_BYTES = 8 * 2 ** 20;
const CLOSE_TIMEOUT = 5_000;
/** How long a client that starts waits to be admitted, in ms; after that it goes on asking, and sends at its floor. */
const ADMITTED = 2_000;

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
  readonly #pinSettings = new PinSettings();
  readonly #part: Participation;
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
    const maxMessageBytes = options.maxMessageBytes ?? MAX_MESSAGE_BYTES;
    this.#post = new Post(broker, name, maxMessageBytes, options.trace);
    this.#part = new Participation({
      broker,
      name,
      options,
      maxMessageBytes,
      servers: () => this.servers,
      clients: () => [...this.#clients.values()].map(({ report }) => report),
    });
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
    return this.#part.fleet;
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
    const place = this.#part.place('server', name, contract);
    const topic = this.#topic(contract);
    const gate = new StrandedGate({
      gate: place,
      ledger: this.#part.ledger(contract.topic),
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
      this.#part.vacate(place);
      throw error;
    }
    this.#part.steward(contract.topic);
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
    const place = this.#part.place('client', this.name, contract);
    const attendance = new Attendance(place, this.#broker);
    const ledger = this.#part.ledger(contract.topic);
    const pins = negotiate({ broker: this.#broker, names, line: contract.line, ledger, attendance }, { ...options, pin });
    this.#negotiating.add(pins);
    try {
      await Promise.all([this.#negotiated(pins, contract), this.#admitted(attendance, pins)]);
    } catch (error) {
      this.#part.vacate(place);
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
      this.#part.vacate(place);
      await Promise.all([rescue?.close(), attendance.close()]);
    };
    const client: Client<Api> = new Client<Api>(
      { contract, names, post: this.#post, topology, pins, admission: attendance, release },
      options,
    );
    this.#clients.set(client as Client<unknown>, viewOf({ contract, client, pins, attendance, rescue }));
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
    await this.#part.rest();
    await this.#post.switchboard.close();
    await this.#part.end();
    await this.#broker.close(bound);
    this.#tellClosed();
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
