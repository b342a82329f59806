import assert from 'node:assert/strict';
import { findRecord, type FieldRecord, type ObjectRecord, type TypeNode } from '#lynchpin/objects/index.js';
import { Contract, type MethodRecord } from '#lynchpin/rpc/index.js';
import { compareVersions, type Version } from '#lynchpin/versions/index.js';
import * as contract from '../../../examples/cinder-volume/contract/index.js';
import { facts, type FactField, type FactMethod } from './facts.js';

const api = Contract.of(contract.VolumeApi).record;

/** Where the contract says more than the facts, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'Backup.status': 'enum(error,error_deleting,creating,available,deleting,deleted,restoring)?',
};
/** Never null in Cinder, but often unset there: optional here. */
const UNSET = ['VolumeAttachment.volume', 'attach_volume.volume', 'detach_volume.volume'];

describe("Cinder's contract", () => {
  it('speaks the versions that the history has', () => {
    assert.equal(api.topic, facts.topic);
    assert.equal(api.line.head, facts.version);
    assert.equal(api.line.floor, facts.floor);
    assert.equal(facts.methods.length, 58);
  });

  it('has every method of the history and no other', () => {
    const known = new Set(facts.methods.map(({ name }) => name));
    const declared = new Set(api.methods.flatMap((method) => [method.name, ...method.was.map(({ name }) => name)]));
    assert.deepEqual([...declared].sort(), [...known].sort());
  });

  for (const fact of facts.methods) {
    it(`declares ${fact.name} as the history does`, () => {
      const method = declaredAs(fact);
      if (fact.kind !== 'call') assert.equal(method.returns, undefined, 'what is cast answers nothing');
      const message = method.takes === undefined ? undefined : findRecord(method.takes);
      assert.deepEqual(
        (message?.fields ?? []).map((field) => saysOf(fact.name, field, api.line.floor)),
        fact.args.map(saidBy(fact.name, facts.floor)),
      );
    });
  }

  it('turns get_backup_device from a call into a cast at 3.17 under one name', () => {
    const both = api.methods.filter(({ name }) => name === 'get_backup_device');
    assert.deepEqual(
      both.map(({ since, until, returns }) => ({ since, until, answers: returns !== undefined })),
      [
        { since: '3.0', until: '3.17', answers: true },
        { since: '3.17', until: undefined, answers: false },
      ],
    );
  });

  for (const [name, fact] of Object.entries(facts.objects)) {
    it(`declares ${name} as the history does`, () => {
      const record = objectCalled(name);
      assert.deepEqual(record.line?.versions, Object.keys(fact.history));
      assert.equal(record.line?.head, fact.version);
      assert.deepEqual(
        record.fields.map((field) => saysOf(name, field, '1.0')),
        fact.fields.map(saidBy(name, '1.0')),
      );
    });
  }

  it('carries versions that exist, and never goes back', () => {
    const latest = new Map<string, Version>();
    for (const at of api.line.versions) {
      for (const [name, version] of Object.entries(api.carries[at] ?? {})) {
        const before = latest.get(name);
        assert.ok(objectCalled(name).line?.has(version), `${name} ${version}`);
        assert.ok(before === undefined || compareVersions(before, version) < 0, `${name} goes from ${before} to ${version} at ${at}`);
        latest.set(name, version);
      }
    }
    for (const [name, version] of latest) assert.equal(version, objectCalled(name).line?.head, `${name} arrives at its newest version`);
  });

  it('carries every version that an object has had since 3.0, but for the one that no release brought', () => {
    const missed: string[] = [];
    for (const name of Object.keys(facts.objects)) {
      const carried = Object.values(api.carries).flatMap((entry) => (entry[name] === undefined ? [] : [entry[name]]));
      const { versions } = objectCalled(name).line as NonNullable<ObjectRecord['line']>;
      for (const version of versions.slice(versions.indexOf(carried[0] as Version)))
        if (!carried.includes(version)) missed.push(`${name} ${version}`);
    }
    assert.deepEqual(missed, ['Volume 1.7']);
  });
});

/** The declaration behind a method of the history, checked for its versions. */
function declaredAs(fact: FactMethod): MethodRecord {
  const renamed = api.methods.find(({ was }) => was.some(({ name }) => name === fact.name));
  if (renamed !== undefined) {
    assert.equal(renamed.since, fact.since);
    return renamed;
  }
  const [first] = api.methods.filter(({ name }) => name === fact.name);
  assert.ok(first);
  const since = first.was.reduce<Version>((latest, { until }) => (compareVersions(until, latest) > 0 ? until : latest), first.since);
  assert.equal(since, fact.since);
  if (fact.name !== 'get_backup_device') assert.equal(first.until, fact.until);
  return first;
}

function objectCalled(name: string): ObjectRecord {
  const found = Object.values(contract)
    .map((value) => (typeof value === 'function' ? findRecord(value as never) : undefined))
    .find((record) => record?.name === name && record.kind === 'object');
  assert.ok(found, `the contract exports ${name}`);
  return found;
}

interface Says {
  readonly name: string;
  readonly type: string;
  readonly since: string;
  readonly default: unknown;
}

function saysOf(owner: string, field: FieldRecord, floor: string): Says {
  const type = written(field.type);
  if (field.optional) assert.ok(UNSET.includes(`${owner}.${field.name}`), `${owner}.${field.name} is optional`);
  const value = field.default?.made === true ? (field.default.value as () => unknown)() : field.default?.value;
  return { name: field.name, type, since: field.since ?? floor, default: value };
}

/** In the facts a field that may be null has no default; here it is null unless something else is said. */
function saidBy(owner: string, floor: string): (field: FactField) => Says {
  return ({ name, type, since, default: value }) => ({
    name,
    type: DIFFERENT[`${owner}.${name}`] ?? type,
    since: since ?? floor,
    default: value ?? (type.endsWith('?') ? null : undefined),
  });
}

/** A field type in the notation of the facts. */
function written(type: TypeNode): string {
  switch (type.kind) {
    case 'nullable':
      return `${written(type.inner)}?`;
    case 'list':
      return `list<${written(type.item)}>`;
    case 'map':
      return type.value.kind === 'json' ? 'map' : `map<${written(type.value)}>`;
    case 'enum':
      return `enum(${type.values.join(',')})`;
    case 'object':
      return findRecord(type.of())?.name ?? '?';
    default:
      return type.kind;
  }
}
