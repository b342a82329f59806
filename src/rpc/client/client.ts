import type { TopicNames } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import { compareVersions, parseVersion, type Version } from '../../versions/index.js';
import { pause } from '../backoff.js';
import type { Contract, MethodRecord } from '../contract/index.js';
import { EVENTS } from '../events.js';
import { intercept, type ClientCall, type Next } from '../interceptor.js';
import type { Pin, PinSource } from '../pin-source.js';
import type { Post } from '../post.js';
import type { Topology } from '../topology.js';
import { UnderWay } from '../under-way.js';
import { ADMITTED, type Admission } from './admission.js';
import { Call } from './call.js';
import { Cancellations } from './cancellations.js';
import { Casts, type Destination } from './cast.js';
import { ClientCore } from './core.js';
import type { OneServer, RpcClient } from './face.js';
import type { CallOptions, CastOptions, ClientOptions } from './options.js';
import { Returns } from './returns.js';

/** What a client is put together from. */
export interface ClientParts {
  readonly contract: Contract;
  readonly names: TopicNames;
  readonly post: Post;
  readonly topology: Topology;
  readonly pins: PinSource;
  /** Whether it may send. Default: nobody has to be asked. */
  readonly admission?: Admission;
  /** Ends what goes with the client, once nothing is under way any more. */
  readonly release?: () => Promise<void>;
}

type Kind = ClientCall['kind'];
type Send = (request?: unknown, options?: CallOptions & CastOptions) => Promise<unknown>;
type Side = Record<string, Send>;

/** The client of one contract: one object for every method and way of sending, made when it is opened. */
export class Client<Api> {
  readonly call: RpcClient<Api>['call'];
  readonly cast: RpcClient<Api>['cast'];
  readonly fanout: RpcClient<Api>['fanout'];
  readonly #core: ClientCore;
  readonly #casts: Casts;
  readonly #returns: Returns;
  readonly #cancellations: Cancellations;
  readonly #send: Next<ClientCall>;
  readonly #release: (() => Promise<void>) | undefined;
  readonly #underWay = new UnderWay();
  #closed = false;

  constructor(parts: ClientParts, options: ClientOptions = {}) {
    this.#cancellations = new Cancellations(parts.post, parts.names);
    const { contract, names, post, topology, pins, admission = ADMITTED } = parts;
    this.#core = new ClientCore(contract, names, post, topology, pins, this.#cancellations, admission, options);
    this.#returns = new Returns(this.#core);
    this.#release = parts.release;
    this.#casts = new Casts(this.#core, this.#returns);
    this.#send = intercept(options.interceptors ?? [], (call) => this.#dispatch(call));
    this.call = this.#side('call') as unknown as RpcClient<Api>['call'];
    this.cast = this.#side('cast') as unknown as RpcClient<Api>['cast'];
    this.fanout = this.#side('fanout') as unknown as RpcClient<Api>['fanout'];
  }

  get pin(): Pin {
    return this.#core.pin;
  }

  /** How many calls and casts are under way. */
  get inFlight(): number {
    return this.#underWay.count;
  }

  at(server: string): OneServer<Api> {
    this.#core.names.server(server);
    return { call: this.#side('call', server), cast: this.#side('cast', server) } as unknown as OneServer<Api>;
  }

  canSend(version: Version): boolean {
    return compareVersions(parseVersion(version), this.pin.version) <= 0;
  }

  watchPin(listener: (now: Pin, before: Pin) => void): () => void {
    return this.#core.pins.watch(listener);
  }

  async close({ timeout = 5_000 }: { readonly timeout?: number } = {}): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const enough = new AbortController();
    await Promise.race([this.#underWay.settled(), pause(timeout, enough.signal)]);
    enough.abort();
    this.#core.close();
    this.#cancellations.flush();
    await this.#release?.();
    await this.#core.pins.close();
    await this.#returns.close();
  }

  #side(kind: Kind, server?: string): Side {
    const side: Side = Object.create(null) as Side;
    for (const method of this.#core.contract.methods) {
      if (kind !== 'call' && method.returns !== undefined) continue;
      side[method.property] = (request, options = {}) => this.#begin(kind, method, server, request, options);
    }
    return Object.freeze(side);
  }

  #begin(
    kind: Kind,
    method: MethodRecord,
    server: string | undefined,
    request: unknown,
    options: CallOptions & CastOptions,
  ): Promise<unknown> {
    if (this.#closed) return Promise.reject(new LynchpinError('CLOSED', `the client of ${this.#core.contract.record.name} is closed`));
    const call: ClientCall = {
      topic: this.#core.names.topic,
      method: method.property,
      kind,
      server,
      request,
      options,
      pin: this.pin.version,
    };
    return this.#underWay.track(
      EVENTS.client.hasSubscribers ? EVENTS.client.tracePromise(this.#send, call, undefined, call) : this.#send(call),
    );
  }

  #dispatch({ method: property, kind, server, request, options }: ClientCall): Promise<unknown> {
    try {
      // An interceptor may have taken longer than closing has waited.
      this.#core.closing.throwIfAborted();
      const method = this.#core.contract.method(property) as MethodRecord;
      if (kind === 'call') return new Call(this.#core, method, request, options, server).run();
      const destination: Destination =
        kind === 'fanout' ? { kind: 'every' } : server === undefined ? { kind: 'any' } : { kind: 'server', server };
      return this.#casts.send(method, request, options, destination);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}
