import assert from 'node:assert/strict';
import { holds, type StandingHold } from '#lynchpin/pin/index.js';
import { ceilingOf, ceilings, heardAt } from '#lynchpin/pin/ceiling.js';
import type { Version } from '#lynchpin/versions/index.js';
import { hold, joined, newer, read, release } from './ledger/support/entries.js';
import { LINE } from './support/readings.js';

/** How far each hold of a ledger lets a client of 3.0 to 3.4 rise that had this pin when it heard of them. */
function most(standing: readonly StandingHold[], pinned?: Version): (Version | undefined)[] {
  const heard = new Map(standing.map((one) => [one.cause === 'operator' ? one.id : 'unreadable', heardAt(one, pinned, LINE)]));
  return ceilings(standing, LINE, heard).map(({ version }) => version);
}

describe('how far holds let a pin rise', () => {
  it('one with a version: to that, or to the next that the client speaks below it', () => {
    assert.deepEqual(most(holds(read([hold('a', '3.2')]))), ['3.2']);
    assert.deepEqual(most(holds(read([hold('a', '3.4')]))), [undefined]);
    assert.deepEqual(most(holds(read([hold('a', '4.0')]))), [undefined]);
  });

  it('one below everything that the client speaks: to its floor, and it is said', () => {
    const [one] = ceilings(holds(read([hold('a', '2.9')])), LINE, new Map());
    assert.deepEqual([one?.version, one?.below], ['3.0', true]);
  });

  it('one without a version: to the pin that the client had', () => {
    assert.deepEqual(most(holds(read([hold('a')])), '3.2'), ['3.2']);
    assert.deepEqual(most(holds(read([hold('a')])), '3.4'), [undefined]);
  });

  it('one without a version, for a client that had no pin: to what all servers read then', () => {
    const servers = [joined('a', 1, '3.4'), joined('b', 1, '3.2')];
    assert.deepEqual(most(holds(read([...servers, hold('h')]))), ['3.2']);
    assert.deepEqual(most(holds(read([hold('h'), ...servers]))), ['3.0']);
    const client = { ...joined('c', 1, '3.1'), role: 'client' } as const;
    assert.deepEqual(most(holds(read([...servers, client, hold('h')]))), ['3.2']);
  });

  it('a ledger that cannot be read is a hold without a version that nobody can release', () => {
    const standing = holds(read([newer()]));
    assert.deepEqual(most(standing, '3.2'), ['3.2']);
    assert.deepEqual(most(standing), ['3.0']);
    assert.deepEqual(
      ceilings(standing, LINE, new Map()).map(({ hold: { id, since } }) => [id, since]),
      [['unreadable', undefined]],
    );
  });

  it('the lowest of several counts, and what is final counts more', () => {
    const each = ceilings(holds(read([hold('a', '3.3'), hold('b', '3.1'), hold('c', '3.2')])), LINE, new Map());
    assert.equal(ceilingOf(each, undefined), '3.1');
    assert.equal(ceilingOf(each, '3.2'), '3.2');
    assert.equal(ceilingOf([], '3.2'), undefined);
    const after = ceilings(holds(read([hold('a', '3.3'), hold('b', '3.1'), release('b')])), LINE, new Map());
    assert.equal(ceilingOf(after, undefined), '3.3');
  });
});
