import type { Version } from '../versions/index.js';
import type { CallContext } from './context.js';
import type { CallOptions } from './client/options.js';

/** What a client is about to send. */
export interface ClientCall {
  readonly topic: string;
  readonly method: string;
  readonly kind: 'call' | 'cast' | 'fanout';
  /** The server that it is addressed to; undefined for any. */
  readonly server: string | undefined;
  readonly request: unknown;
  readonly options: CallOptions;
  /** The pin at this moment; the version that it is sent at may still change. */
  readonly pin: Version;
}

/** What a server is about to run. */
export interface ServerCall {
  readonly topic: string;
  readonly method: string;
  readonly kind: 'call' | 'cast';
  readonly request: unknown;
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
