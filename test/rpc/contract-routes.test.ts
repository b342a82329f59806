import { strict as assert } from 'node:assert';
import { defineApi, defineMessage, LynchpinError, t, type Method, type Pin, type Version } from 'lynchpin';
import { common, routeAt, routeOf } from '#lynchpin/rpc/client/route.js';
import { Contract, type MethodRecord } from '#lynchpin/rpc/index.js';
import { compareVersions } from '#lynchpin/versions/index.js';
import { code } from './code.js';

class Ask {
  id!: string;
}
defineMessage(Ask, { fields: { id: t.string() } });

class DiskApi {
  always!: Method<Ask>;
  renamed!: Method;
  later!: Method;
  sooner!: Method;
  gone!: Method;
  answering!: Method<void, string>;
  silent!: Method;
}
defineApi(DiskApi, {
  topic: 'disk',
  version: '3.4',
  methods: {
    always: { takes: Ask },
    renamed: {
      was: [
        { until: '3.3', name: 'second' },
        { until: '3.1', name: 'first' },
      ],
    },
    later: { since: '3.3' },
    sooner: { since: '3.3', early: true },
    gone: { until: '3.2' },
    // One name on the wire: until 3.2 it answers, from then on it does not.
    answering: { name: 'tell', until: '3.2', returns: t.string() },
    silent: { name: 'tell', since: '3.2' },
  },
});

const contract = Contract.of(DiskApi);
const method = (property: keyof DiskApi): MethodRecord => contract.method(property) as MethodRecord;
const pin = (version: Version): Pin => ({
  version,
  state: 'held',
  by: [{ server: 'disk-1', floor: '3.0', version }],
  since: '2026-01-01T00:00:00.000Z',
  why: `disk-1 reads ${version}.`,
  readers: 1,
  holds: [],
});
const typeAt = (property: keyof DiskApi, version: Version): string => routeOf(contract, method(property), pin(version)).type;

describe('a route', () => {
  it('says method, version, and what the sender reads when that is more', () => {
    assert.equal(typeAt('always', '3.0'), 'always@3.0;3.4');
    assert.equal(typeAt('always', '3.4'), 'always@3.4');
    assert.ok(Object.isFrozen(routeOf(contract, method('always'), pin('3.0'))));
  });

  it('writes the request of its version', () => {
    assert.deepEqual(routeOf(contract, method('always'), pin('3.2')).write({ id: 'a' }), { id: 'a' });
    assert.equal(routeOf(contract, method('renamed'), pin('3.2')).write(undefined), undefined);
  });

  it('has the name that its method had at that version', () => {
    assert.deepEqual(
      (['3.0', '3.1', '3.2', '3.3', '3.4'] as const).map((version) => typeAt('renamed', version).split('@')[0]),
      ['first', 'second', 'second', 'renamed', 'renamed'],
    );
    assert.equal(contract.find('3.0', 'first'), method('renamed'));
    assert.equal(contract.find('3.1', 'first'), undefined);
    assert.equal(contract.find('3.2', 'renamed'), undefined);
  });

  it('to a method that the pin does not have yet is PINNED, with who holds it', () => {
    assert.throws(
      () => typeAt('later', '3.2'),
      (error) => {
        assert.ok(LynchpinError.is(error, 'PINNED'));
        assert.deepEqual(error.details, { method: 'later', since: '3.3', pin: '3.2', state: 'held', by: ['disk-1'] });
        return true;
      },
    );
    assert.equal(typeAt('later', '3.3'), 'later@3.3;3.4');
  });

  it('to an early method goes ahead of the pin, to the first version that has it and no further', () => {
    assert.equal(typeAt('sooner', '3.0'), 'sooner@3.3;3.4');
    assert.equal(typeAt('sooner', '3.4'), 'sooner@3.4');
  });

  it('to a method that ended is UNKNOWN_METHOD', () => {
    assert.equal(typeAt('gone', '3.1'), 'gone@3.1;3.4');
    for (const version of ['3.2', '3.3', '3.4'] as const) assert.throws(() => typeAt('gone', version), code('UNKNOWN_METHOD'));
  });

  it('to either of two methods of one name on the wire is found by version', () => {
    assert.equal(typeAt('answering', '3.1'), 'tell@3.1;3.4');
    assert.throws(() => typeAt('silent', '3.1'), code('PINNED'));
    assert.equal(typeAt('silent', '3.2'), 'tell@3.2;3.4');
    assert.throws(() => typeAt('answering', '3.2'), code('UNKNOWN_METHOD'));
    assert.equal(contract.find('3.1', 'tell'), method('answering'));
    assert.equal(contract.find('3.2', 'tell'), method('silent'));
    assert.deepEqual(contract.readResult(method('answering'), '3.1')('x'), 'x');
  });

  it('at a version without the method is PINNED', () => {
    assert.throws(() => routeAt(contract, method('later'), '3.1'), code('PINNED'));
    assert.throws(() => routeAt(contract, method('always'), '4.0'), code('PINNED'));
  });

  it('between two windows is at the newest version that both read', () => {
    const between = (floor: Version, version: Version) => common(contract, floor, version, compareVersions);
    assert.equal(between('3.0', '3.2'), '3.2');
    assert.equal(between('3.2', '3.9'), '3.4');
    assert.equal(between('2.0', '3.0'), '3.0');
    assert.equal(between('3.5', '3.9'), undefined);
    assert.equal(between('2.0', '2.9'), undefined);
  });
});

describe('the version of an answer', () => {
  it('is what the caller accepts, or the newest of this build below that', () => {
    for (const version of contract.line.versions) assert.equal(contract.answerVersion(version), version);
    assert.equal(contract.answerVersion('3.10'), '3.4');
    assert.equal(contract.answerVersion('4.0'), '3.4');
  });

  it('skips holes downwards', () => {
    class Holed {
      always!: Method;
    }
    defineApi(Holed, { topic: 'disk', version: '3.4', versions: ['3.0', '3.1', '3.4'], methods: { always: {} } });
    assert.equal(Contract.of(Holed).answerVersion('3.3'), '3.1');
  });
});
