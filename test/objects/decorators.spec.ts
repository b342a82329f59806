import assert from 'node:assert/strict';
import { Backport, Field, Lossy, LynchpinError, Message, t, Upgrade, VersionedObject, type Default, type Older, type Wire } from 'lynchpin';
import { findRecord, recordOf } from '#lynchpin/objects/index.js';

// Compiled once in each dialect; nothing here may depend on which.

class Stored {
  @Field(t.uuid()) id!: string;
}

@VersionedObject({ version: '1.2' })
@Lossy({ from: '1.2', to: '1.1', fields: ['hosts'], reason: 'readers at 1.1 know one host' })
class Disk extends Stored {
  @Field(t.integer({ minimum: 1 })) sizeGb!: number;
  @Field(t.string(), { since: '1.1', default: 'standard' }) tier!: Default<string>;
  @Field(t.list(t.string()), { since: '1.2', default: () => [] }) hosts!: Default<string[]>;
  @Field(t.nullable(t.string()), { until: '1.2' }) host?: string | null;
  @Field(
    t.object(() => Disk),
    { optional: true },
  )
  source?: Disk;
  notDeclared = 1;

  @Backport({ from: '1.2', to: '1.1' })
  static firstHost(disk: Wire<Disk>) {
    return { ...disk, host: disk.hosts[0] ?? null };
  }

  @Upgrade({ from: '1.1', to: '1.2' })
  static hostToHosts(disk: Older<Disk>) {
    return { ...disk, hosts: disk.host ? [disk.host] : [] };
  }
}

@VersionedObject({ version: '1.2', name: 'FastDisk' })
class Renamed extends Disk {
  @Field(t.string()) speed!: string;
}

abstract class Named {
  @Field(t.string(), { since: '3.1', default: '' }) name!: Default<string>;
}

@Message()
class First extends Named {
  @Field(t.integer()) a!: number;
}

@Message()
class Second extends Named {
  @Field(t.integer()) b!: number;
}

describe('decorators', () => {
  it('record fields, inherited ones first, with their options', () => {
    const record = recordOf(Disk, 'a test');
    assert.deepEqual(
      record.fields.map((field) => field.name),
      ['id', 'sizeGb', 'tier', 'hosts', 'host', 'source'],
    );
    const tier = record.fields.find((field) => field.name === 'tier');
    assert.equal(tier?.since, '1.1');
    assert.deepEqual(tier?.default, { value: 'standard', made: false });
    assert.equal(record.line?.toString(), '1.0 to 1.2');
    assert.equal(record.kind, 'object');
    assert.equal(record.name, 'Disk');
  });

  it('record steps with functions that run, and declared losses', () => {
    const { steps, losses } = recordOf(Disk, 'a test');
    assert.deepEqual(
      steps.map(({ direction, from, to, name }) => [direction, from, to, name]),
      [
        ['down', '1.2', '1.1', 'firstHost'],
        ['up', '1.1', '1.2', 'hostToHosts'],
      ],
    );
    assert.deepEqual(steps[0]?.run({ hosts: ['a', 'b'] }), { hosts: ['a', 'b'], host: 'a' });
    assert.deepEqual(losses, [{ from: '1.2', to: '1.1', fields: ['hosts'], reason: 'readers at 1.1 know one host' }]);
  });

  it('make frozen records', () => {
    const record = recordOf(Disk, 'a test');
    for (const part of [record, record.fields, record.steps, ...record.fields, ...record.steps]) assert.ok(Object.isFrozen(part));
  });

  it('keep the records of two classes with one base apart', () => {
    assert.deepEqual(
      recordOf(First, 'a test').fields.map((field) => field.name),
      ['name', 'a'],
    );
    assert.deepEqual(
      recordOf(Second, 'a test').fields.map((field) => field.name),
      ['name', 'b'],
    );
    assert.equal(findRecord(Named), undefined);
    assert.equal(findRecord(Stored), undefined);
  });

  it('leave the class as it was', () => {
    assert.equal(new Disk().notDeclared, 1);
    assert.deepEqual(Object.keys(Disk), []);
    assert.equal(Disk.name, 'Disk');
  });

  it('take the name on the wire from the options, and fields and steps from a declared base', () => {
    const record = recordOf(Renamed, 'a test');
    assert.equal(record.name, 'FastDisk');
    assert.equal(record.fields.length, 7);
    assert.equal(record.steps.length, 2);
  });

  it('refuse what cannot work while the class is defined', () => {
    const refused = (define: () => unknown): void => assert.throws(define, (error: unknown) => LynchpinError.is(error, 'DECLARATION'));
    refused(() => {
      @VersionedObject({ version: '1.1' })
      class Late {
        @Field(t.string(), { since: '1.2', default: '' }) a!: Default<string>;
      }
      return Late;
    });
    refused(() => {
      class Twice {
        @Field(t.string()) @Field(t.string()) a!: string;
      }
      return VersionedObject({ version: '1.0' })(Twice);
    });
    refused(() => {
      @VersionedObject({ version: '1.1' })
      class Skipping {
        @Backport({ from: '1.1', to: '1.4' })
        static skip(data: Wire<Skipping>) {
          return data;
        }
      }
      return Skipping;
    });
    refused(() => {
      @Message()
      @VersionedObject({ version: '1.0' })
      class Both {}
      return Both;
    });
  });
});
