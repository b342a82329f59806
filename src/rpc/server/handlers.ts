import { LynchpinError } from '../../errors/index.js';
import { inContext } from '../context.js';
import type { Contract, MethodRecord } from '../contract/index.js';
import { EVENTS } from '../events.js';
import { intercept, type Interceptor, type Next, type ServerCall } from '../interceptor.js';
import type { Served } from './served.js';

type Handler = (...parameters: unknown[]) => unknown;

/** The handlers of one service, with the server's interceptors around them. */
export class Handlers {
  readonly #handlers = new Map<MethodRecord, Handler>();
  readonly #run: Next<ServerCall>;
  readonly #plain: boolean;

  /** @throws LynchpinError `DECLARATION` when the service lacks a method that some version of the window has. */
  constructor(
    readonly contract: Contract,
    service: object,
    interceptors: readonly Interceptor<ServerCall>[],
  ) {
    const missing: string[] = [];
    for (const method of contract.methods) {
      if (!contract.line.versions.some((version) => contract.wireName(method, version) !== undefined)) continue;
      const handler = (service as Record<string, unknown>)[method.property];
      if (typeof handler === 'function') this.#handlers.set(method, (handler as Handler).bind(service));
      else missing.push(method.property);
    }
    if (missing.length > 0) {
      throw new LynchpinError(
        'DECLARATION',
        `the service given for ${contract.record.name} has no ${missing.join(', no ')}: it must have every method of ${contract.line.toString()} (write "implements Implements<${contract.record.name}>" to have the compiler say so)`,
        { missing },
      );
    }
    this.#plain = interceptors.length === 0;
    this.#run = intercept(interceptors, ({ method, request, context }) =>
      this.#call(contract.method(method) as MethodRecord, request, context as Served),
    );
  }

  /** Runs a request's handler within its context. */
  run(served: Served, request: unknown, topic: string): Promise<unknown> {
    const { method, replyTo } = served.work;
    if (this.#plain && !EVENTS.handler.hasSubscribers) return inContext(served, () => this.#call(method, request, served));
    const call: ServerCall = { topic, method: method.property, kind: replyTo === undefined ? 'cast' : 'call', request, context: served };
    // An interceptor that throws at once is a failure like one that rejects.
    return inContext(served, async () =>
      EVENTS.handler.hasSubscribers ? EVENTS.handler.tracePromise(this.#run, call, undefined, call) : this.#run(call),
    );
  }

  async #call(method: MethodRecord, request: unknown, context: Served): Promise<unknown> {
    const handler = this.#handlers.get(method) as Handler;
    return method.takes === undefined ? handler(context) : handler(request, context);
  }
}
