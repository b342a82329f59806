import type { ClientCall, Interceptor } from '../interceptor.js';

/** Options of one call. */
export interface CallOptions {
  /** How long the caller waits in all, in ms. Default: the method's, else the client's. `Infinity` needs `silence`. */
  readonly timeout?: number;
  /**
   * How long the caller bears to hear nothing, in ms: a server at work gives a sign of life every few seconds. Bounds
   * silence where the length of the work is unknown; at least 1,000.
   */
  readonly silence?: number;
  /** Gives up when it fires: the call fails with `CANCELLED`, and the server is told. */
  readonly signal?: AbortSignal;
  /** What to do when no live server reads the version: wait for one until the deadline, or fail at once. Default: the client's. */
  readonly whenAbsent?: 'wait' | 'fail';
  /** W3C trace context to send along. Default: that of the request being served. */
  readonly traceparent?: string;
}

/** Options of one cast or fanout. */
export interface CastOptions {
  /** How long the broker may take to accept it, in ms; over an outage it is kept and published again meanwhile. Default 30,000. */
  readonly timeout?: number;
  /** Stops trying to hand it to the broker. */
  readonly signal?: AbortSignal;
  /** How long the message may wait for its server, in ms. Default: for ever, for a fanout 60,000. */
  readonly expires?: number;
  /** W3C trace context to send along. Default: that of the request being served. */
  readonly traceparent?: string;
}

/** Options of a client. */
export interface ClientOptions {
  /** How long a call may take when neither it nor its method says, in ms. Default 30,000. */
  readonly timeout?: number;
  /** What calls do when no live server reads their version. Default `wait`. */
  readonly whenAbsent?: 'wait' | 'fail';
  /** Stand around every call, cast and fanout; the first is the outermost. */
  readonly interceptors?: readonly Interceptor<ClientCall>[];
}

/** Reads a bound in ms. */
export const DEFAULT_TIMEOUT = 30_000;
/** How long a fanout waits on a server's own queue. */
export const FANOUT_EXPIRES = 60_000;
