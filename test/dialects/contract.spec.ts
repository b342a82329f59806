import assert from 'node:assert/strict';
import { recordOf } from '#lynchpin/objects/index.js';
import { Backport, defineObject, Field, Lossy, LynchpinError, Message, Rpc, RpcApi, t, Upgrade, VersionedObject } from 'lynchpin';
import type { Default, Method, Older, Wire } from 'lynchpin';

@VersionedObject({ version: '1.2' })
@Lossy({ from: '1.2', to: '1.1', fields: ['attachments'], reason: 'readers at 1.1 know a single host' })
class Volume {
  @Field(t.uuid()) id!: string;
  @Field(t.integer({ minimum: 1 })) sizeGb!: number;
  @Field(t.string(), { since: '1.1', default: 'standard' }) tier!: Default<string>;
  @Field(t.list(t.object(() => Attachment)), { since: '1.2', default: () => [] }) attachments!: Default<Attachment[]>;
  @Field(t.nullable(t.string()), { until: '1.2' }) host?: string | null;

  @Backport({ from: '1.2', to: '1.1' })
  static firstHost(volume: Wire<Volume>) {
    return { ...volume, host: volume.attachments[0]?.host ?? null };
  }

  @Upgrade({ from: '1.1', to: '1.2' })
  static hostToAttachment(volume: Older<Volume>) {
    return { ...volume, attachments: volume.host ? [{ host: volume.host }] : [] };
  }

  get bytes(): number {
    return this.sizeGb * 1e9;
  }
}

@VersionedObject({ version: '1.0' })
class Attachment {
  @Field(t.string()) host!: string;
}

@VersionedObject({ version: '1.3' })
class Snapshot extends Volume {
  @Field(t.datetime(), { since: '1.3', default: () => new Date(0) }) takenAt!: Default<Date>;
}

@Message()
class CreateVolume {
  @Field(t.integer({ minimum: 1 })) sizeGb!: number;
  @Field(t.string(), { since: '3.2', default: 'standard' }) tier!: Default<string>;
}

@RpcApi({ topic: 'volume', version: '3.4', floor: '3.0', carries: { '3.2': { Volume: '1.1' }, '3.4': { Volume: '1.2' } } })
class VolumeApi {
  @Rpc({ takes: CreateVolume, returns: Volume }) create!: Method<CreateVolume, Volume>;
  @Rpc({ since: '3.3', takes: CreateVolume, idempotent: true }) extend!: Method<CreateVolume>;
}

class Plain {
  id!: string;
  tier!: Default<string>;
}
defineObject(Plain, { version: '1.1', fields: { id: t.uuid(), tier: [t.string(), { since: '1.1', default: 'standard' }] } });

describe('a contract in the dialect under test', () => {
  it('keeps fields in their order, with their options', () => {
    const { name, kind, line, fields } = recordOf(Volume, 'this test');
    assert.equal(name, 'Volume');
    assert.equal(kind, 'object');
    assert.deepEqual(line?.versions, ['1.0', '1.1', '1.2']);
    assert.deepEqual(
      fields.map((field) => [field.name, field.since, field.until]),
      [
        ['id', undefined, undefined],
        ['sizeGb', undefined, undefined],
        ['tier', '1.1', undefined],
        ['attachments', '1.2', undefined],
        ['host', undefined, '1.2'],
      ],
    );
  });

  it('keeps steps, which stay callable as static methods', () => {
    const { steps, losses } = recordOf(Volume, 'this test');
    assert.deepEqual(
      new Set(steps.map(({ direction, from, to, name }) => `${direction} ${from} ${to} ${name}`)),
      new Set(['down 1.2 1.1 firstHost', 'up 1.1 1.2 hostToAttachment']),
    );
    assert.deepEqual(losses[0]?.fields, ['attachments']);
    assert.deepEqual(Volume.hostToAttachment({ host: 'a' }).attachments, [{ host: 'a' }]);
  });

  it('gives a subclass what it inherits and its own, and leaves the base alone', () => {
    assert.deepEqual(
      recordOf(Snapshot, 'this test').fields.map(({ name }) => name),
      ['id', 'sizeGb', 'tier', 'attachments', 'host', 'takenAt'],
    );
    assert.equal(recordOf(Volume, 'this test').fields.length, 5);
  });

  it('keeps messages apart from objects, and definitions without decorators beside both', () => {
    assert.equal(recordOf(CreateVolume, 'this test').kind, 'message');
    assert.deepEqual(
      recordOf(Plain, 'this test').fields.map(({ name }) => name),
      ['id', 'tier'],
    );
  });

  it('leaves instances as they are', () => {
    const volume = Object.assign(new Volume(), { id: 'x', sizeGb: 2 });
    assert.equal(volume.bytes, 2e9);
    assert.equal(volume.host, undefined);
    assert.equal(Object.getOwnPropertySymbols(volume).length, 0);
  });

  it('declares an API, and refuses a wrong one while its class is defined', () => {
    assert.equal(VolumeApi.name, 'VolumeApi');
    const declareWrong = (): unknown => {
      @RpcApi({ topic: 'volume', version: '3.4', floor: '3.0' })
      class WrongApi {
        @Rpc({ since: '3.9', takes: CreateVolume }) create!: Method<CreateVolume>;
      }
      return WrongApi;
    };
    assert.throws(declareWrong, (error) => LynchpinError.is(error, 'DECLARATION'));
  });
});
