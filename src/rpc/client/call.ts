import type { Delivery, Port } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import { Backoff } from '../backoff.js';
import { currentContext } from '../context.js';
import type { MethodRecord } from '../contract/index.js';
import type { Expectation } from '../switchboard.js';
import { decodeError, decodeJson, encodeJson, HEADERS, JSON_TYPE, parseReplyType, type ReplyType } from '../wire/index.js';
import type { Sleeper } from './alarm-clock.js';
import { boundHeaders, boundsOf, expirationOf, type Bounds } from './bounds.js';
import type { ClientCore } from './core.js';
import {
  connectionLost,
  foreignAnswer,
  gaveUp,
  handedBackTooOften,
  maybeExecuted,
  noAnswer,
  noServer,
  noSuchServer,
  outOfTime,
  tooLate,
  type Subject,
} from './failures.js';
import { originOf, traceHeaders } from './lineage.js';
import type { MayWait, Waiting } from './finish-requests.js';
import type { CallOptions } from './options.js';
import type { Route } from './route.js';

/** How long before the deadline a census is asked for, so that NO_SERVER can be told from TIMEOUT. */
const LOOK = 1_000;
/** How often a call may be handed back by servers that cannot read it. */
const HAND_BACKS = 5;

/** One call on its way: sent, perhaps sent again, and settled exactly once. */
export class Call implements Expectation, Sleeper, MayWait {
  readonly id: string;
  readonly #core: ClientCore;
  readonly #method: MethodRecord;
  readonly #request: unknown;
  readonly #options: CallOptions;
  readonly #server: string | undefined;
  readonly #bounds: Bounds;
  /** It is part of serving a request. */
  readonly #nested: boolean;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;
  #route: Route | undefined;
  /** The port that carried it last. */
  #port: Port | undefined;
  #settled = false;
  #looked = false;
  /** How long before its end it looks at the census, in ms. */
  #ahead = 0;
  #heard = 0;
  /** A server at work on it has said so. */
  #alive = false;
  /** How many servers would take it, when that was last looked at. */
  #readers: number | undefined;
  #handBacks = 0;
  #lanes: Backoff | undefined;
  #stopListening: (() => void) | undefined;

  constructor(core: ClientCore, method: MethodRecord, request: unknown, options: CallOptions, server: string | undefined) {
    this.#core = core;
    this.#method = method;
    this.#request = request;
    this.#options = options;
    this.#server = server;
    const context = currentContext();
    this.#nested = context !== undefined;
    this.#bounds = boundsOf(options, method, core.timeout, context, performance.now());
    this.id = core.post.nextId();
  }

  /** Sends it and answers its result. */
  run(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#heard = performance.now();
      if (!this.#listen()) return;
      if (this.#end <= this.#heard) return this.#fail(tooLate(this.#subject));
      this.#ahead = Math.min(LOOK, (this.#end - this.#heard) / 4);
      this.#core.alarms.add(this);
      this.#core.post.switchboard.expect(this.id, this);
      this.#send();
    });
  }

  answered(delivery: Delivery): void {
    if (this.#settled) return;
    const reply = parseReplyType(delivery.type);
    this.#heard = performance.now();
    switch (reply?.kind) {
      case 'ok':
        return this.#succeed(reply, delivery);
      case 'error':
        return this.#fail(decodeError(delivery.body, this.#core.contract.errors, this.#core.post.maxMessageBytes));
      case 'beat':
        this.#alive = true;
        return;
      case 'unreadable':
        return this.#handedBack(reply, delivery);
      default:
        this.#fail(noAnswer(this.#subject, delivery.type, delivery.appId));
    }
  }

  returned(): void {
    if (this.#settled) return;
    if (this.#server !== undefined) this.#fail(noSuchServer(this.#core.names.topic, this.#server));
    else if (this.#whenAbsent === 'fail') this.#fail(this.#noServer());
    else void this.#makeLane();
  }

  lost(port: Port, cause: Error): void {
    if (this.#settled || this.#port !== port) return;
    this.#port = undefined;
    if (LynchpinError.is(cause, 'CLOSED')) return this.#fail(cause);
    if (this.#method.idempotent) return this.#send();
    this.#fail(connectionLost(this.#subject, cause));
  }

  get #subject(): Subject {
    const { contract, names } = this.#core;
    const method = this.#method.property;
    return { name: `${contract.record.name}.${method}`, method, topic: names.topic, id: this.id, server: this.#server };
  }

  get #whenAbsent(): 'wait' | 'fail' {
    return this.#options.whenAbsent ?? this.#core.whenAbsent;
  }

  /** Sends at what the pin says now. */
  #send(): void {
    const port = this.#core.port;
    if (port === undefined) return void this.#sendWhenReady();
    try {
      const route = this.#core.route(this.#method);
      if (this.#whenAbsent === 'fail' && (this.#server !== undefined || !this.#core.pins.readersOf(route.version)))
        return void this.#sendIfServed(route);
      this.#sendOn(port, route);
    } catch (error) {
      this.#fail(error);
    }
  }

  #sendOn(port: Port, route: Route, server = this.#server): void {
    const { post, names } = this.#core;
    const body = encodeJson(this.#core.write(route, this.#request));
    const now = performance.now();
    this.#route = route;
    this.#port = port;
    post.switchboard.send(port, {
      exchange: server === undefined ? names.exchange : '',
      routingKey: server === undefined ? route.version : names.server(server),
      body,
      type: route.type,
      messageId: this.id,
      replyTo: port.replyTo,
      expiration: expirationOf(this.#end - now),
      contentType: JSON_TYPE,
      appId: originOf(post.name),
      userId: post.userId,
      headers: boundHeaders(this.#bounds, now, traceHeaders(this.#options.traceparent, post)),
    });
    if (this.#core.finish.active && this.waiting(post.leaving) !== undefined) this.#core.finish.sent();
  }

  async #sendWhenReady(): Promise<void> {
    try {
      await this.#core.ready();
      if (this.#settled || this.#port !== undefined) return;
      if (this.#core.port === undefined) return void this.#sendWhenReady();
      this.#send();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The last census saw nobody who reads it, and the caller wants to know at once: look again before saying so. */
  async #sendIfServed(route: Route): Promise<void> {
    const readers = await this.#core.readers(route.version, this.#server);
    if (this.#settled) return;
    if (readers === 0) return this.#fail(this.#noServer());
    const port = this.#core.port;
    if (port === undefined) return void this.#sendWhenReady();
    try {
      this.#sendOn(port, this.#core.route(this.#method));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Nothing took it: the lane is declared if it is missing, and waited for if its node is down. */
  async #makeLane(): Promise<void> {
    this.#port = undefined;
    this.#lanes ??= new Backoff(10, 1_000);
    try {
      await this.#core.topology.ensureLane(this.#core.route(this.#method).version);
    } catch (error) {
      if (LynchpinError.is(error, 'PINNED', 'CLOSED', 'FORBIDDEN')) return this.#fail(error);
    }
    await this.#lanes.wait();
    if (!this.#settled) this.#send();
  }

  #handedBack(reply: ReplyType & { kind: 'unreadable' }, delivery: Delivery): void {
    const server = delivery.appId ?? this.#server;
    if (delivery.headers?.[HEADERS.redelivered] === true && !this.#method.idempotent)
      return this.#fail(maybeExecuted(this.#subject, server));
    const port = this.#core.port;
    this.#port = undefined;
    if (server === undefined || ++this.#handBacks > HAND_BACKS) {
      return this.#fail(handedBackTooOften(this.#subject, this.#handBacks, server));
    }
    if (port === undefined) return void this.#sendWhenReady();
    try {
      this.#sendOn(port, this.#core.routeWithin(this.#method, server, reply.floor, reply.version), server);
    } catch (error) {
      this.#fail(error);
    }
  }

  #succeed(reply: ReplyType & { kind: 'ok' }, delivery: Delivery): void {
    try {
      const { contract, post } = this.#core;
      if (!contract.line.has(reply.version)) throw foreignAnswer(this.#subject, reply.version, contract.line.toString());
      const value = contract.readResult(this.#method, reply.version)(decodeJson(delivery.body, post.maxMessageBytes));
      this.#settle();
      this.#resolve(value);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#settled) return;
    this.#settle();
    this.#reject(error);
  }

  #settle(): void {
    this.#settled = true;
    this.#core.alarms.remove(this);
    this.#core.post.switchboard.forget(this.id);
    this.#stopListening?.();
  }

  /** When the caller's patience ends: at its deadline, or when it has heard nothing for too long. */
  get #end(): number {
    const { deadline, silence } = this.#bounds;
    return silence === undefined ? deadline : Math.min(deadline, this.#heard + silence);
  }

  /** Shortly before the end, for a look at the census, and then at the end. */
  get wakeAt(): number {
    return this.#looked ? this.#end : this.#end - this.#ahead;
  }

  stopped(cause: Error): void {
    if (this.#port !== undefined) this.#core.cancellations.add(this.id);
    this.#fail(cause);
  }

  waiting(leaving: boolean): Waiting | undefined {
    const waits = (this.#nested || leaving) && this.#port !== undefined && this.#server === undefined && !this.#alive;
    return waits && this.#route !== undefined ? { id: this.id, version: this.#route.version } : undefined;
  }

  wake(): void {
    if (performance.now() >= this.#end) return this.#expire();
    this.#looked = true;
    if (!this.#alive) void this.#look();
  }

  /** Whether anybody is there to take it, for the case that no answer comes. */
  async #look(): Promise<void> {
    const route = this.#route;
    if (route !== undefined) this.#readers = await this.#core.readers(route.version, this.#server).catch(() => undefined);
  }

  #expire(): void {
    const version = this.#route?.version;
    const sent = this.#port !== undefined;
    this.#core.cancellations.add(this.id);
    if (!this.#alive && this.#readers === 0) return this.#fail(this.#noServer());
    const { silence, deadline } = this.#bounds;
    const silent = silence !== undefined && performance.now() < deadline;
    this.#fail(outOfTime(this.#subject, { version, silence, sent, silent }));
  }

  #noServer(): LynchpinError {
    const { version } = this.#core.pin;
    return noServer(this.#subject, this.#route?.version ?? version, version);
  }

  /** Listens for the caller, and for whoever called the handler that makes this call, giving up. Answers false if that is already so. */
  #listen(): boolean {
    const signal = this.#options.signal;
    const parent = currentContext()?.signal;
    const signals = [signal, parent].filter((one) => one !== undefined);
    if (signals.length === 0) return true;
    const giveUp = (): void => {
      if (this.#settled) return;
      if (this.#port !== undefined) this.#core.cancellations.add(this.id);
      this.#fail(gaveUp(this.#subject, signal?.aborted === true ? signal.reason : parent?.reason));
    };
    if (signals.some((one) => one.aborted)) {
      giveUp();
      return false;
    }
    for (const one of signals) one.addEventListener('abort', giveUp, { once: true });
    this.#stopListening = () => {
      for (const one of signals) one.removeEventListener('abort', giveUp);
    };
    return true;
  }
}
