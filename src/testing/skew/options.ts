import type { Json } from '../../objects/index.js';
import type { Describe, It } from '../suite/runner.js';

/**
 * Where a release of a package is taken from. `modules` is the `node_modules` in which an unpacked package finds what it needs;
 * default: the one that is nearest to the working directory.
 */
export type ReleaseSource =
  /** A package that is installed, by the name that it is installed under: `volume-old`, for `npm:volume@1.4.2`. */
  | { readonly alias: string }
  /** What `npm pack` makes. */
  | { readonly tarball: string; readonly modules?: string }
  /** A folder with a package in it, used as it is. */
  | { readonly dir: string }
  /** A commit, tag or branch, written out to a temporary folder and built there. */
  | { readonly git: GitSource };

/** A release that is taken from a repository. */
export interface GitSource {
  /** A folder in the repository. Default: the working directory. */
  readonly repo?: string;
  /** A tag, branch or commit. */
  readonly ref: string;
  /** The package's folder inside the repository. Default: its root. */
  readonly path?: string;
  /** The `node_modules` in which it finds what it needs, unless it is built with one of its own. Default: the nearest. */
  readonly modules?: string;
  /** What builds it, run by the shell in the package's folder: `npm run build`. Default: nothing. */
  readonly build?: string;
}

/** One release that takes part: the package, and where in it the contract is. */
export type SkewRelease = ReleaseSource & {
  /** The module of the contract, as a path inside the package: `dist/contracts.js`. */
  readonly contract: string;
  /** Under which name that module exports the contract's class. Default: the only contract that it exports. */
  readonly export?: string;
  /**
   * A module inside the package that exports a class of handlers, as its only class or as `default`. Default: handlers that
   * answer generated results, so that nothing of the service's own is needed.
   */
  readonly service?: string;
};

/** What {@link Skew | skew} runs. */
export interface SkewOptions {
  /** What was released. */
  readonly old: SkewRelease;
  /** What is about to be. */
  readonly new: SkewRelease;
  /** Where the broker is. Default: the environment variable `AMQP_URL`. */
  readonly broker?: string;
  /**
   * What to send, by method, in plain JSON as the newest version of each release has it. What a release's own schema refuses is
   * not sent by that release. Default: a handful for each method, generated from the contract and always the same.
   */
  readonly requests?: Readonly<Record<string, readonly Json[]>>;
  /** How long everything may take, in ms, after which all processes are ended. Default 120,000. */
  readonly timeoutMs?: number;
  /** How long one call may take, in ms. Default 15,000. */
  readonly callTimeoutMs?: number;
}

/** The same, with the functions of a runner that has no global ones. */
export interface SkewSuiteOptions extends SkewOptions {
  /** The runner's `describe`. Default: the global one. */
  readonly describe?: Describe;
  /** The runner's `it`. Default: the global one, or the global `test`. */
  readonly it?: It;
}
