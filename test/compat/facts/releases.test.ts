import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import * as today from '../../../examples/cinder-volume/contract/index.js';
import * as newton from '../../../examples/cinder-volume/releases/newton/contract/index.js';
import * as ocata from '../../../examples/cinder-volume/releases/ocata/contract/index.js';
import { declaredIn, diffFacts, diffLines, entriesOf, surfaceOf, type Entry, type Facts } from '#lynchpin/compat/index.js';

const entriesIn = (module: object): readonly Entry[] => entriesOf(surfaceOf(declaredIn(module)));

/** What two releases of one contract have in common must be the same on the wire: that is what since, until and was promise. */
function differences(older: readonly Entry[], newer: readonly Entry[]): string[] {
  return older.flatMap(({ facts }) => {
    const { kind, name, version } = facts;
    const now = newer.find((entry) => entry.facts.kind === kind && entry.facts.name === name && entry.facts.version === version)?.facts;
    if (now === undefined) return [`${name} ${version} is gone`];
    if (isDeepStrictEqual(withoutErrors(now), withoutErrors(facts))) return [];
    return [`${name} ${version}`, ...diffLines(diffFacts(withoutErrors(facts), withoutErrors(now)))];
  });
}

/** A contract's errors have no versions: SnapshotNotFound came after Ocata, and older callers get it as an unknown error. */
function withoutErrors(facts: Facts): Facts {
  return facts.kind === 'api' ? { ...facts, errors: [] } : facts;
}

describe('the facts of an old version, taken from the newest declarations', () => {
  const now = entriesIn(today);

  it('are those of the release that was the newest then: Newton, at 3.0', () => {
    assert.deepEqual(differences(entriesIn(newton), now), []);
  });

  it('are those of the release that was the newest then: Ocata, at each of its eleven versions', () => {
    const then = entriesIn(ocata);
    assert.equal(then.filter(({ facts }) => facts.kind === 'api').length, 11);
    assert.ok(then.filter(({ facts }) => facts.kind === 'object').length >= 20);
    assert.deepEqual(differences(then, now), []);
  });

  it('have the same fingerprints for every object, schema included', () => {
    const fingerprints = new Map(now.map(({ facts, fingerprint }) => [`${facts.kind} ${facts.name} ${facts.version}`, fingerprint]));
    for (const { facts, fingerprint } of entriesIn(ocata))
      if (facts.kind === 'object') assert.equal(fingerprints.get(`object ${facts.name} ${facts.version}`), fingerprint, facts.name);
  });

  it('are shown to differ when a field loses its since, or a method its until', () => {
    const then = entriesIn(ocata);
    const [volume, api] = [of(now, 'Volume', '1.6'), of(now, 'cinder-volume', '3.10')];
    assert.ok(volume.facts.kind === 'object' && api.facts.kind === 'api');
    const { facts: newest } = of(now, 'Volume', '1.9');
    const quota = newest.kind === 'object' ? newest.fields['use_quota'] : undefined;
    assert.ok(quota);
    const [name = ''] = Object.keys(api.facts.methods);
    const { [name]: _, ...methods } = api.facts.methods;
    const faulty: readonly Entry[] = [
      { ...volume, facts: { ...volume.facts, fields: { ...volume.facts.fields, use_quota: quota } } },
      { ...api, facts: { ...api.facts, methods } },
    ];
    const planted = now.map((entry) => (entry === volume ? faulty[0] : entry === api ? faulty[1] : undefined) ?? entry);
    const found = differences(then, planted);
    assert.deepEqual(
      found.filter((line) => !/^[+~-]/.test(line)),
      ['Volume 1.6', 'cinder-volume 3.10'],
    );
    assert.ok(found.some((line) => line.startsWith('+ fields.use_quota')));
    assert.ok(found.some((line) => line.startsWith(`- methods.${name}`)));
  });
});

function of(entries: readonly Entry[], name: string, version: string): Entry {
  return entries.find(({ facts }) => facts.name === name && facts.version === version) ?? assert.fail(`${name} ${version}`);
}
