import assert from 'node:assert/strict';
import * as today from '../../../examples/cinder-volume/contract/index.js';
import * as newton from '../../../examples/cinder-volume/releases/newton/contract/index.js';
import * as ocata from '../../../examples/cinder-volume/releases/ocata/contract/index.js';
import { declaredIn, surfaceOf, type ApiFacts, type Facts } from '#lynchpin/compat/index.js';

/** What two releases of one contract have in common must be the same on the wire: that is what since, until and was promise. */
function differences(older: object, newer: object): string[] {
  const [old, now] = [surfaceOf(declaredIn(older)), surfaceOf(declaredIn(newer))];
  const compared: string[] = [];
  for (const thing of [...old.objects, ...old.apis]) {
    const other = [...now.objects, ...now.apis].find(({ name }) => name === thing.name);
    for (const [version, { facts }] of thing.entries) {
      const at = other?.entries.get(version)?.facts;
      assert.ok(at, `${thing.name} ${version} is gone`);
      try {
        assert.deepEqual(withoutErrors(at), withoutErrors(facts));
      } catch (error) {
        compared.push(`${thing.name} ${version}: ${(error as Error).message}`);
      }
    }
  }
  return compared;
}

/** A contract's errors have no versions: SnapshotNotFound came after Ocata, and older callers get it as an unknown error. */
function withoutErrors(facts: Facts): object {
  return facts.kind === 'api' ? ({ ...facts, errors: [] } satisfies ApiFacts) : facts;
}

describe('the facts of an old version, taken from the newest declarations', () => {
  it('are those of the release that was the newest then: Newton', () => assert.deepEqual(differences(newton, today), []));
  it('are those of the release that was the newest then: Ocata, at each of its eleven versions', () =>
    assert.deepEqual(differences(ocata, today), []));
  it('are shown to differ where a release is compared with an older one of another name', () => {
    const { Volume: _, ...withoutVolume } = { ...ocata };
    assert.throws(() => differences(today, withoutVolume), /3\.11 is gone|1\.\d is gone/);
  });
});
