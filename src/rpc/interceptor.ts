import type { Version } from '../versions/index.js';
import type { CallContext } from './context.js';
import type { CallOptions } from './client/options.js';

/** What a client is about to send. */
export interface ClientCall {
  /** The contract's topic. */
  readonly topic: string;
  /** The method, by the property that declares it. */
  readonly method: string;
  /** Whether one server answers, one does it silently, or all do it. */
  readonly kind: 'call' | 'cast' | 'fanout';
  /** The server that it is addressed to; undefined for any. */
  readonly server: string | undefined;
  /** What the caller wrote. */
  readonly request: unknown;
  /** The options of this call or cast. */
  readonly options: CallOptions;
  /** The pin at this moment; the version that it is sent at may still change. */
  readonly pin: Version;
}

/** What a server is about to run. */
export interface ServerCall {
  /** The contract's topic. */
  readonly topic: string;
  /** The method, by the property that declares it. */
  readonly method: string;
  /** Whether somebody waits for an answer. */
  readonly kind: 'call' | 'cast';
  /** The request as an instance of the newest version, whatever it was written in. */
  readonly request: unknown;
  /** What the handler gets as its last parameter. */
  readonly context: CallContext;
}

/** Does the work and answers its result. */
export type Next<Call> = (call: Call) => Promise<unknown>;

/**
 * Stands around every call: `next => call => result`. The first in a list is the outermost.
 *
 * @example
 * const timing: Interceptor<ClientCall> = next => async call => {
 *   const start = performance.now();
 *   try { return await next(call); } finally { observe(call.method, performance.now() - start); }
 * };
 */
export type Interceptor<Call> = (next: Next<Call>) => Next<Call>;

/** Puts interceptors around the innermost step. */
export function intercept<Call>(interceptors: readonly Interceptor<Call>[], innermost: Next<Call>): Next<Call> {
  return interceptors.reduceRight<Next<Call>>((next, interceptor) => interceptor(next), innermost);
}
