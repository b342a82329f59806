import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSettings, type Arbitraries, type Settings } from '../../compat/index.js';
import type { Describe, It } from './runner.js';

/** Where a recording lies, and what is said of it. */
export interface RecordingOptions {
  /** The folder of the recording, from the working directory, or a URL. Default: what the settings say, or `compat`. */
  readonly recording?: string | URL;
  /**
   * The settings. Default: those of the package that `recording` lies in, or else of the working directory: `lynchpin` in
   * package.json, or `lynchpin.config.json`.
   */
  readonly settings?: Settings;
}

/** Options of `compat.suite`. */
export interface SuiteOptions extends RecordingOptions {
  /** How many random values each way is proven with, after the edges and the corpus. Default: 100. */
  readonly runs?: number;
  /** The seed of the random values. Default: each way has its own, which follows from the fingerprints of its ends. */
  readonly seed?: number;
  /** Plain values of single fields, by `Class.field`, as fast-check arbitraries. Default: all are made up from the types. */
  readonly arbitraries?: Arbitraries;
  /** The runner's `describe`. Default: the global one. */
  readonly describe?: Describe;
  /** The runner's `it`. Default: the global one. */
  readonly it?: It;
  /**
   * Whether unreleased entries, `SURFACE.md` and counterexamples are written to the recording. Default: unless the
   * environment variable `CI` is set, to anything but `false` and `0`.
   */
  readonly write?: boolean;
}

/** The recording's folder and the settings that hold for it. */
export interface Place {
  readonly folder: string;
  readonly settings: Settings;
}

/** @throws LynchpinError `DECLARATION` for settings that are not understood. */
export function placeOf(options: RecordingOptions): Place {
  const named = options.recording instanceof URL ? fileURLToPath(options.recording) : options.recording;
  const settings = options.settings ?? readSettings(named === undefined ? process.cwd() : packageOf(resolve(named)));
  return { folder: resolve(named ?? settings.recording ?? 'compat'), settings };
}

/** The package that a recording lies in, so that a run from the root of a monorepo has the settings of the package. */
function packageOf(recording: string): string {
  for (let at = dirname(recording); ; at = dirname(at)) {
    if (['package.json', 'lynchpin.config.json'].some((file) => existsSync(join(at, file)))) return at;
    if (at === dirname(at)) return process.cwd();
  }
}

/** Whether this run is one of a build server's, which never writes. */
export function isContinuousIntegration(environment: NodeJS.ProcessEnv): boolean {
  return !['', '0', 'false', undefined].includes(environment['CI']?.toLowerCase());
}
