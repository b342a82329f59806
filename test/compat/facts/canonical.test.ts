import assert from 'node:assert/strict';
import { canonical, digestOf } from '#lynchpin/compat/index.js';

describe('the canonical text of recorded facts', () => {
  const value = {
    name: 'Volume',
    fields: { b: { kind: 'string' }, a: { values: ['y', 'x'], left: undefined }, none: {} },
    text: 'x'.repeat(120),
  };

  it('has ordered keys, leaves out what is undefined, and breaks up only what is too wide for a line', () => {
    assert.equal(
      canonical(value),
      `{\n  "fields": { "a": { "values": ["y", "x"] }, "b": { "kind": "string" }, "none": {} },\n  "name": "Volume",\n  "text": "${'x'.repeat(120)}"\n}\n`,
    );
  });

  it('is JSON that says the same', () => {
    const wide = { list: [value, null, [], true, -0.5, '\u2028"\\'], ['__proto__']: { own: 1 } };
    assert.deepEqual(JSON.parse(canonical(wide)), JSON.parse(JSON.stringify(wide)));
    assert.ok(
      canonical(wide)
        .split('\n')
        .every((line) => line.length <= 160),
    );
  });

  it('and the digest do not depend on the order in which something was written', () => {
    const turned = { text: value.text, fields: { none: {}, a: { values: ['y', 'x'] }, b: { kind: 'string' } }, name: 'Volume' };
    assert.equal(canonical(turned), canonical(value));
    assert.equal(digestOf(turned), digestOf(value));
    assert.notEqual(digestOf({ ...turned, name: 'Group' }), digestOf(value));
  });
});
