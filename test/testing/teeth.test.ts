import assert from 'node:assert/strict';
import { Backport, Field, Lossy, Message, Rpc, RpcApi, t, Upgrade, VersionedObject } from 'lynchpin';
import type { Default, Method, Older, Wire } from 'lynchpin';
import { teeth } from 'lynchpin/testing';
import { failureOf } from './support/failing.js';

@VersionedObject({ version: '1.1' })
@Lossy({ from: '1.1', to: '1.0', fields: ['hosts'], reason: 'readers at 1.0 know one host' })
class Rack {
  @Field(t.string()) room!: string;
  @Field(t.integer()) height!: number;
  @Field(t.list(t.string()), { since: '1.1', default: () => [] }) hosts!: Default<string[]>;
  @Field(t.nullable(t.string()), { until: '1.1', default: null }) host?: string | null;

  @Backport({ from: '1.1', to: '1.0' })
  static firstHost(rack: Wire<Rack>) {
    return { ...rack, host: rack.hosts[0] ?? null };
  }

  @Upgrade({ from: '1.0', to: '1.1' })
  static oneHost(rack: Older<Rack>) {
    return { ...rack, hosts: typeof rack.host === 'string' ? [rack.host] : [] };
  }
}

/** It loses what it should keep. */
@VersionedObject({ version: '1.1' })
class Leaky {
  @Field(t.string()) room!: string;
  @Field(t.string(), { since: '1.1', default: '' }) row!: Default<string>;

  @Backport({ from: '1.1', to: '1.0' })
  static drop(leaky: Wire<Leaky>) {
    return { ...leaky, room: '' };
  }
}

/** No law can know what the label should be. */
@VersionedObject({ version: '1.1' })
class Box {
  @Field(t.string()) name!: string;
  @Field(t.string(), { since: '1.1', default: '' }) label!: Default<string>;
  @Field(t.integer(), { since: '1.1', default: 0 }) letters!: Default<number>;

  @Upgrade({ from: '1.0', to: '1.1' })
  static labelled(box: Older<Box>) {
    return { ...box, label: `the ${box.name}`, letters: box.name?.length ?? 0 };
  }
}

@VersionedObject({ version: '1.0' })
class Plain {
  @Field(t.string()) name!: string;
}

@Message()
class FindRack {
  @Field(t.string({ maxLength: 100 }), { since: '2.1', default: '' }) building!: Default<string>;
  @Field(t.string({ maxLength: 100 }), { until: '2.1', default: '' }) place?: string;

  @Upgrade({ from: '2.0', to: '2.1' })
  static fromPlace(find: Older<FindRack>) {
    return { ...find, building: find.place ?? '' };
  }

  @Backport({ from: '2.1', to: '2.0' })
  static toPlace(find: Wire<FindRack>) {
    return { ...find, place: find.building };
  }
}

@RpcApi({ topic: 'racks', version: '2.1' })
class RackApi {
  @Rpc({ takes: FindRack }) find!: Method<FindRack>;
}

describe('teeth', () => {
  it('breaks each function in every way, and each is caught by a law', () => {
    const bites = teeth(Rack);
    for (const step of ['Rack.firstHost', 'Rack.oneHost']) {
      const own = bites.filter((bite) => bite.step === step);
      for (const way of [/given/, /throws/, /promise/, /first/, /every other time/, /forgets/, /mixes up/]) {
        const bite = own.find((one) => way.test(one.way));
        assert.ok(bite !== undefined, `${step} ${way}`);
        assert.ok(bite.caught.length > 0);
      }
    }
  });

  it('leaves the class as it was', () => {
    const before = teeth(Rack);
    assert.deepEqual(teeth(Rack), before);
  });

  it('has nothing to break in a class without functions', () => {
    assert.deepEqual(teeth(Plain), []);
  });

  it("breaks the functions of messages on their API's versions", () => {
    assert.ok(teeth(FindRack, { api: RackApi }).length > 5);
  });

  it('fails for what no law notices, by the function and the way in which it was broken', () => {
    const text = failureOf(() => teeth(Box));
    assert.match(text, /^ {2}Box\.labelled forgets label \(1\.0 -> 1\.1\)$/m);
    assert.match(text, /compat\.assertUpgrade/);
  });

  it('lets pass what is expected to, and nothing else', () => {
    const survivors = [...failureOf(() => teeth(Box)).matchAll(/^ {2}(Box.*) \(/gm)].map(([, line = '']) => line);
    assert.ok(teeth(Box, { survivors }).some(({ caught }) => caught.length > 0));
    assert.match(
      failureOf(() => teeth(Box, { survivors: [...survivors, 'Box.labelled throws'] })),
      /Box\.labelled throws: this is expected/,
    );
  });

  it('says so when the laws do not hold to begin with', () => {
    assert.match(
      failureOf(() => teeth(Leaky)),
      /do not hold for Leaky as it is/,
    );
  });
});
