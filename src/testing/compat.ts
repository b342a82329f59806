import { assertBackport, assertUpgrade, type ConversionExample } from './asserts/convert.js';
import type { Class } from '../objects/index.js';

/** What unit tests say of the compatibility of a contract. Everything that fails is an `AssertionError` of `node:assert`. */
export interface Compat {
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
}

/** What unit tests say of the compatibility of a contract. */
export const compat: Compat = Object.freeze({ assertBackport, assertUpgrade });
