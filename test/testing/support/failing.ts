import assert, { AssertionError } from 'node:assert/strict';

/** The text of the assertion that some work fails with. */
export function failureOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof AssertionError, String(error));
    return error.message;
  }
  return assert.fail('it does not fail');
}

/** The same for work that takes its time. */
export async function failureLater(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof AssertionError, String(error));
    return error.message;
  }
  return assert.fail('it does not fail');
}
