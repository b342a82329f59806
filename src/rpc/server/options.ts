import type { Interceptor, ServerCall } from '../interceptor.js';

/** Options of `bus.serve`. */
export interface ServeOptions {
  /**
   * The server's name: what callers address with `at(name)`, and the name of its own durable queue. Stable over
   * restarts, and different for every process of the topic. Default: the host's name.
   */
  readonly server?: string;
  /** How many handlers may run at a time in this process. Default 100. */
  readonly concurrency?: number;
  /** What the roll call shows of this build, for example a git revision. */
  readonly build?: string;
  /** How long joining may take, in ms. Default 15,000. */
  readonly joinTimeout?: number;
  /** How long draining waits for handlers, in ms, before it fires their signals and leaves. Default 30,000. */
  readonly drainTimeout?: number;
  /** How often a handler at work gives its caller a sign of life, in ms. Default 5,000. */
  readonly beat?: number;
  /** Stand around every handler; the first is the outermost. */
  readonly interceptors?: readonly Interceptor<ServerCall>[];
}

/** Options with every default filled in. */
export type Settings = Required<Omit<ServeOptions, 'build'>> & Pick<ServeOptions, 'build'>;
