import { suite } from './suite/suite.js';
import type { Load } from './suite/examination.js';
import type { RecordingOptions, SuiteOptions } from './suite/options.js';
import { assertBackport, assertUpgrade, type ConversionExample } from './asserts/convert.js';
import { assertLossy, type LossExample } from './asserts/lossy.js';
import { assertHistory, assertUnchanged, type Asserted, type Source } from './asserts/recorded.js';
import type { Class } from '../objects/index.js';

/** What unit tests say of the compatibility of a contract. Everything that fails is an `AssertionError` of `node:assert`. */
export interface Compat {
  /**
   * Registers a test for each fact of a contract and its recording, with the `describe` and `it` of whatever runs the tests:
   * mocha, jest, vitest with globals; node:test and others pass theirs.
   *
   * A local run brings the unreleased part of the recording up to date and says so. With `CI` in the environment nothing is
   * written: what is missing or out of date fails, with the command that records it.
   * @param load gives the module whose exports are the contract. It is called once, by the first test that runs.
   * @example
   * compat.suite(() => import('../src/contract.js'));
   * @throws LynchpinError `DECLARATION` when there is no `describe` or `it`, or for options and settings that are not understood.
   */
  suite(load: Load, options?: SuiteOptions): void;
  /**
   * One example of a way down: what an older peer gets of what a newer one sends. What is given must fit its version, and
   * what comes out is compared as a whole.
   * @example
   * compat.assertBackport(Volume, { from: '1.2', to: '1.1', given: { id, sizeGb: 1, tier: 'fast', attachments: [] }, expect: { id, sizeGb: 1, tier: 'fast', host: null } });
   * @throws AssertionError when something else comes out, or nothing does. LynchpinError `DECLARATION` for versions that the class does not have.
   */
  assertBackport(owner: Class<object>, example: ConversionExample): void;
  /**
   * One example of a way up: what today's code makes of what an older peer sent.
   * @throws AssertionError when something else comes out, or nothing does. LynchpinError `DECLARATION` for versions that the class does not have.
   */
  assertUpgrade(owner: Class<object>, example: ConversionExample): void;
  /**
   * What is lost on the way down and back up is what `@Lossy` declares, no more and no less: each field named is declared and
   * really lost, and no other field that both versions have is. It is tried on edges and a hundred random values; nested
   * objects stay at their newest.
   * @throws AssertionError with what is lost and how it came back.
   */
  assertLossy(owner: Class<object>, example: LossExample): void;
  /**
   * Today's code says what was recorded, at every version: nothing was changed without a new version. Nothing is written.
   * @param source a class, a list of classes, the module that exports them, or a function that loads it. Only with the last one a
   * promise comes back.
   * @throws AssertionError with what differs, who breaks, and what to do.
   */
  assertUnchanged<S extends Source>(source: S, options?: RecordingOptions): Asserted<S>;
  /**
   * Every version is recorded, and their history has no gaps: none skipped or taken back, no promise broken, nothing removed
   * before its time. Nothing is written.
   * @param source a class, a list of classes, the module that exports them, or a function that loads it. Only with the last one a
   * promise comes back.
   * @throws AssertionError with what is wrong and what to do.
   */
  assertHistory<S extends Source>(source: S, options?: RecordingOptions): Asserted<S>;
}

/** What unit tests say of the compatibility of a contract. */
export const compat: Compat = Object.freeze({ suite, assertBackport, assertUpgrade, assertLossy, assertUnchanged, assertHistory });
