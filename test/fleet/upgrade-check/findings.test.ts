import assert from 'node:assert/strict';
import { upgradeFindings } from '#lynchpin/fleet/upgrade-check/check.js';
import { count, judged, minors, process, scene, state } from './facts.js';

const OLD = process('old-1', 'server', minors(0, 2));
const NEW = process('new-1', 'server', minors(2, 4));
const CLIENT = process('client-1', 'client', minors(0, 2));
const FLOOR = { author: 'ada', reason: 'the column is gone', at: '2026-03-01T10:00:00Z', epoch: 1, offset: 5 } as const;

describe('whether a build can join', () => {
  it('is ready where it reads what everybody reads, held or not, and where nobody is there', () => {
    assert.deepEqual(judged(minors(0, 2), scene({ reports: [OLD, CLIENT] })), ['ready']);
    assert.deepEqual(judged(minors(1, 4), scene({ reports: [OLD, CLIENT] })), ['ready']);
    assert.deepEqual(judged(minors(0, 4), scene({})), ['ready']);
  });

  it('says at which version pins will be held, and by whom', () => {
    const findings = upgradeFindings([{ topic: 'volume', versions: minors(1, 4) }], 'both', scene({ reports: [OLD] }));
    assert.match(findings.find(({ id }) => id === 'upgrade/servers')?.seen ?? '', /^3\.2 .*old-1/);
  });

  describe('beside live servers', () => {
    it('is not ready where no live server reads any of it', () => {
      for (const role of ['server', 'client', 'both'] as const) {
        assert.deepEqual(judged(minors(3, 4), scene({ reports: [OLD] }), role), ['not ready', 'error: upgrade/servers'], role);
      }
    });

    it('is not ready as a server where no version is common to all, and splits as a client', () => {
      const between = scene({ reports: [process('a', 'server', minors(0, 1)), process('b', 'server', minors(3, 4))] });
      assert.deepEqual(judged(minors(1, 3), between), ['not ready', 'error: upgrade/split']);
      assert.deepEqual(judged(minors(1, 3), between, 'client'), ['warnings', 'warning: upgrade/split']);
    });

    it('warns a client where no server is', () => {
      assert.deepEqual(judged(minors(0, 2), scene({}), 'client'), ['warnings', 'warning: upgrade/servers']);
    });

    it('warns where the broker counts more servers than answer', () => {
      const silent = { ...scene({ reports: [OLD] }), topics: scene({ reports: [OLD, OLD] }).topics };
      assert.deepEqual(judged(minors(0, 2), silent), ['warnings', 'warning: upgrade/silent']);
    });

    it('does not take what cannot be counted, or who cannot be asked, for nobody', () => {
      const uncounted = scene({ reports: [OLD], roll: { known: false, reason: 'down' } });
      assert.deepEqual(judged(minors(0, 2), uncounted), ['warnings', 'not checked: upgrade/servers']);
      const one = scene({ reports: [OLD] });
      const [topic] = one.topics;
      assert.ok(topic !== undefined);
      const readers = new Map([...topic.readers, ['3.3', { known: false, reason: 'down' } as const] as const]);
      const unread = { ...one, topics: [{ ...topic, readers }] };
      assert.deepEqual(judged(minors(3, 4), unread), ['warnings', 'not checked: upgrade/servers']);
      assert.deepEqual(judged(minors(2, 4), unread), ['ready']);
      const uncalled = scene({ roll: { known: false, reason: 'missing' }, called: { done: false, why: 'FORBIDDEN' } });
      assert.deepEqual(judged(minors(0, 2), uncalled), ['warnings', 'not checked: upgrade/roll-call']);
    });
  });

  it('warns a server of clients that it cannot serve, and a client of none', () => {
    const facts = scene({ reports: [NEW, CLIENT] });
    assert.deepEqual(judged(minors(3, 4), facts), ['warnings', 'warning: upgrade/clients']);
    assert.deepEqual(judged(minors(3, 4), facts, 'client'), ['ready']);
  });

  describe('by the ledger', () => {
    it('is not ready below what was finalized, and is at it', () => {
      const ledger = state({ floors: [{ ...FLOOR, version: '3.4' }] });
      assert.deepEqual(judged(minors(0, 3), scene({ ledger })), ['not ready', 'error: upgrade/final']);
      assert.deepEqual(judged(minors(0, 4), scene({ ledger })), ['ready']);
    });

    it('says who finalized what, since when and why', () => {
      const ledger = state({ floors: [{ ...FLOOR, version: '3.4' }] });
      const [finding] = upgradeFindings([{ topic: 'volume', versions: minors(0, 3) }], 'both', scene({ ledger }));
      for (const word of ['3.4', 'ada', '2026-03-01T10:00:00Z', 'the column is gone']) assert.ok(finding?.seen.includes(word), word);
    });

    it('is not ready where the ledger cannot be understood, was not checked where it cannot be read, and minds none that is not there', () => {
      const newer = state({ unreadable: { cause: 'newer', offset: 3, format: 2, called: 'x' } });
      assert.deepEqual(judged(minors(0, 3), scene({ ledger: newer })), ['not ready', 'error: upgrade/final']);
      const unread = (reason: 'missing' | 'unsupported' | 'unreachable') =>
        judged(minors(0, 3), scene({ ledger: { known: false, reason, why: 'so' } }));
      assert.deepEqual(unread('unreachable'), ['warnings', 'not checked: upgrade/final']);
      assert.deepEqual([unread('missing'), unread('unsupported')], [['ready'], ['ready']]);
    });

    it('warns while something is finalized, and is not ready below that', () => {
      const ledger = state({ prepared: { ...FLOOR, version: '3.4', tried: [] } });
      assert.deepEqual(judged(minors(0, 4), scene({ ledger })), ['warnings', 'warning: upgrade/finalizing']);
      assert.deepEqual(judged(minors(0, 3), scene({ ledger })), ['not ready', 'error: upgrade/finalizing']);
    });

    it('warns of a hold below its version, and not of one at it', () => {
      const held = (until?: '3.2' | '3.4') => state({ holds: [{ id: 'h', author: 'ada', reason: 'soak', offset: 1, until }] });
      assert.deepEqual(judged(minors(0, 4), scene({ ledger: held('3.2') })), ['warnings', 'warning: upgrade/held']);
      assert.deepEqual(judged(minors(0, 4), scene({ ledger: held() })), ['warnings', 'warning: upgrade/held']);
      assert.deepEqual(judged(minors(0, 4), scene({ ledger: held('3.4') })), ['ready']);
    });
  });

  describe('by what waits on lanes', () => {
    const waiting = { '3.0': count(7, 0) };

    it('is not ready where messages wait below its floor and nobody reads them', () => {
      assert.deepEqual(judged(minors(2, 4), scene({ reports: [NEW], lanes: waiting })), ['not ready', 'error: upgrade/lanes']);
      const [finding] = upgradeFindings(
        [{ topic: 'volume', versions: minors(2, 4) }],
        'both',
        scene({ reports: [NEW], lanes: waiting }),
      ).filter(({ severity }) => severity === 'error');
      assert.match(finding?.seen ?? '', /7 messages on lane 3\.0/);
    });

    it('warns where others still read them', () => {
      assert.deepEqual(judged(minors(2, 4), scene({ reports: [OLD], lanes: waiting })), ['warnings', 'warning: upgrade/lanes']);
    });

    it('warns of what is stranded above it, and not of what it takes itself', () => {
      const above = { '3.6': count(2, 0) };
      assert.deepEqual(judged(minors(2, 4), scene({ reports: [NEW], lanes: above })), ['warnings', 'warning: upgrade/lanes']);
      assert.deepEqual(judged(minors(2, 6), scene({ reports: [NEW], lanes: above })), ['ready']);
      assert.deepEqual(judged(minors(2, 6), scene({ reports: [NEW], lanes: above }), 'client'), ['warnings', 'warning: upgrade/lanes']);
    });

    it('does not take what is not known for empty, and a lane that is not there for unknown', () => {
      const unknown = { '3.0': { known: false, reason: 'down' } as const };
      assert.deepEqual(judged(minors(2, 4), scene({ reports: [NEW], lanes: unknown })), ['warnings', 'not checked: upgrade/lanes']);
      const missing = { '3.0': { known: false, reason: 'missing' } as const };
      assert.deepEqual(judged(minors(2, 4), scene({ reports: [NEW], lanes: missing })), ['ready']);
    });
  });
});
