import { hostname } from 'node:os';
import type { Broker, Delivery, TopicNames } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import { Backoff, pause } from '../backoff.js';
import type { Contract } from '../contract/index.js';
import { EVENTS } from '../events.js';
import type { Post } from '../post.js';
import type { Topology } from '../topology.js';
import { CONTROL, decodeCancel, decodeFinish, encodeCard, JSON_TYPE, type ServerCard, type ServerReport } from '../wire/index.js';
import { whichever } from '../whichever.js';
import { Answers } from './answers.js';
import { copyOf, markOf } from '../copies.js';
import { DeadLetters } from './dead-letters.js';
import { FinishLane } from './finish-lane.js';
import { HandBack } from './hand-back.js';
import { Handlers } from './handlers.js';
import { OPEN_GATE, type Admitted, type Gate } from './gate.js';
import type { ServeOptions, Settings } from './options.js';
import { Place } from './place.js';
import { Reception } from './reception.js';
import { Seat } from './seat.js';
import { Vigil } from './vigil.js';
import type { Work } from './work.js';

/** How long handlers have to heed their signal when a server cannot wait any longer, in ms. */
const LAST_MOMENT = 500;

/** How a server leaves. */
export interface DrainBounds {
  /** How long what runs may take to finish, in ms. Default: the option `drainTimeout` of `bus.serve`. */
  readonly timeout?: number;
  /**
   * How long to stay with nothing in hand for calls that others may need, in ms after somebody last said that he has work in
   * hand. Default 0.
   */
  readonly linger?: number;
}

/** What a server is put together from. */
export interface ServerParts {
  readonly contract: Contract;
  readonly names: TopicNames;
  readonly broker: Broker;
  readonly post: Post;
  readonly topology: Topology;
  /** Admits it to its topic each time that it joins. Default: nobody has to. */
  readonly gate?: Gate;
}

/**
 * - `joining`: on its way to the roll, for the first time or after a lost connection.
 * - `serving`: on the roll.
 * - `draining`: off the roll, finishing what it has in hand.
 * - `left`: gone.
 * - `refused`: it lost its connection, and a version that it does not read was finalized meanwhile. It serves no more.
 */
export type ServerState = 'joining' | 'serving' | 'draining' | 'left' | 'refused';

/** How long a seat must have been kept for the next one to be taken without a pause, in ms. */
const STEADY = 5_000;

/** One service on the bus: joins its topic, serves, joins anew after every loss, and leaves without losing a request. */
export class Server {
  /** What callers address it by. */
  readonly name: string;
  readonly #parts: ServerParts;
  readonly #settings: Settings;
  readonly #reception: Reception;
  readonly #handBack: HandBack;
  readonly #vigil: Vigil;
  readonly #card: ServerCard;
  readonly #gate: Gate;
  readonly #place: Place;
  readonly #leaving = new AbortController();
  #admitted: Admitted | undefined;
  #state: ServerState = 'joining';
  #seat: Seat | undefined;
  #finishLane: FinishLane | undefined;
  #stopCounting: (() => void) | undefined;
  #keeping: Promise<void> = Promise.resolve();
  #drained: Promise<void> | undefined;

  constructor(parts: ServerParts, service: object, options: ServeOptions) {
    const settings = settingsOf(options);
    this.#parts = parts;
    this.#settings = settings;
    this.#gate = parts.gate ?? OPEN_GATE;
    this.name = settings.server;
    const { contract, names, broker, post } = parts;
    // A name that is none is refused before anything is written under it.
    names.server(this.name);
    this.#place = new Place(broker, this.#gate);
    const answers = new Answers(contract, post, this.name, this.#place);
    this.#card = {
      server: this.name,
      floor: contract.line.floor,
      version: contract.line.head,
      ...(settings.build === undefined ? {} : { build: settings.build }),
    };
    this.#vigil = new Vigil(settings.beat, ({ work }) => void answers.send(answers.beat(work), performance.now()));
    this.#handBack = new HandBack({
      broker,
      names,
      contract,
      server: this.name,
      onParked: (delivery) => this.#tellParked(delivery),
    });
    this.#reception = new Reception({
      contract,
      topic: names.topic,
      server: this.name,
      concurrency: settings.concurrency,
      maxMessageBytes: post.maxMessageBytes,
      handlers: new Handlers(contract, service, settings.interceptors),
      answers,
      deadLetters: new DeadLetters(broker, names),
      handBack: this.#handBack,
      vigil: this.#vigil,
      place: this.#place,
    });
  }

  /** What it serves. */
  get topic(): string {
    return this.#parts.names.topic;
  }

  /** Where it is between joining and having left. */
  get state(): ServerState {
    return this.#state;
  }

  /** How many handlers run, and how many requests wait for their turn. */
  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#reception.desk.running, waiting: this.#reception.desk.waiting };
  }

  /** What the roll call of the fleet is told of it. */
  get report(): ServerReport {
    const { contract, names } = this.#parts;
    return {
      topic: names.topic,
      server: this.name,
      member: this.#gate.member,
      versions: contract.line.versions,
      state: this.#state,
      ...this.load,
    };
  }

  /**
   * Joins for the first time.
   * @throws LynchpinError `TOO_OLD` when a version above it was finalized, `NAME_IN_USE`, `FORBIDDEN`, `CONNECTION`.
   */
  async start(): Promise<void> {
    const joined = this.#join();
    this.#keeping = joined.then(
      () => this.#keep(),
      () => this.#place.leave(),
    );
    await joined.catch(async (error: unknown) => {
      await this.#keeping;
      throw error;
    });
    this.#stopCounting = this.#parts.post.counts(() => this.#reception.desk.running);
  }

  /**
   * Leaves: off the roll, no new work, what runs is finished within `timeout` ms (default: the option `drainTimeout`),
   * what never started goes back to where it came from. A handler that is not done by then sees its signal fire.
   *
   * Until then it takes the calls that others need to finish what they have in hand, off lanes that nobody else reads.
   * `linger` is for how long it stays for that when it has nothing in hand itself, in ms after somebody last said that he has
   * (default 0: not at all).
   */
  drain({ timeout = this.#settings.drainTimeout, linger = 0 }: DrainBounds = {}): Promise<void> {
    return (this.#drained ??= this.#drain(timeout, linger));
  }

  async #join(): Promise<void> {
    const { broker, names, topology, contract } = this.#parts;
    // An attempt that came to nothing keeps its place for the next: each joining is an entry that stays.
    if (this.#admitted === undefined || this.#gate.member === undefined) this.#admitted = await this.#enter();
    this.#seat = await Seat.take(
      {
        broker,
        names,
        topology,
        line: contract.line,
        server: this.name,
        concurrency: this.#settings.concurrency,
        onWork: (delivery, intake, source, onHeld) => this.#reception.take(delivery, intake, source, onHeld),
        onControl: (delivery) => this.#control(delivery),
      },
      this.#settings.joinTimeout,
      this.#leaving.signal,
    );
    if (this.#leaving.signal.aborted) return;
    this.#state = 'serving';
    this.#notice('joined');
    this.#tell({ kind: 'joined' });
  }

  /** Passes the gate, within the bound of joining. */
  async #enter(): Promise<Admitted> {
    const timeout = this.#settings.joinTimeout;
    const enough = whichever(this.#leaving.signal, AbortSignal.timeout(Math.min(timeout, 2 ** 31 - 1)));
    try {
      return await this.#place.enter(enough.signal);
    } catch (error) {
      if (!enough.signal.aborted || LynchpinError.is(error, 'TOO_OLD', 'FORBIDDEN')) throw error;
      const { problem } = this.#gate;
      const [code, why] = this.#leaving.signal.aborted
        ? (['CLOSED', 'it was told to leave meanwhile'] as const)
        : ([
            'CONNECTION',
            `the ledger was not read, or took no entry, within ${timeout} ms${problem === undefined ? '' : `: ${problem.message}`}`,
          ] as const);
      const { topic } = this.#parts.names;
      const cause = problem ?? error;
      throw new LynchpinError(code, `server ${this.name} could not join topic ${topic}: ${why}`, { topic, timeout }, { cause });
    } finally {
      enough.release();
    }
  }

  /** Joins anew whenever the seat is lost, until it leaves. */
  async #keep(): Promise<void> {
    const left = new Promise<undefined>((resolve) =>
      this.#leaving.signal.addEventListener('abort', () => resolve(undefined), { once: true }),
    );
    const backoff = new Backoff(20, 2_000);
    while (!this.#leaving.signal.aborted) {
      const seat = this.#seat as Seat;
      const since = performance.now();
      const cause = await Promise.race([seat.lost, (this.#admitted as Admitted).lost, left]);
      if (cause === undefined) return;
      this.#state = 'joining';
      if (EVENTS.server.hasSubscribers) EVENTS.server.publish({ kind: 'lost', topic: this.#parts.names.topic, server: this.name, cause });
      this.#admitted = undefined;
      await seat.abandon();
      this.#handBack.forget();
      // Whatever takes every seat at once must not make this process take one after the other.
      if (performance.now() - since < STEADY) await backoff.wait(this.#leaving.signal);
      else backoff.reset();
      if (!(await this.#rejoin(backoff))) return;
    }
  }

  /** Answers whether it has joined: not when it leaves, nor when the broker was closed from elsewhere. */
  async #rejoin(backoff: Backoff): Promise<boolean> {
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      try {
        await this.#parts.broker.ready(signal);
        await this.#join();
        return true;
      } catch (error) {
        if (LynchpinError.is(error, 'TOO_OLD')) return this.#refused(error);
        if (this.#parts.broker.state === 'closed') return false;
        await backoff.wait(signal);
      }
    }
    return false;
  }

  /** A version above its own was finalized while it was away: what it could still do nobody wants from it. */
  #refused(error: LynchpinError): false {
    this.#state = 'refused';
    const { topic } = this.#parts.names;
    if (EVENTS.server.hasSubscribers) EVENTS.server.publish({ kind: 'refused', topic, server: this.name, cause: error });
    process.emitWarning(error.message, { type: 'LynchpinWarning', code: error.code });
    return false;
  }

  async #drain(timeout: number, linger: number): Promise<void> {
    this.#state = 'draining';
    this.#leaving.abort();
    await this.#keeping;
    this.#place.stay();
    const seat = this.#seat;
    if (!this.#place.forfeited) this.#notice('leaving');
    await seat?.leave().catch(() => undefined);
    const neverStarted = this.#reception.release();
    const finishLane = (this.#finishLane = this.#openFinishLane());
    const enough = new AbortController();
    const handed = Promise.allSettled(neverStarted.map((work) => this.#giveBack(work, enough.signal)));
    await Promise.race([Promise.all([handed, this.#finish(finishLane, linger, enough.signal)]), pause(timeout, enough.signal)]);
    enough.abort();
    await finishLane.stop();
    await Promise.allSettled(this.#reception.desk.stop().map((work) => this.#giveBack(work, AbortSignal.timeout(LAST_MOMENT))));
    if (this.#reception.desk.running > 0) {
      this.#vigil.cancelAll(new LynchpinError('DRAINING', `server ${this.name} leaves and cannot wait any longer`, { server: this.name }));
      // A handler that heeds its signal has its caller told and its request acknowledged; one that does not is left behind.
      const heeded = new AbortController();
      await Promise.race([this.#reception.idle(), pause(LAST_MOMENT, heeded.signal)]);
      heeded.abort();
    }
    await this.#handBack.stop().catch(() => undefined);
    await finishLane.close();
    await seat?.close();
    await this.#place.leave();
    this.#stopCounting?.();
    this.#vigil.stop();
    this.#state = 'left';
    this.#tell({ kind: 'left' });
  }

  /** Finishes what is in hand, and what others ask for meanwhile. */
  async #finish(lane: FinishLane, linger: number, signal: AbortSignal): Promise<void> {
    do await this.#reception.idle();
    while (await lane.more(linger, signal));
  }

  #openFinishLane(): FinishLane {
    const { broker, names, contract } = this.#parts;
    return new FinishLane({
      broker,
      names,
      line: contract.line,
      assure: (id) => this.#reception.assure(id),
      isCancelled: (id) => this.#reception.isCancelled(id),
      take: (delivery, intake) => this.#reception.take(delivery, intake, 'lane'),
    });
  }

  /** Publishes what was never started to the queue that it came from, and only then acknowledges it: a redelivery would look half-done. */
  async #giveBack(work: Work, signal: AbortSignal): Promise<void> {
    const { delivery } = work;
    // What came by a channel that is lost is with the broker already.
    if (!work.open) return;
    // A copy is new to the broker: it has to say itself what it may have been through.
    const headers = markOf(work.redelivered);
    const left = work.startBy === Infinity ? delivery.expiration : Math.max(1, Math.ceil(work.startBy - performance.now()));
    if ((await this.#parts.broker.publish(copyOf(delivery, delivery.queue, headers, left), signal)) === 'confirmed') work.acknowledge();
  }

  #control(delivery: Delivery): void {
    if (delivery.type === CONTROL.cancel) this.#reception.cancel(decodeCancel(delivery.body));
    if (delivery.type === CONTROL.finish) {
      const request = decodeFinish(delivery.body);
      if (request !== undefined) this.#finishLane?.asked(request);
    }
    if (delivery.type === CONTROL.who && delivery.replyTo !== undefined && this.#state === 'serving')
      this.#say(CONTROL.here, '', delivery.replyTo);
  }

  #notice(type: 'joined' | 'leaving'): void {
    this.#say(CONTROL[type], this.#parts.names.notices, '');
  }

  /** A hint: sent when there is a connection, and not missed when there is none. */
  #say(type: string, exchange: string, routingKey: string): void {
    const { switchboard } = this.#parts.post;
    const message = {
      exchange,
      routingKey,
      body: encodeCard(this.#card),
      type,
      contentType: JSON_TYPE,
      appId: this.name,
      expiration: 10_000,
    };
    switchboard
      .ready(AbortSignal.timeout(2_000))
      .then((port) => port && switchboard.send(port, message))
      .catch(() => undefined);
  }

  #tell({ kind }: { readonly kind: 'joined' | 'left' }): void {
    if (EVENTS.server.hasSubscribers) EVENTS.server.publish({ kind, topic: this.#parts.names.topic, server: this.name });
  }

  #tellParked(delivery: Delivery): void {
    if (EVENTS.server.hasSubscribers)
      EVENTS.server.publish({
        kind: 'parked',
        topic: this.#parts.names.topic,
        server: this.name,
        id: delivery.messageId,
        type: delivery.type,
        reason: 'unreadable',
      });
  }
}

function settingsOf(options: ServeOptions): Settings {
  const settings: Settings = {
    server: options.server ?? hostname(),
    concurrency: options.concurrency ?? 100,
    joinTimeout: options.joinTimeout ?? 15_000,
    drainTimeout: options.drainTimeout ?? 30_000,
    beat: options.beat ?? 5_000,
    interceptors: options.interceptors ?? [],
    ...(options.build === undefined ? {} : { build: options.build }),
  };
  for (const name of ['joinTimeout', 'drainTimeout', 'beat'] as const) {
    if (!(settings[name] > 0)) throw new LynchpinError('DECLARATION', `${name} must be above 0 ms, got ${settings[name]}`);
  }
  if (!Number.isInteger(settings.concurrency) || settings.concurrency < 1 || settings.concurrency > 65_535) {
    throw new LynchpinError('DECLARATION', `concurrency must be a whole number from 1 to 65535, got ${settings.concurrency}`);
  }
  return settings;
}
