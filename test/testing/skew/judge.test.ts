import assert from 'node:assert/strict';
import { Verdict, expectedOf } from '#lynchpin/testing/skew/judge.js';
import type { Handled, Sent } from '#lynchpin/testing/skew/messages.js';

const sent: Sent = {
  mark: '1',
  method: 'create',
  sample: 0,
  version: '3.2',
  predicted: 'sent',
  observed: 'handled',
  written: { size: 1 },
  results: { '3.2': { id: 'a' } },
};
const handled: Handled = {
  mark: '1',
  server: 'old-1',
  method: 'create',
  version: '3.2',
  request: { size: 1 },
  answered: '3.2',
  answer: { id: 'a' },
};

/** What is said of one exchange: direction, path and version of each failure. */
function said(change: Partial<Sent>, changeOfHandled: Partial<Handled> = {}): readonly string[] {
  const verdict = new Verdict();
  verdict.exchange({ ...sent, ...change }, { ...handled, ...changeOfHandled });
  return verdict.failures.map(({ direction, path, version }) => `${direction} ${path} ${version}`);
}

describe('skew, when it judges a request', () => {
  it('has nothing to say of what arrived as it was sent and answered', () => {
    assert.deepEqual(said({}), []);
    assert.deepEqual(said({}, { threw: 'VolumeBusy', answer: undefined }), [], 'a handler may refuse');
  });

  it('names what was lost, added or changed, on which way', () => {
    assert.deepEqual(said({ written: { size: 2 } }), ['request size 3.2']);
    assert.deepEqual(said({ written: { size: 1, tier: 'fast' } }), ['request tier 3.2']);
    assert.deepEqual(said({ results: { '3.2': {} } }), ['result id 3.2']);
    assert.deepEqual(said({ results: {} }), ['result  3.2'], 'an answer of a version that the caller does not speak');
    assert.deepEqual(said({ lost: 'size' }), ['request size 3.2']);
    assert.deepEqual(said({}, { lost: 'id' }), ['result id 3.2']);
    assert.deepEqual(said({}, { version: '3.1' }), ['request  3.2'], 'a message that changed its version on the way');
    assert.deepEqual(said({}, { unwritable: 'size must be above 0' }), ['request  3.2']);
  });

  it('tells what was refused from what was lost on the way back, and counts what it finds again', () => {
    const verdict = new Verdict();
    verdict.outcome(sent, 'handled');
    verdict.outcome({ ...sent, observed: 'INVALID', reason: 'INVALID: no id' }, 'handled');
    verdict.outcome({ ...sent, observed: 'INVALID', reason: 'INVALID: no id' }, 'handled');
    verdict.outcome({ ...sent, observed: 'INVALID', reason: 'INVALID: no id' }, 'handled', handled);
    verdict.outcome({ ...sent, method: 'extend' }, 'PINNED');
    assert.deepEqual(
      verdict.failures.map(({ method, direction, times }) => `${method} ${direction} ${times}`),
      ['create request 2', 'create result 1', 'extend outcome 1'],
    );
    assert.deepEqual(
      [verdict.expected, verdict.observed],
      [
        { handled: 4, PINNED: 1 },
        { handled: 2, INVALID: 3 },
      ],
    );
  });

  it('expects by the versions: refused before, read by nobody, or handled', () => {
    assert.equal(
      expectedOf({ ...sent, predicted: 'PINNED' }, () => true),
      'PINNED',
    );
    assert.equal(
      expectedOf(sent, () => false),
      'NO_SERVER',
    );
    assert.equal(
      expectedOf(sent, (version) => version === '3.2'),
      'handled',
    );
  });
});
