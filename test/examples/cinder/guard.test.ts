import assert from 'node:assert/strict';
import { checkSurface, declaredIn, entriesOf, pathOf, readRecording, surfaceOf, type Entry, type Finding } from '#lynchpin/compat/index.js';
import * as newest from '../../../examples/cinder-volume/contract/index.js';
import * as newton from '../../../examples/cinder-volume/releases/newton/contract/index.js';
import * as ocata from '../../../examples/cinder-volume/releases/ocata/contract/index.js';
import { root } from '../../style/project.js';

const recording = readRecording(`${root}/examples/cinder-volume/compat`).recorded;

/** What is told of today's contract, by rule, to somebody who has what a release recorded, and has recorded what came later. */
function told(entries: readonly Entry[]): Readonly<Record<string, readonly string[]>> {
  const findings = checkSurface({
    surface: surfaceOf(declaredIn(newest)),
    recorded: { origin: 'compat/', entries },
    today: '2026-08-01',
    ci: true,
  });
  const places = ({ subject: { name, version, path } }: Finding): string =>
    [name, version, path].filter((part) => part !== undefined).join(' ');
  const rules = [...new Set(findings.map(({ severity, rule }) => `${severity} ${rule}`))];
  return Object.fromEntries(
    rules.map((rule) => [
      rule,
      findings
        .filter((finding) => `${finding.severity} ${finding.rule}` === rule)
        .map(places)
        .sort(),
    ]),
  );
}

/** What a release recorded, and what came later: recorded, described, and not yet released. */
function since(release: object, released: string): readonly Entry[] {
  const own = entriesOf(surfaceOf(declaredIn(release))).map((entry) => ({ ...entry, released }));
  const known = new Set(own.map(({ facts }) => pathOf(facts)));
  return [...own, ...recording.entries.filter(({ facts }) => !known.has(pathOf(facts))).map(({ released: _, ...entry }): Entry => entry)];
}

describe("what the guard has to say of Cinder's history", () => {
  it('is nothing, once everything is released', () => {
    assert.deepEqual(told(recording.entries), {});
  });

  it('is, for Newton, an error that 3.0 did not have, and what is worth a word', () => {
    const { 'warn rpc/error-changed-no-bump': errors, ...rest } = told(since(newton, 'Newton'));
    assert.deepEqual(errors, ['cinder-volume 3.0 errors.SnapshotNotFound']);
    assert.deepEqual(rest, {
      'info object/enum-default-fallback-missing': ['1.3', '1.4', '1.5'].map((version) => `Snapshot ${version} fields.status`),
      'info rpc/method-removed-in-minor': [
        'cinder-volume 3.1 methods.promote_replica',
        'cinder-volume 3.1 methods.reenable_replication',
        'cinder-volume 3.11 methods.create_cgsnapshot',
        'cinder-volume 3.11 methods.create_consistencygroup',
        'cinder-volume 3.11 methods.create_consistencygroup_from_src',
        'cinder-volume 3.11 methods.delete_cgsnapshot',
        'cinder-volume 3.11 methods.delete_consistencygroup',
        'cinder-volume 3.11 methods.update_consistencygroup',
        'cinder-volume 3.17 methods.get_backup_device',
      ],
    });
  });

  it('is, for Ocata, the same of the versions that it had, and less of what was left to come', () => {
    const found = told(since(ocata, 'Ocata'));
    assert.deepEqual(Object.keys(found).sort(), [
      'info object/enum-default-fallback-missing',
      'info rpc/method-removed-in-minor',
      'warn rpc/error-changed-no-bump',
    ]);
    assert.equal(found['info rpc/method-removed-in-minor']?.length, 7);
  });

  it('is, without a line for the changelog, that three numbers say nothing', () => {
    const plain = since(newton, 'Newton').map(({ description: _, ...entry }): Entry => entry);
    assert.deepEqual(told(plain)['error history/gap'], ['Snapshot 1.2', 'Volume 1.6', 'cinder-volume 3.6']);
  });
});
