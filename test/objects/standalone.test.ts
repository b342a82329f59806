import assert from 'node:assert/strict';
import {
  applyChanges,
  changesOf,
  defineMessage,
  defineObject,
  deserialize,
  serialize,
  t,
  type Class,
  type Default,
  type Older,
  type Wire,
} from 'lynchpin';
import { graphOf, throughText } from './api.js';
import { failsWith } from './codes.js';

class Attachment {
  host!: string;
  at!: Date;
  readOnly!: Default<boolean>;
}
const attachmentFields = { host: t.string(), at: t.datetime() };
defineObject(Attachment, { version: '1.1', fields: { ...attachmentFields, readOnly: [t.boolean(), { since: '1.1', default: false }] } });

class Volume {
  id!: string;
  name!: Default<string>;
  metadata!: Default<Record<string, string>>;
  attachments!: Default<Attachment[]>;
  tier!: Default<string>;
  label?: string;
  host?: string | null;
}
defineObject(Volume, {
  version: '1.2',
  fields: {
    id: t.string(),
    name: [t.string(), { default: '', was: { until: '1.1', name: 'title' } }],
    metadata: [t.map(t.string()), { default: {} }],
    attachments: [t.list(t.object(() => Attachment)), { since: '1.2', default: () => [] }],
    tier: [t.string(), { since: '1.1', default: 'standard' }],
    label: [t.string(), { optional: true }],
    host: [t.nullable(t.string()), { until: '1.2' }],
  },
  backports: [{ from: '1.2', to: '1.1', run: (volume: Wire<Volume>) => ({ ...volume, host: volume.attachments[0]?.host ?? null }) }],
  upgrades: [
    {
      from: '1.1',
      to: '1.2',
      run: (volume: Older<Volume>) => ({
        ...volume,
        attachments: volume.host ? [{ host: volume.host, at: '1970-01-01T00:00:00.000Z', readOnly: false }] : [],
      }),
    },
  ],
});

/** The same two classes as an older release has them. */
class OldVolume {
  id!: string;
  title!: Default<string>;
  metadata!: Default<Record<string, string>>;
  label?: string;
  host!: string | null;
}
defineObject(OldVolume, {
  name: 'Volume',
  version: '1.0',
  fields: {
    id: t.string(),
    title: [t.string(), { default: '' }],
    metadata: [t.map(t.string()), { default: {} }],
    label: [t.string(), { optional: true }],
    host: t.nullable(t.string()),
  },
});

function make<T extends object>(owner: Class<T>, values: Partial<T>): T {
  return Object.assign(new (owner as new () => T)(), values);
}

const attachment = (host: string): Attachment => make(Attachment, { host, at: new Date(0), readOnly: true });
const volume = (): Volume =>
  make(Volume, { id: 'v', name: 'n', metadata: { a: '1' }, attachments: [attachment('x'), attachment('y')], tier: 'gold' });

describe('stand-alone objects', () => {
  it('carry their name and version at every level, and come back as they were', () => {
    const json = serialize(volume());
    assert.deepEqual(json, {
      $object: 'Volume@1.2',
      id: 'v',
      name: 'n',
      metadata: { a: '1' },
      tier: 'gold',
      attachments: [
        { $object: 'Attachment@1.1', host: 'x', at: '1970-01-01T00:00:00.000Z', readOnly: true },
        { $object: 'Attachment@1.1', host: 'y', at: '1970-01-01T00:00:00.000Z', readOnly: true },
      ],
    });
    const back = deserialize(Volume, throughText(json));
    assert.ok(back instanceof Volume && back.attachments[1] instanceof Attachment);
    assert.deepEqual(serialize(back), json);
  });

  it('are read at any version in the window, each at its own', () => {
    const back = deserialize(Volume, { $object: 'Volume@1.0', id: 'v', title: 'old', host: 'h' });
    assert.deepEqual(
      [back.name, back.tier, back.attachments[0]?.host, back.attachments[0] instanceof Attachment],
      ['old', 'standard', 'h', true],
    );
    const mixed = deserialize(Volume, {
      $object: 'Volume@1.2',
      id: 'v',
      attachments: [{ $object: 'Attachment@1.0', host: 'x', at: '1970-01-01T00:00:00Z' }],
    });
    assert.equal(mixed.attachments[0]?.readOnly, false);
  });

  it('can be written for readers that know less', () => {
    assert.deepEqual(serialize(volume(), { versions: { Volume: '1.0' } }), {
      $object: 'Volume@1.0',
      id: 'v',
      title: 'n',
      metadata: { a: '1' },
      host: 'x',
    });
    const half = serialize(volume(), { versions: { Attachment: '1.0' } }) as unknown as { attachments: object[] };
    assert.deepEqual(half.attachments[0], { $object: 'Attachment@1.0', host: 'x', at: '1970-01-01T00:00:00.000Z' });
    assert.equal(deserialize(OldVolume, serialize(volume(), { versions: { Volume: '1.0' } })).title, 'n');
    failsWith('DECLARATION', () => serialize(volume(), { versions: { Volume: '1.9' } }));
  });

  it('of another class, an unknown version, without a tag or with wrong data are INVALID', () => {
    failsWith('INVALID', () => deserialize(Volume, { id: 'v' }));
    failsWith('INVALID', () => deserialize(Volume, null));
    failsWith('INVALID', () => deserialize(Volume, 'Volume@1.2'));
    failsWith('INVALID', () => deserialize(Volume, { $object: 'Attachment@1.1', host: 'x', at: '1970-01-01T00:00:00Z' }));
    const { details } = failsWith('INVALID', () => deserialize(Volume, { $object: 'Volume@1.3', id: 'v' }));
    assert.deepEqual(details, { class: 'Volume', version: '1.3', floor: '1.0', head: '1.2' });
    failsWith('INVALID', () => deserialize(Volume, { $object: 'Volume@1.2', id: 1 }));
    failsWith('INVALID', () =>
      deserialize(Volume, { $object: 'Volume@1.2', id: 'v', attachments: [{ host: 'x', at: '1970-01-01T00:00:00Z' }] }),
    );
    failsWith('INVALID', () =>
      deserialize(Volume, { $object: 'Volume@1.2', id: 'v', attachments: [{ $object: 'Attachment@1.1', host: 'x' }] }),
    );
    failsWith('INVALID', () => deserialize(Volume, JSON.parse('{"$object":"Volume@1.2","id":"v","__proto__":{"tier":"gold"}}')));
  });

  it('are versioned objects, not messages, literals or anything else', () => {
    class Ping {}
    defineMessage(Ping, { fields: {} });
    failsWith('DECLARATION', () => serialize(new Ping()));
    failsWith('DECLARATION', () => serialize({ id: 'v' }));
    failsWith('DECLARATION', () => serialize(null as never));
    failsWith('DECLARATION', () => deserialize(Ping, {}));
    failsWith('INVALID', () => serialize(make(Volume, {})));
  });
});

describe('changes', () => {
  const received = (): Volume => deserialize(Volume, throughText(serialize(volume())));

  it('name what was changed since the object was received, at any depth', () => {
    const object = received();
    assert.deepEqual(changesOf(object), { object: 'Volume@1.2', set: {}, unset: [] });
    object.tier = 'silver';
    object.metadata['b'] = '2';
    const first = object.attachments[0];
    if (first !== undefined) first.host = 'z';
    assert.deepEqual(Object.keys(changesOf(object).set).sort(), ['attachments', 'metadata', 'tier']);
    object.tier = 'gold';
    object.label = 'new';
    assert.deepEqual(Object.keys(changesOf(object).set).sort(), ['attachments', 'label', 'metadata']);
  });

  it('see a field that was unset', () => {
    const object = deserialize(Volume, { $object: 'Volume@1.2', id: 'v', label: 'x' });
    delete object.label;
    assert.deepEqual(changesOf(object), { object: 'Volume@1.2', set: {}, unset: ['label'] });
    const stored = make(Volume, { id: 'v', label: 'x' });
    assert.deepEqual(applyChanges(stored, changesOf(object)), ['label']);
    assert.equal(stored.label, undefined);
  });

  it('work on what an RPC read, and on objects in it', () => {
    const graph = graphOf(t.list(t.object(() => Volume)));
    const shape = t.list(t.object(() => Volume));
    graph.add(shape, { direction: 'out', where: 'TestApi.list returns' });
    const api = graphOf(shape, { '3.1': { Volume: '1.2', Attachment: '1.1' } });
    const [object] = api.reader(shape, '3.1')(throughText(api.writer(shape, '3.1', 'out')([volume()]))) as Volume[];
    assert.ok(object);
    assert.deepEqual(changesOf(object).set, {});
    object.name = 'other';
    assert.deepEqual(changesOf(object).set, { name: 'other' });
  });

  it('are not known of an object that was made here', () => {
    failsWith('INVALID', () => changesOf(volume()));
  });

  it('of an older process overwrite what it changed, and nothing that it never saw', () => {
    const stored = received();
    const seen = deserialize(OldVolume, throughText(serialize(stored, { versions: { Volume: '1.0' } })));
    seen.title = 'renamed';
    const changes = throughText(changesOf(seen)) as ReturnType<typeof changesOf>;
    assert.deepEqual(changes, { object: 'Volume@1.0', set: { title: 'renamed' }, unset: [] });
    assert.deepEqual(applyChanges(stored, changes), ['name']);
    assert.equal(stored.name, 'renamed');
    assert.equal(stored.tier, 'gold');
    assert.deepEqual(
      stored.attachments.map((each) => each.host),
      ['x', 'y'],
    );
  });

  it('go through the functions of the versions between', () => {
    const stored = received();
    const seen = deserialize(OldVolume, throughText(serialize(stored, { versions: { Volume: '1.0' } })));
    seen.host = 'other';
    assert.deepEqual(applyChanges(stored, changesOf(seen)), ['attachments']);
    assert.deepEqual(
      stored.attachments.map((each) => [each.host, each instanceof Attachment]),
      [['other', true]],
    );
  });

  it('that do not fit are INVALID and change nothing', () => {
    for (const changes of [
      { object: 'Volume@1.9', set: {}, unset: [] },
      { object: 'Volume@1.2', set: { tier: 1 }, unset: [] },
      { object: 'Volume@1.2', set: { teir: 'x' }, unset: [] },
      { object: 'Volume@1.2', set: {}, unset: ['id'] },
      { object: 'Volume@1.2', set: { attachments: [{}] }, unset: [] },
      {},
      null,
    ]) {
      const stored = received();
      failsWith('INVALID', () => applyChanges(stored, changes as never));
      assert.deepEqual(serialize(stored), serialize(volume()));
    }
  });
});
