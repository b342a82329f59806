import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { findRecord, ObjectGraph, type Class, type ObjectRecord } from '#lynchpin/objects/index.js';
import { compareVersions, Line, type Version } from '#lynchpin/versions/index.js';
import * as contract from '../../../examples/cinder-volume/contract/index.js';
import { objectAt } from './arbitraries.js';
import { facts, reachedFrom } from './facts.js';
import { moved, type Plain, type Versions } from './oracle.js';

const CLASSES: Readonly<Record<string, Class<object>>> = {
  Volume: contract.Volume,
  Snapshot: contract.Snapshot,
  VolumeAttachment: contract.VolumeAttachment,
  VolumeType: contract.VolumeType,
  Group: contract.Group,
  Cluster: contract.Cluster,
  Backup: contract.Backup,
};

/** Where the objects around the one that moves stand meanwhile. */
type Around = 'newest' | 'oldest';
type Convert = (name: string, from: Version, to: Version) => (json: unknown) => unknown;

/** Every version of one object's line, as if an API had one version for each. */
class ObjectHistory {
  readonly versions: readonly Version[];
  readonly graph: ObjectGraph;
  readonly shape: Class<object>;
  readonly #others: Versions;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

  constructor(
    readonly name: string,
    around: Around,
  ) {
    this.shape = CLASSES[name] as Class<object>;
    const { versions } = recordOf(name).line as Line;
    this.versions = versions;
    const others = [...reachedFrom(name)].filter((other) => other !== name).map((other) => [other, recordOf(other).line as Line] as const);
    const beside: Record<string, Version> = Object.fromEntries(
      others.map(([other, line]) => [other, around === 'newest' ? line.head : line.floor]),
    );
    this.#others = beside;
    this.graph = new ObjectGraph({
      of: `${name}History`,
      line: new Line(`${name}History`, versions),
      carries: Object.fromEntries(versions.map((version) => [version, { ...beside, [name]: version }])),
    });
    this.graph.add(this.shape, { direction: 'out', where: name });
    this.graph.check();
  }

  at(version: Version): Versions {
    return { ...this.#others, [this.name]: version };
  }

  readonly convert: Convert = (_name, from, to) => this.graph.converter(this.shape, from, to);

  /** Checks with a validator of our own that the data is what the version's schema says. */
  validate(version: Version, data: unknown): void {
    const schema = this.graph.schema(this.shape, version);
    const check = this.#ajv.compile(schema as object);
    assert.ok(check(data), `not what ${this.name} ${version} is: ${this.#ajv.errorsText(check.errors)}`);
  }
}

/** Converts data of one version to every other and compares with what the history says. */
function checkAll(history: ObjectHistory, from: Version, data: Plain, convert: Convert = history.convert): void {
  const untouched = structuredClone(data);
  for (const to of history.versions) {
    const result = convert(history.name, from, to)(data);
    assert.deepEqual(data, untouched, `${history.name} ${from} to ${to} changes what it is given`);
    history.validate(to, result);
    assert.deepEqual(result, moved(history.name, data, history.at(from), history.at(to)), `${history.name} ${from} to ${to}`);
  }
}

describe('every pair of versions of every object of Cinder', function () {
  this.timeout(60_000);

  for (const name of Object.keys(facts.objects)) {
    for (const around of ['newest', 'oldest'] as const) {
      it(`converts ${name} between all its versions as the history says, the objects around it at their ${around}`, () => {
        const history = new ObjectHistory(name, around);
        // Deeper data with the newest around: there the circles close, a volume in an attachment in a volume.
        for (const from of history.versions) {
          fc.assert(
            fc.property(objectAt(name, history.at(from), around === 'newest' ? 2 : 1), (data) => checkAll(history, from, data)),
            { numRuns: around === 'newest' ? 4 : 8 },
          );
        }
      });
    }

    it(`loses of ${name} what it says, no more and no less`, () => {
      const history = new ObjectHistory(name, 'newest');
      for (const [position, high] of history.versions.entries()) {
        for (const low of history.versions.slice(0, position)) {
          const lost = new Set<string>();
          for (const before of fc.sample(objectAt(name, history.at(high), 1), { numRuns: 40, seed: 7 })) {
            const down = history.convert(name, high, low)(before);
            const after = history.convert(name, low, high)(down) as Plain;
            for (const field of Object.keys(before)) if (!same(before[field], after[field])) lost.add(field);
          }
          assert.deepEqual([...lost].sort(), declaredLoss(name, high, low), `${name} ${high} to ${low} and back`);
        }
      }
    });
  }

  describe('notices', () => {
    const history = new ObjectHistory('Snapshot', 'newest');
    const snapshot = fc.sample(objectAt('Snapshot', history.at('1.6'), 0), { numRuns: 1, seed: 1 })[0] as Plain;
    const data: Plain = { ...snapshot, status: 'restoring', use_quota: false, display_name: 'before' };
    const broken =
      (change: (result: Plain, to: Version) => Plain): Convert =>
      (_, from, to) =>
      (json) =>
        change(structuredClone(history.convert('Snapshot', from, to)(json)) as Plain, to);
    const cases: readonly [string, Convert][] = [
      ['a field that is lost without a word', broken(({ display_name: _, ...rest }) => rest)],
      ['a value that changes on the way', broken((result) => ({ ...result, display_name: 'after' }))],
      ['a field that an older version does not know', broken((result) => ({ use_quota: true, ...result }))],
      ['a state that an older version does not know', broken((result) => ({ ...result, status: 'restoring' }))],
    ];
    for (const [what, convert] of cases) {
      it(what, () => {
        checkAll(history, '1.6', data);
        assert.throws(() => checkAll(history, '1.6', data, convert), assert.AssertionError);
      });
    }
  });
});

/** What the declaration says may be lost between two versions: newer fields, newer enum values, and what @Lossy names. */
function declaredLoss(name: string, high: Version, low: Version): string[] {
  const record = recordOf(name);
  const between = (version: Version | undefined): boolean =>
    version !== undefined && compareVersions(version, low) > 0 && compareVersions(version, high) <= 0;
  const fields = record.fields.filter(({ since, type }) => {
    const bare = type.kind === 'nullable' ? type.inner : type;
    return between(since) || (bare.kind === 'enum' && bare.added.some((added) => between(added.since)));
  });
  const said = record.losses.filter(({ from }) => between(from)).flatMap((loss) => loss.fields);
  return [...new Set([...fields.map((field) => field.name), ...said])].sort();
}

function recordOf(name: string): ObjectRecord {
  return findRecord(CLASSES[name] as Class<object>) as ObjectRecord;
}

function same(one: unknown, other: unknown): boolean {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}
