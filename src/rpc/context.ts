import { AsyncLocalStorage } from 'node:async_hooks';
import type { Version } from '../versions/index.js';

/** What a handler knows of the request that it serves. */
export interface CallContext {
  /** Fires when the caller has given up, the deadline has passed or the server cannot wait any longer. */
  readonly signal: AbortSignal;
  /** When the caller stops waiting, in ms on the scale of `performance.now()`; Infinity for casts and calls without a bound. */
  readonly deadline: number;
  /** The version that the request was written in. */
  readonly version: Version;
  /** The method, by the property that declares it. */
  readonly method: string;
  /** The request's id: the same on every copy, so it serves as an idempotency key. */
  readonly id: string;
  /** The name of the process that sent the request. */
  readonly caller: string;
  /** The name of the process at the start of the chain of calls. */
  readonly origin: string;
  /** The account that the broker attests, if it does. */
  readonly userId: string | undefined;
  /** An earlier delivery may have run already. True only for idempotent methods: others are not run again. */
  readonly redelivered: boolean;
  /** W3C trace context, if the request had one. */
  readonly traceparent: string | undefined;
  /** The second half of the trace context. */
  readonly tracestate: string | undefined;
}

const current = new AsyncLocalStorage<CallContext>();

/** Runs a handler so that calls which it makes inherit its deadline, trace context and origin. */
export function inContext<Result>(context: CallContext, run: () => Result): Result {
  return current.run(context, run);
}

/** The context of the request that is being served here, if any. */
export function currentContext(): CallContext | undefined {
  return current.getStore();
}
