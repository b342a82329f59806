import assert from 'node:assert/strict';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { capOf } from '#lynchpin/pin/index.js';
import { LINE } from './support/readings.js';

describe('a pin set by hand', () => {
  const releases = { '2025.1': '3.2', '2025.2': '3.9' } as const;

  it('is a version, or a release', () => {
    assert.equal(capOf('3.3', LINE), '3.3');
    assert.equal(capOf('2025.1', LINE, releases), '3.2');
  });

  it('is no limit when it is not set, or not below what the client speaks', () => {
    assert.equal(capOf(undefined, LINE), undefined);
    assert.equal(capOf('3.4', LINE), undefined);
    assert.equal(capOf('2025.2', LINE, releases), undefined);
  });

  it('is refused when it is neither, or older than everything that the client speaks', () => {
    for (const pin of ['auto', '3', '', 'constructor', '2.17']) {
      assert.throws(
        () => capOf(pin, LINE, releases),
        (error) => LynchpinError.is(error, 'DECLARATION'),
        pin,
      );
    }
  });
});
