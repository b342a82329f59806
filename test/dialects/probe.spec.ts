import assert from 'node:assert/strict';
import 'reflect-metadata';

/**
 * Proves that the compiler was really set to the dialect under test, for a setting that is not taken is a test of nothing.
 * The runner says in the environment what it expects.
 */
const seen: unknown[] = [];

function probe(_target: unknown, where: unknown): void {
  seen.push(typeof where === 'string' ? 'legacy' : 'standard');
}

class Probe {
  @probe decorated!: string;
  declared: string | undefined;
}

describe('the compiler under test', () => {
  it('writes the dialect, the metadata and the fields that it was told to', () => {
    assert.deepEqual(seen, [process.env['LYNCHPIN_DIALECT']]);
    const metadata = (Reflect as unknown as { getMetadata(key: string, target: object, name: string): unknown }).getMetadata;
    assert.equal(metadata('design:type', Probe.prototype, 'decorated') === String ? 'metadata' : 'none', process.env['LYNCHPIN_METADATA']);
    assert.equal(Object.hasOwn(new Probe(), 'declared') ? 'define' : 'assign', process.env['LYNCHPIN_FIELDS']);
  });
});
