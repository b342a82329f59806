import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defineApi, defineMessage, LynchpinError, t, type Class } from 'lynchpin';
import {
  declaredIn,
  entriesOf,
  lawFacts,
  readRecording,
  surfaceOf,
  type Entry,
  type LawFinding,
  type RuleId,
} from '#lynchpin/compat/index.js';
import * as cinder from '../../../examples/cinder-volume/contract/index.js';
import { proved, thing, type Data } from '../support/proved.js';
import { zooApi } from '../support/zoo-api.js';

const rulesOf = (findings: readonly LawFinding[]): readonly RuleId[] => [...new Set(findings.map(({ rule }) => rule))].sort();

describe('the laws of conversion', () => {
  it("hold for Cinder's contract, against what was recorded of it", () => {
    const declared = declaredIn(cinder);
    const { recorded } = readRecording(new URL('../../../../examples/cinder-volume/compat', import.meta.url).pathname);
    const before = process.cpuUsage();
    const facts = lawFacts({ declared, surface: surfaceOf(declared), recorded });
    assert.deepEqual(
      facts.flatMap((fact) => fact.prove()),
      [],
    );
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 3_000_000, `${Math.round((user + system) / 1000)} ms of processor time`);
    assert.ok(facts.length > 40);
  });

  it('hold for a contract with every type of field and every kind of change', () => {
    assert.deepEqual(proved(zooApi), []);
  });

  it('find the same with the same seed, down to the value, and say which seed that was', () => {
    const wrong = (): Readonly<Record<string, Class<object>>> => ({ Volume: throwing((data) => data.name.startsWith('x')) });
    const first = proved(wrong());
    assert.deepEqual(rulesOf(first), ['backport/throws']);
    const [seed] = first[0]?.diff.flatMap((line) => /^~ found with seed (\d+)$/.exec(line)?.[1] ?? []) ?? [];
    assert.deepEqual(proved(wrong(), { seed: Number(seed) }), first);
    assert.deepEqual(first[0]?.counterexample?.value, { id: '00000000-0000-0000-0000-000000000000', name: 'x', tags: [] });
    assert.equal(first[0]?.counterexample?.version, '1.1');
  });

  it('keep the fingerprint of a finding when chance finds it by another value', () => {
    const wrong = (): Readonly<Record<string, Class<object>>> => ({ Volume: throwing((data) => data.tags.length > 1) });
    const [one, other] = [proved(wrong(), { seed: 1 }), proved(wrong(), { seed: 2 })];
    assert.deepEqual(rulesOf(one), ['backport/throws']);
    assert.equal(one[0]?.fingerprint, other[0]?.fingerprint);
  });

  it('leave clocks and chance as they were, also where functions throw', () => {
    const found = (): unknown[] => [
      Object.getOwnPropertyDescriptor(globalThis, 'Date'),
      Object.getOwnPropertyDescriptor(Math, 'random'),
      Object.getOwnPropertyDescriptor(performance, 'now'),
    ];
    const before = found();
    assert.deepEqual(rulesOf(proved({ Volume: throwing((data) => data.name === '') })), ['backport/throws']);
    assert.deepEqual(found(), before);
  });

  it('are tried on what was kept, which chance may never find', () => {
    const wrong = (): Readonly<Record<string, Class<object>>> => ({ Volume: throwing((data) => data.id === KEPT.id) });
    assert.deepEqual(proved(wrong()), []);
    const corpus = [{ name: 'Volume', version: '1.1', file: 'corpus/Volume/1.1/kept.json', value: KEPT }] as const;
    assert.deepEqual(rulesOf(proved(wrong(), { corpus })), ['backport/throws']);
  });

  it('are tried on values of fields that were brought along, and refuse those of fields that are not there', () => {
    const wrong = (): Readonly<Record<string, Class<object>>> => ({ Volume: throwing((data) => data.name === 'unlikely') });
    assert.deepEqual(proved(wrong()), []);
    assert.deepEqual(rulesOf(proved(wrong(), { arbitraries: { 'Volume.name': fc.constant('unlikely') } })), ['backport/throws']);
    assert.throws(
      () => proved(wrong(), { arbitraries: { 'Volume.nmae': fc.string() } }),
      (error) => error instanceof LynchpinError && error.code === 'DECLARATION',
    );
  });

  it('find what a function compares with, without a word from anyone', () => {
    assert.deepEqual(rulesOf(proved({ Volume: throwing((data) => data.name === 'legacy-name') })), ['backport/throws']);
    const sized = (down: (data: Data) => unknown): Readonly<Record<string, Class<object>>> => ({
      Volume: thing('Volume', { fields: { size: t.integer(), big: [t.boolean(), { until: '1.1' }] }, down: { '1.1': down } }),
    });
    assert.deepEqual(proved(sized((data) => ({ ...data, big: data.size > 16_384 }))), []);
    assert.deepEqual(rulesOf(proved(sized((data) => ({ ...data, big: data.size === 16_384 ? 'just' : true })))), [
      'backport/output-invalid',
    ]);
  });

  it('judge by the recorded schema of an older version, not by what the code says of it today', () => {
    const Volume = thing('Volume', { fields: { size: [t.integer(), { since: '1.1', default: 0 }] } });
    const entries = entriesOf(surfaceOf(declaredIn({ Volume })));
    const narrower = entries.map((entry): Entry => {
      if (entry.facts.version !== '1.0') return entry;
      const properties = { ...(entry.schema['properties'] as object), name: { type: 'string', maxLength: 3 } };
      return { ...entry, schema: { ...entry.schema, properties }, fingerprint: `1:${'0'.repeat(32)}`, released: '1.0.0' };
    });
    assert.deepEqual(proved({ Volume }, { recorded: { origin: 'compat/', entries } }), []);
    const [finding, ...others] = proved({ Volume }, { recorded: { origin: 'compat/', entries: narrower } });
    assert.ok(finding);
    assert.equal(finding.rule, 'backport/output-invalid');
    assert.equal((finding.counterexample?.value as { name: string } | undefined)?.name.length, 4);
    assert.deepEqual(others, []);
  });

  it('miss a recorded version that the code has lost in the middle of its window', () => {
    const Volume = thing('Volume', { version: '2.0', from: { floor: '1.0', previous: { 1: '1.2' } } });
    const entries = entriesOf(surfaceOf(declaredIn({ Volume })));
    const [entry] = entries;
    assert.ok(entry?.facts.kind === 'object');
    const recordedAt = (version: '1.3' | '2.1'): LawFinding[] =>
      proved(
        { Volume },
        { recorded: { origin: 'compat/', entries: [...entries, { ...entry, facts: { ...entry.facts, version } } as Entry] } },
      );
    assert.deepEqual(rulesOf(recordedAt('1.3')), ['backport/missing']);
    assert.deepEqual(recordedAt('2.1'), [], 'what lies above is for the rules of history');
  });

  it('tell a default that is another one each time, and no other', () => {
    const made = (make: () => unknown) => ({
      Volume: thing('Volume', { fields: { colour: [t.string(), { since: '1.1', default: make }] } }),
    });
    assert.deepEqual(proved(made(() => 'red')), []);
    assert.deepEqual(rulesOf(proved(made(() => String(Math.random())))), ['backport/non-deterministic']);
  });

  it('judge functions of messages, under the API that takes them', () => {
    class Grow {}
    class VolumeApi {}
    const message = defineMessage as unknown as (owner: Class<object>, definition: object) => Class<object>;
    const api = defineApi as unknown as (owner: Class<object>, definition: object) => Class<object>;
    message(Grow, {
      fields: { size: t.integer({ minimum: 0, maximum: 100 }), unit: [t.enum(['gb', 'tb']), { since: '2.1', default: 'gb' }] },
      backports: [{ from: '2.1', to: '2.0', run: (data: Data) => ({ ...data, size: data.unit === 'tb' ? data.size * 1024 : data.size }) }],
    });
    api(VolumeApi, { topic: 'volume', version: '2.1', floor: '2.0', methods: { grow: { takes: Grow } } });
    const findings = proved({ VolumeApi });
    assert.ok(rulesOf(findings).includes('backport/output-invalid'));
    assert.ok(rulesOf(findings).includes('backport/shared-field-changed'));
    for (const { subject } of findings) assert.deepEqual([subject.kind, subject.name, subject.version], ['api', 'volume', '2.1']);
  });

  it('give the clocks and chance back', () => {
    const real = { Date, random: Math.random, now: performance.now };
    proved({ Volume: throwing(() => true) });
    assert.deepEqual({ Date, random: Math.random, now: performance.now }, real);
    assert.ok(Math.abs(Date.now() - performance.timeOrigin - performance.now()) < 60_000);
  });
});

const KEPT = { id: '6ba7b810-9dad-11d1-80b4-00c04fd430c8', name: '', tags: [] };

/** An object whose backport throws on some of its data. */
function throwing(on: (data: Data) => boolean): Class<object> {
  return thing('Volume', {
    fields: { host: [t.nullable(t.string()), { until: '1.1' }] },
    down: {
      '1.1': (data) => {
        if (on(data)) throw new Error('planted');
        return { ...data, host: data.name === 'legacy-name' ? null : data.name };
      },
    },
  });
}
