import type { BrokerOptions } from '../broker/index.js';
import type { PinOptions } from '../pin/index.js';
import type { ClientOptions as CallDefaults, TraceContext } from '../rpc/index.js';

/** Options of {@link connect}. */
export interface ConnectOptions extends Omit<BrokerOptions, 'clientProperties'> {
  /** What this process calls itself on its messages and in the broker's list of connections. Default: host name and process id. */
  readonly name?: string;
  /** Which build of the service this is, for example a git revision: shown in the roll call and by the broker. */
  readonly build?: string;
  /** Which service of the system this process is part of, for example `volume-api`: shown in the roll call. */
  readonly service?: string;
  /** Which release of the system this process runs, for example `2025.1`: shown in the roll call. */
  readonly release?: string;
  /** Keeps systems apart that share a broker. Default `lynchpin`. */
  readonly namespace?: string;
  /** The kind of work lanes to create where there are none: `quorum` on a cluster. Default `classic`. */
  readonly lanes?: 'classic' | 'quorum';
  /** The largest body that is read, in bytes. Default 8 MiB. */
  readonly maxMessageBytes?: number;
  /**
   * The folder with what was released of the contracts that are served: `bus.serve` refuses to start a server whose contract
   * differs from it. Default: the folder `compat` of the package to which the process's main module belongs, where there is
   * one with a recording of that topic. `false`: nothing is compared.
   */
  readonly recording?: string | URL | false;
  /**
   * What happens when they differ: `refuse` fails `bus.serve` with `CONTRACT_DRIFT`, `warn` emits a process warning, for
   * development. Default `refuse`, or `warn` where the environment variable `LYNCHPIN_DRIFT` is `warn`.
   */
  readonly drift?: 'refuse' | 'warn';
  /** Where a request has its trace context from when it is not part of serving another. */
  readonly trace?: () => TraceContext | undefined;
}

/** Options of `bus.client`. */
export interface ClientOptions extends CallDefaults, Pick<PinOptions, 'pin' | 'releases' | 'settle'> {
  /** Whether this process takes messages off lanes that nobody reads any more, to where they are read. Default true. */
  readonly rescue?: boolean;
}
