import assert from 'node:assert/strict';
import { LynchpinError, Message, VersionedObject, Field, Backport, Upgrade, RpcApi, Rpc, t } from 'lynchpin';
import type { Default, Method, Older, Wire } from 'lynchpin';
import { compat } from 'lynchpin/testing';
import { failureOf } from './support/failing.js';

@VersionedObject({ version: '1.1' })
class Disk {
  @Field(t.string()) path!: string;
  @Field(t.string(), { since: '1.1', default: 'ssd' }) kind!: Default<string>;
}

@VersionedObject({ version: '1.3' })
class Host {
  @Field(t.string(), { was: { until: '1.1', name: 'title' } }) name!: string;
  @Field(t.list(t.object(() => Disk)), { since: '1.2', default: () => [] }) disks!: Default<Disk[]>;
  @Field(t.nullable(t.string()), { until: '1.2', default: null }) disk?: string | null;

  @Backport({ from: '1.2', to: '1.1' })
  static firstDisk(host: Wire<Host>) {
    return { ...host, disk: host.disks[0]?.path ?? null };
  }

  @Upgrade({ from: '1.1', to: '1.2' })
  static oneDisk(host: Older<Host>) {
    if (host.disk === 'unreadable') throw new Error('this disk cannot be read');
    return { ...host, disks: typeof host.disk === 'string' ? [{ path: host.disk, kind: 'ssd' }] : [] };
  }
}

@Message()
class AddHost {
  @Field(t.string()) name!: string;
  @Field(t.integer(), { since: '2.1', default: 1 }) weight!: Default<number>;
}

@RpcApi({ topic: 'hosts', version: '2.2', carries: { '2.1': { Host: '1.2' }, '2.2': { Host: '1.3', Disk: '1.1' } } })
class HostApi {
  @Rpc({ takes: AddHost, returns: Host }) add!: Method<AddHost, Host>;
}

const isDeclaration = (error: unknown): boolean => LynchpinError.is(error, 'DECLARATION');

describe('compat.assertBackport and compat.assertUpgrade', () => {
  const given = { name: 'a', disks: [{ path: '/dev/sda', kind: 'nvme' }] };

  it('pass when the conversion gives what is expected, function, rename and drop included', () => {
    compat.assertBackport(Host, { from: '1.3', to: '1.0', given, expect: { title: 'a', disk: '/dev/sda' } });
    compat.assertUpgrade(Host, {
      from: '1.0',
      to: '1.3',
      given: { title: 'a', disk: '/dev/sda' },
      expect: { name: 'a', disks: [{ path: '/dev/sda', kind: 'ssd' }] },
    });
  });

  it('have nested objects at their newest, or where a contract carries them', () => {
    compat.assertBackport(Host, { from: '1.3', to: '1.2', given, expect: given });
    compat.assertBackport(Host, { from: '1.3', to: '1.2', api: HostApi, given, expect: { name: 'a', disks: [{ path: '/dev/sda' }] } });
  });

  it("count a message's versions on its API", () => {
    const example = { from: '2.1', to: '2.0', given: { name: 'a', weight: 2 }, expect: { name: 'a' } } as const;
    compat.assertBackport(AddHost, { ...example, api: HostApi });
    assert.throws(() => compat.assertBackport(AddHost, example), isDeclaration);
  });

  it('fail with what differs, what was given, and the function to look at', () => {
    const text = failureOf(() =>
      compat.assertBackport(Host, { from: '1.2', to: '1.1', given, expect: { name: 'b', disk: null, extra: 1 } }),
    );
    for (const part of [
      'Host 1.2 -> 1.1',
      '~ name: expected "b", got "a"',
      '~ disk: expected null, got "/dev/sda"',
      '- extra: expected 1, but it is unset',
      'Host.firstDisk',
    ]) {
      assert.ok(text.includes(part), text);
    }
    const upgrade = failureOf(() => compat.assertUpgrade(Host, { from: '1.0', to: '1.1', given: { title: 'a' }, expect: { title: 'a' } }));
    assert.match(upgrade, /\+ name: got "a"/);
    assert.match(upgrade, /@Upgrade\(\{ from: '1\.0', to: '1\.1' \}\)/);
  });

  it('fail on what does not fit its version, and when a function throws', () => {
    assert.match(
      failureOf(() => compat.assertBackport(Host, { from: '1.3', to: '1.2', given: {}, expect: {} })),
      /correct `given`/,
    );
    const example = { from: '1.1', to: '1.2', given: { name: 'a', disk: 'unreadable' }, expect: {} } as const;
    const text = failureOf(() => compat.assertUpgrade(Host, example));
    assert.match(text, /Host\.oneDisk/);
    assert.match(text, /this disk cannot be read/);
  });

  it('refuse a version that does not exist, and the wrong way', () => {
    const same = { given: {}, expect: {} };
    assert.throws(() => compat.assertBackport(Host, { from: '1.4', to: '1.0', ...same }), isDeclaration);
    assert.throws(() => compat.assertBackport(Host, { from: '1.0', to: '1.1', ...same }), isDeclaration);
    assert.throws(() => compat.assertUpgrade(Host, { from: '1.1', to: '1.0', ...same }), isDeclaration);
  });
});
