import assert from 'node:assert/strict';
import { LynchpinError, type ErrorCode } from 'lynchpin';

/** Asserts that the work fails with the code, and answers the error, whose details say more. */
export function failsWith(code: ErrorCode, work: () => unknown): LynchpinError {
  try {
    work();
  } catch (error) {
    assert.ok(LynchpinError.is(error), `expected a LynchpinError ${code}, got ${String(error)}`);
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail(`expected ${code}, but nothing was thrown`);
}
