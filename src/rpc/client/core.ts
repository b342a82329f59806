import { setMaxListeners } from 'node:events';
import type { Outgoing, Port, TopicNames } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { Version } from '../../versions/index.js';
import { compareVersions } from '../../versions/index.js';
import { Backoff } from '../backoff.js';
import type { Contract, MethodRecord } from '../contract/index.js';
import type { Pin, PinSource } from '../pin-source.js';
import type { Post } from '../post.js';
import type { Topology } from '../topology.js';
import type { Admission } from './admission.js';
import { AlarmClock, type Sleeper } from './alarm-clock.js';
import type { Cancellations } from './cancellations.js';
import { FinishRequests, type MayWait } from './finish-requests.js';
import { common, routeAt, routeOf, type Route } from './route.js';
import { DEFAULT_TIMEOUT, type ClientOptions } from './options.js';

/** What every call and cast of one client shares. */
export class ClientCore {
  /** Wakes calls at their deadlines. */
  readonly alarms = new AlarmClock<Sleeper & MayWait>();
  /** Asks servers that are leaving for what is needed to finish what is in hand here. */
  readonly finish: FinishRequests;
  /** How long a call may take when neither it nor its method says, in ms. */
  readonly timeout: number;
  readonly whenAbsent: 'wait' | 'fail';
  #routes = new Map<MethodRecord, Route>();
  #routesFor: Version | undefined;
  #readying: Promise<void> | undefined;
  #prepared = false;
  /** Counts what has ended a preparation: one that was under way does not stand. */
  #losses = 0;
  readonly #unwatch: readonly (() => void)[];
  /** Stops each publish with confirm that is under way. */
  readonly #publishing = new Set<() => void>();
  readonly #closed = new AbortController();

  constructor(
    readonly contract: Contract,
    readonly names: TopicNames,
    readonly post: Post,
    readonly topology: Topology,
    readonly pins: PinSource,
    readonly cancellations: Cancellations,
    readonly admission: Admission,
    options: ClientOptions,
  ) {
    // As many calls as there are may wait for a connection.
    setMaxListeners(0, this.#closed.signal);
    this.timeout = options.timeout ?? DEFAULT_TIMEOUT;
    this.whenAbsent = options.whenAbsent ?? 'wait';
    this.finish = new FinishRequests(post, names, pins, this);
    const lose = (): void => {
      this.#prepared = false;
      this.#losses++;
    };
    const doubt = (): void => {
      lose();
      for (const stop of Array.from(this.#publishing)) stop();
    };
    this.#unwatch = [post.switchboard.watchLoss(lose), admission.watchDoubt(doubt)];
  }

  /** The port, once it is open, what is published to exists, and the client may send. */
  get port(): Port | undefined {
    return this.#prepared ? this.post.switchboard.port : undefined;
  }

  /**
   * Resolves when {@link port} is there. Publishing to an exchange that does not exist would cost the port.
   * @throws LynchpinError `CLOSED`; `TOO_OLD` once the client is refused.
   */
  ready(): Promise<void> {
    this.#readying ??= this.#becomeReady().finally(() => {
      this.#readying = undefined;
    });
    return this.#readying;
  }

  /** Waits for {@link ready}, but no longer than until the signal fires. */
  async readyWithin(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.port !== undefined) return;
    let stop!: () => void;
    const fired = new Promise<void>((resolve) => {
      stop = resolve;
    });
    signal.addEventListener('abort', stop, { once: true });
    await Promise.race([this.ready(), fired]).finally(() => signal.removeEventListener('abort', stop));
  }

  /**
   * Publishes with confirm. Answers `again` where the client came into doubt meanwhile: then it is to be sent once more as
   * soon as the client is {@link ready}, and may stand on its queue twice.
   */
  async publish(message: Outgoing, signal: AbortSignal): Promise<'confirmed' | 'returned' | 'again'> {
    const attempt = new AbortController();
    const stop = (): void => attempt.abort();
    this.#publishing.add(stop);
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await this.post.broker.publish(message, attempt.signal);
    } catch (error) {
      if (attempt.signal.aborted && !signal.aborted) return 'again';
      throw error;
    } finally {
      this.#publishing.delete(stop);
      signal.removeEventListener('abort', stop);
    }
  }

  /** How many live servers would take a message now: any that reads the version, or the one of that name. Undefined when that is not known. */
  async readers(version: Version, server: string | undefined): Promise<number | undefined> {
    if (server !== undefined) {
      const count = await this.post.broker.count(this.names.server(server));
      return count.known ? count.consumers : undefined;
    }
    await this.pins.check();
    const readers = this.pins.readersOf(version);
    if (readers !== undefined) return readers;
    // The census looks at the pin and its neighbours, and at what somebody has asked about before.
    const count = await this.post.broker.count(this.names.rollAt(version));
    return count.known ? count.consumers : count.reason === 'missing' ? 0 : undefined;
  }

  /** Fires when the client is closed, and what is still under way fails. */
  get closing(): AbortSignal {
    return this.#closed.signal;
  }

  close(): void {
    this.#closed.abort(this.#closedError());
    this.alarms.stop(this.#closed.signal.reason as Error);
    this.finish.close();
    for (const stop of this.#unwatch) stop();
  }

  get pin(): Pin {
    return this.pins.current;
  }

  /** The calls that are under way. */
  calls(): Iterable<MayWait> {
    return this.alarms.sleepers;
  }

  /** How a method is sent now. Compiled once per pin. */
  route(method: MethodRecord): Route {
    const pin = this.pins.current;
    if (pin.version !== this.#routesFor) {
      this.#routes = new Map();
      this.#routesFor = pin.version;
    }
    let route = this.#routes.get(method);
    if (route === undefined) {
      route = routeOf(this.contract, method, pin);
      this.#routes.set(method, route);
    }
    return route;
  }

  /**
   * How a method is sent to a server that reads only this window.
   * @throws LynchpinError `TOO_NEW`, `TOO_OLD` when the windows do not meet.
   */
  routeWithin(method: MethodRecord, server: string, floor: Version, version: Version): Route {
    const shared = common(this.contract, floor, version, compareVersions);
    if (shared !== undefined) return routeAt(this.contract, method, shared);
    const code = compareVersions(this.contract.line.floor, version) > 0 ? 'TOO_NEW' : 'TOO_OLD';
    throw new LynchpinError(
      code,
      `this client of ${this.contract.record.name} speaks ${this.contract.line.toString()}, and server ${server} reads ${floor} to ${version}`,
      {
        server,
        floor,
        version,
        client: { floor: this.contract.line.floor, version: this.contract.line.head },
      },
    );
  }

  async #becomeReady(): Promise<void> {
    await this.post.switchboard.ready(this.#closed.signal);
    await this.#prepare();
    if (this.#closed.signal.aborted) throw this.#closedError();
  }

  async #prepare(): Promise<void> {
    const backoff = new Backoff(20, 1_000);
    while (!this.#prepared && !this.#closed.signal.aborted) {
      try {
        const losses = this.#losses;
        await this.admission.admitted(this.#closed.signal);
        await this.topology.ensureTopic();
        this.#prepared = losses === this.#losses;
      } catch (error) {
        if (LynchpinError.is(error, 'TOO_OLD')) throw error;
        if (LynchpinError.is(error, 'CLOSED')) return;
        await backoff.wait(this.#closed.signal);
      }
    }
  }

  /** Writes a request at a version; an error that names the pin also says who holds it. */
  write(route: Route, request: unknown): ReturnType<Route['write']> {
    try {
      return route.write(request);
    } catch (error) {
      if (!LynchpinError.is(error, 'PINNED')) throw error;
      const { by, why } = this.pin;
      throw new LynchpinError(
        'PINNED',
        `${error.message.replace(/^PINNED: /, '')} ${why}`,
        { ...error.details, by: by.map(({ server }) => server) },
        { cause: error },
      );
    }
  }

  #closedError(): LynchpinError {
    return new LynchpinError('CLOSED', `the client of ${this.contract.record.name} is closed`);
  }
}
