import assert from 'node:assert/strict';
import {
  connect,
  defineApi,
  Field,
  LynchpinError,
  Message,
  Rpc,
  RpcApi,
  ServiceError,
  t,
  VersionedObject,
  type Default,
  type Implements,
  type Method,
} from 'lynchpin';
import { Contract, type ApiRecord } from '#lynchpin/rpc/index.js';

// Compiled once in each dialect; nothing here may depend on which.

class DiskBusy extends ServiceError<{ id: string }> {}

@VersionedObject({ version: '1.1' })
class Disk {
  @Field(t.string()) id!: string;
  @Field(t.list(t.object(() => Partition)), { since: '1.1', default: () => [] }) partitions!: Default<Partition[]>;
}

// Referred to before it is defined, and back again.
@VersionedObject({ version: '1.0' })
class Partition {
  @Field(t.integer()) size!: number;
  @Field(
    t.object(() => Disk),
    { optional: true },
  )
  mirror?: Disk;
}

@Message()
class CreateDisk {
  @Field(t.string()) id!: string;
  @Field(t.string(), { since: '3.2', default: 'standard' }) tier!: Default<string>;
}

@RpcApi({ topic: 'disk', version: '3.3', floor: '3.0', carries: { '3.2': { Disk: '1.1' } }, errors: [DiskBusy] })
class DiskApi {
  @Rpc({ takes: CreateDisk, returns: Disk, timeout: 5_000 }) create!: Method<CreateDisk, Disk>;
  @Rpc({ since: '3.1', takes: CreateDisk, idempotent: true, early: true }) wipe!: Method<CreateDisk>;
  @Rpc({ until: '3.3', returns: t.list(t.string()) }) names!: Method<void, string[]>;
  @Rpc({ was: { until: '3.2', name: 'ping' } }) touch!: Method;
  @Rpc() refresh!: Method;
  notDeclared = 1;
}

/** Methods that are real ones: the class serves itself. */
@RpcApi({ topic: 'echo', version: '3.2' })
class Echo {
  said = 0;

  @Rpc({ takes: CreateDisk, returns: t.string() })
  async repeat(request: CreateDisk): Promise<string> {
    this.said += 1;
    return `${request.id} ${request.tier}`;
  }

  @Rpc()
  async forget(): Promise<void> {
    this.said = 0;
  }

  notDeclared(): number {
    return this.said;
  }
}

const recordOf = (api: typeof DiskApi | typeof Echo | (abstract new () => object)): ApiRecord => Contract.of(api).record;
const refused = (define: () => unknown): void => assert.throws(define, (error: unknown) => LynchpinError.is(error, 'DECLARATION'));

describe('decorators of a contract', () => {
  it('record its methods in their order, with their options', () => {
    const record = recordOf(DiskApi);
    assert.equal(record.name, 'DiskApi');
    assert.equal(record.topic, 'disk');
    assert.equal(record.line.toString(), '3.0 to 3.3');
    assert.deepEqual(record.errors, [DiskBusy]);
    assert.deepEqual(
      record.methods.map(({ property, name, since, until }) => [property, name, since, until]),
      [
        ['create', 'create', '3.0', undefined],
        ['wipe', 'wipe', '3.1', undefined],
        ['names', 'names', '3.0', '3.3'],
        ['touch', 'touch', '3.0', undefined],
        ['refresh', 'refresh', '3.0', undefined],
      ],
    );
    const [create, wipe, , touch] = record.methods;
    assert.equal(create?.takes, CreateDisk);
    assert.equal(create?.returns, Disk);
    assert.equal(create?.timeout, 5_000);
    assert.deepEqual([create?.idempotent, create?.early], [false, false]);
    assert.deepEqual([wipe?.idempotent, wipe?.early, wipe?.returns], [true, true, undefined]);
    assert.deepEqual(touch?.was, [{ until: '3.2', name: 'ping' }]);
  });

  it('make frozen records', () => {
    const record = recordOf(DiskApi);
    for (const part of [record, record.methods, record.errors, record.carries, ...record.methods, record.methods[3]?.was[0]])
      assert.ok(Object.isFrozen(part));
  });

  it('say the same as defineApi, record for record', () => {
    const decorated = recordOf(DiskApi);
    // Named by its property: some compilers rename a class that shadows another.
    const { DiskApi: Plain } = {
      DiskApi: class {
        create!: Method<CreateDisk, Disk>;
        wipe!: Method<CreateDisk>;
        names!: Method<void, string[]>;
        touch!: Method;
        refresh!: Method;
      },
    };
    defineApi(Plain, {
      topic: 'disk',
      version: '3.3',
      floor: '3.0',
      carries: { '3.2': { Disk: '1.1' } },
      errors: [DiskBusy],
      methods: {
        create: { takes: CreateDisk, returns: Disk, timeout: 5_000 },
        wipe: { since: '3.1', takes: CreateDisk, idempotent: true, early: true },
        names: { until: '3.3', returns: t.list(t.string()) },
        touch: { was: { until: '3.2', name: 'ping' } },
        refresh: {},
      },
    });
    const defined = recordOf(Plain);
    assert.deepEqual(defined.line.versions, decorated.line.versions);
    assert.deepEqual(defined, decorated);
  });

  it('work on the methods of a class that serves itself, which stay callable', async () => {
    assert.deepEqual(
      recordOf(Echo).methods.map(({ property, takes, returns }) => [property, takes, returns !== undefined]),
      [
        ['repeat', CreateDisk, true],
        ['forget', undefined, false],
      ],
    );
    const bus = await connect('memory:');
    try {
      const echo = new Echo();
      await bus.serve(Echo, echo, { server: 'echo-1' });
      const client = await bus.client(Echo);
      assert.equal(await client.call.repeat({ id: 'a' }), 'a standard');
      assert.equal(await echo.repeat(Object.assign(new CreateDisk(), { id: 'b', tier: 'gold' })), 'b gold');
      assert.equal(echo.notDeclared(), 2);
      assert.equal(await client.call.forget(), undefined);
      assert.equal(echo.notDeclared(), 0);
    } finally {
      await bus.close();
    }
  });

  it('serve a class that implements the declared properties', async () => {
    class DiskService implements Implements<DiskApi> {
      create({ id }: CreateDisk) {
        if (id === 'busy') throw new DiskBusy('it is in use', { id });
        return { id, partitions: [{ size: 1 }] };
      }
      wipe() {}
      names() {
        return ['a'];
      }
      touch() {}
      refresh() {}
    }
    const bus = await connect('memory:');
    try {
      await bus.serve(DiskApi, new DiskService(), { server: 'disk-1' });
      const disks = await bus.client(DiskApi);
      const disk = await disks.call.create({ id: 'a' });
      assert.ok(disk instanceof Disk);
      assert.ok(disk.partitions[0] instanceof Partition);
      await assert.rejects(disks.call.create({ id: 'busy' }), (error) => error instanceof DiskBusy && error.data.id === 'busy');
    } finally {
      await bus.close();
    }
  });

  it('give a contract the methods of the one that it extends, and leave that one alone', () => {
    abstract class Common {
      @Rpc({ returns: t.string() }) whoAmI!: Method<void, string>;
      @Rpc({ takes: CreateDisk }) create!: Method<CreateDisk>;
    }
    @RpcApi({ topic: 'first', version: '3.2', versions: ['3.0', '3.2'] })
    class First extends Common {
      @Rpc({ since: '3.2' }) own!: Method;
    }
    @RpcApi({ topic: 'second', version: '3.2' })
    class Second extends First {
      @Rpc({ idempotent: true }) override own: Method = async () => undefined;
      @Rpc({ idempotent: true }) other!: Method;
    }
    const methods = (api: typeof First | typeof Second): unknown =>
      recordOf(api).methods.map(({ property, idempotent }) => [property, idempotent]);
    assert.deepEqual(methods(First), [
      ['whoAmI', false],
      ['create', false],
      ['own', false],
    ]);
    assert.deepEqual(methods(Second), [
      ['whoAmI', false],
      ['create', false],
      ['own', true],
      ['other', true],
    ]);
    refused(() => recordOf(Common));
  });

  it('leave the class and its instances as they were', () => {
    assert.equal(DiskApi.name, 'DiskApi');
    assert.deepEqual(Object.keys(DiskApi), []);
    assert.equal(new DiskApi().notDeclared, 1);
    assert.equal(Object.getOwnPropertySymbols(new DiskApi()).length, 0);
    assert.equal(Object.keys(new Echo()).join(), 'said');
  });

  it('refuse members that have no place in a contract: static, private, or named by a symbol', () => {
    refused(() => {
      class Static {
        @Rpc() static refresh: Method;
      }
      return Static;
    });
    const standard = { kind: 'field', name: 'refresh', static: false, metadata: {}, addInitializer: () => undefined };
    const decorate = Rpc() as (target: unknown, where: unknown) => void;
    decorate(undefined, { ...standard });
    refused(() => decorate(undefined, { ...standard, private: true, name: '#refresh', metadata: {} }));
    refused(() => decorate(undefined, { ...standard, static: true, metadata: {} }));
    refused(() => decorate(undefined, { ...standard, name: Symbol('refresh'), metadata: {} }));
    refused(() => decorate(undefined, { ...standard, kind: 'class', name: 'Whole', metadata: {} }));
    refused(() => decorate(class {}, 'refresh'));
    refused(() => decorate(class {}.prototype, Symbol('refresh')));
    refused(() => (RpcApi({ topic: 'disk', version: '1.0' }) as (target: unknown, where: unknown) => void)(class {}.prototype, 'refresh'));
  });

  it('refuse options that are misspelt, and say which one was meant', () => {
    const meant = (word: string) => (error: unknown) => LynchpinError.is(error, 'DECLARATION') && error.message.includes(word);
    assert.throws(() => {
      @RpcApi({ topic: 'disk', version: '1.0' })
      class Misspelt {
        @Rpc({ idempotant: true } as object) refresh!: Method;
      }
      return Misspelt;
    }, meant('idempotent'));
    assert.throws(() => {
      @RpcApi({ topic: 'disk', version: '1.0', flor: '1.0' } as never)
      class Misspelt {
        @Rpc() refresh!: Method;
      }
      return Misspelt;
    }, meant('floor'));
  });

  it('refuse what is declared twice', () => {
    refused(() => {
      class Twice {
        @Rpc() @Rpc() refresh!: Method;
      }
      return Twice;
    });
    refused(() => {
      @RpcApi({ topic: 'disk', version: '1.0' })
      @RpcApi({ topic: 'disk', version: '1.1' })
      class Twice {
        @Rpc() refresh!: Method;
      }
      return Twice;
    });
  });

  it('refuse what cannot work while the class is defined', () => {
    refused(() => {
      @RpcApi({ topic: 'disk', version: '3.4', floor: '3.0' })
      class Beyond {
        @Rpc({ since: '3.9', takes: CreateDisk }) create!: Method<CreateDisk>;
      }
      return Beyond;
    });
    refused(() => {
      @RpcApi({ topic: 'disk', version: '3.4' })
      class Empty {}
      return Empty;
    });
    class Plain {
      refresh!: Method;
    }
    refused(() => Contract.of(Plain));
  });
});
