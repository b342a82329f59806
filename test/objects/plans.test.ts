import assert from 'node:assert/strict';
import { defineMessage, defineObject, t, type Default, type Older, type Wire } from 'lynchpin';
import { failsWith } from './codes.js';
import { graphOf } from './api.js';

class Attachment {
  host!: string;
  readOnly!: Default<boolean>;
  volume?: Volume;
}
defineObject(Attachment, {
  version: '1.1',
  fields: {
    host: t.string(),
    readOnly: [t.boolean(), { since: '1.1', default: false }],
    volume: [t.object(() => Volume), { optional: true }],
  },
});

class Volume {
  id!: string;
  sizeGb!: number;
  tier!: Default<string>;
  status!: 'new' | 'ready' | 'moving' | 'copying';
  attachments!: Default<Attachment[]>;
  host?: string | null;
  label?: string;
}
defineObject(Volume, {
  version: '1.4',
  fields: {
    id: t.string(),
    sizeGb: [
      t.integer(),
      {
        was: [
          { until: '1.1', name: 'gb', type: t.string() },
          { until: '1.3', name: 'size' },
        ],
      },
    ],
    tier: [t.string(), { since: '1.1', default: 'standard' }],
    status: t.enum(['new', 'ready', 'moving', 'copying'], { added: { '1.2': { moving: 'ready' }, '1.3': { copying: 'moving' } } }),
    attachments: [t.list(t.object(() => Attachment)), { since: '1.2', default: () => [] }],
    host: [t.nullable(t.string()), { until: '1.2' }],
    label: [t.string(), { since: '1.4', optional: true }],
  },
  backports: [
    { from: '1.2', to: '1.1', run: (volume) => ({ ...volume, host: volume.attachments[0]?.host ?? null }) },
    { from: '1.1', to: '1.0', run: (volume) => ({ ...volume, sizeGb: String(volume.sizeGb) as never }) },
  ],
  upgrades: [
    { from: '1.0', to: '1.1', run: (volume) => ({ ...volume, sizeGb: Number(volume.sizeGb) }) },
    {
      from: '1.1',
      to: '1.2',
      run: (volume) => ({ ...volume, attachments: typeof volume.host === 'string' ? [{ host: volume.host, readOnly: false }] : [] }),
    },
  ],
});

const CARRIES = {
  '3.1': { Volume: '1.1' },
  '3.2': { Volume: '1.2', Attachment: '1.1' },
  '3.3': { Volume: '1.3' },
  '3.4': { Volume: '1.4' },
} as const;
const volume = {
  id: 'v',
  sizeGb: 10,
  tier: 'gold',
  status: 'copying',
  attachments: [
    { host: 'a', readOnly: true },
    { host: 'b', readOnly: false },
  ],
  label: 'x',
} as const;

describe('plans', () => {
  const graph = graphOf(Volume, CARRIES);
  const write = (version: '3.0' | '3.1' | '3.2' | '3.3' | '3.4', value: unknown = volume): unknown =>
    graph.writer(Volume, version, 'out')(value);

  it('say which version of each object every version of the API carries', () => {
    assert.deepEqual(graph.manifest('3.0'), { Volume: '1.0', Attachment: '1.0' });
    assert.deepEqual(graph.manifest('3.3'), { Volume: '1.3', Attachment: '1.1' });
    assert.ok(Object.isFrozen(graph.manifest('3.3')));
    failsWith('DECLARATION', () => graph.manifest('3.9'));
  });

  it('drop fields that came later, and fall back to enum values that were there', () => {
    assert.deepEqual(write('3.4'), volume);
    assert.deepEqual(write('3.3'), { id: 'v', sizeGb: 10, tier: 'gold', status: 'copying', attachments: volume.attachments });
    assert.deepEqual(write('3.2'), { id: 'v', size: 10, tier: 'gold', status: 'moving', attachments: volume.attachments });
  });

  it('rename, run functions and convert nested objects on the way down', () => {
    assert.deepEqual(write('3.1'), { id: 'v', size: 10, tier: 'gold', status: 'ready', host: 'a' });
    assert.deepEqual(write('3.0'), { id: 'v', gb: '10', status: 'ready', host: 'a' });
    assert.deepEqual(write('3.0', { ...volume, attachments: [] }), { id: 'v', gb: '10', status: 'ready', host: null });
  });

  it('do the same on the way up, and fill defaults', () => {
    const read = graph.reader(Volume, '3.0');
    const up = read({ id: 'v', gb: '10', status: 'ready', host: 'a' }) as Volume;
    assert.ok(up instanceof Volume);
    assert.ok(up.attachments[0] instanceof Attachment);
    assert.deepEqual(JSON.parse(JSON.stringify(up)), {
      id: 'v',
      sizeGb: 10,
      tier: 'standard',
      status: 'ready',
      attachments: [{ host: 'a', readOnly: false }],
    });
    assert.equal(up.host, undefined);
  });

  it('fill what a result leaves out', () => {
    assert.deepEqual(write('3.4', { id: 'v', sizeGb: 1, status: 'new' }), {
      id: 'v',
      sizeGb: 1,
      tier: 'standard',
      status: 'new',
      attachments: [],
    });
    assert.deepEqual(write('3.0', { id: 'v', sizeGb: 1, status: 'new' }), { id: 'v', gb: '1', status: 'new', host: null });
  });

  it('read tolerantly, but only what the version has', () => {
    const read = graph.reader(Volume, '3.2');
    const up = read({ id: 'v', size: 10, status: 'ready', sizeGb: 99, host: 'not of 1.2', label: 'not of 1.2', unknown: {} }) as Volume;
    assert.deepEqual(JSON.parse(JSON.stringify(up)), { id: 'v', sizeGb: 10, tier: 'standard', status: 'ready', attachments: [] });
  });

  it('validate what comes in against the version that it says it is', () => {
    failsWith('INVALID', () => graph.reader(Volume, '3.0')({ id: 'v', sizeGb: 10, status: 'ready', host: null }));
    failsWith('INVALID', () => graph.reader(Volume, '3.0')({ id: 'v', gb: '10', status: 'moving', host: null }));
    failsWith('INVALID', () => graph.reader(Volume, '3.1')({ id: 'v', size: '10', status: 'ready', host: null }));
    failsWith('CONVERSION', () => graph.reader(Volume, '3.0')({ id: 'v', gb: 'many', status: 'ready', host: null }));
  });

  it('convert plain data from any version to any other', () => {
    assert.deepEqual(graph.converter(Volume, '3.4', '3.1')(volume), { id: 'v', size: 10, tier: 'gold', status: 'ready', host: 'a' });
    assert.deepEqual(graph.converter(Volume, '3.0', '3.3')({ id: 'v', gb: '7', status: 'new', host: 'h' }), {
      id: 'v',
      sizeGb: 7,
      tier: 'standard',
      status: 'new',
      attachments: [{ host: 'h', readOnly: false }],
    });
    const same = { id: 'v', gb: '7', status: 'new', host: 'h' };
    assert.deepEqual(graph.converter(Volume, '3.0', '3.0')(same), same);
    failsWith('INVALID', () => graph.converter(Volume, '3.0', '3.3')({ id: 'v' }));
  });

  it('say in the schema of a version exactly what that version has', () => {
    const schema = graph.schema(Volume, '3.1') as {
      $defs: { Volume: { properties: object; required: string[]; additionalProperties: boolean } };
    };
    assert.deepEqual(Object.keys(schema.$defs.Volume.properties), ['id', 'size', 'tier', 'status', 'host']);
    assert.deepEqual(schema.$defs.Volume.required, ['id', 'size', 'status', 'host']);
    assert.equal(schema.$defs.Volume.additionalProperties, false);
  });

  it('handle objects in a circle of classes, in lists, maps and unions', () => {
    class Node {
      name!: string;
      next?: Node | null;
      others!: Record<string, Node[]>;
      weight!: Default<number>;
    }
    defineObject(Node, {
      version: '1.1',
      fields: {
        name: t.string(),
        next: [t.nullable(t.object(() => Node)), { optional: true }],
        others: t.map(t.list(t.object(() => Node))),
        weight: [t.integer(), { since: '1.1', default: 1 }],
      },
    });
    const own = graphOf(Node, { '3.1': { Node: '1.1' } });
    const leaf = { name: 'leaf', others: {}, weight: 2, next: null };
    const wire = own.writer(Node, '3.0', 'out')({ name: 'root', others: { x: [leaf] }, next: { name: 'mid', others: {}, next: leaf } });
    assert.deepEqual(wire, {
      name: 'root',
      others: { x: [{ name: 'leaf', others: {}, next: null }] },
      next: { name: 'mid', others: {}, next: { name: 'leaf', others: {}, next: null } },
    });
    const back = own.reader(Node, '3.0')(wire) as Node;
    assert.ok(back.others['x']?.[0] instanceof Node);
    assert.equal(back.next?.next?.weight, 1);
    const loop = { name: 'loop', others: {}, next: undefined as unknown };
    loop.next = loop;
    failsWith('INVALID', () => own.writer(Node, '3.1')(loop));
  });

  it('show functions nested objects in their newest form, whatever the message carries', () => {
    const seen: unknown[] = [];
    class Part {
      a!: string;
      b!: Default<string>;
    }
    defineObject(Part, { version: '1.1', fields: { a: t.string(), b: [t.string(), { since: '1.1', default: 'new' }] } });
    class Whole {
      part!: Part;
      c!: Default<string>;
    }
    defineObject(Whole, {
      version: '1.1',
      fields: { part: t.object(() => Part), c: [t.string(), { since: '1.1', default: '' }] },
      backports: [{ from: '1.1', to: '1.0', run: (whole: Wire<Whole>) => (seen.push(whole.part), whole) }],
      upgrades: [{ from: '1.0', to: '1.1', run: (whole: Older<Whole>) => (seen.push(whole.part), { ...whole, c: 'up' }) }],
    });
    const own = graphOf(Whole, { '3.1': { Whole: '1.1' }, '3.2': { Part: '1.1' } });
    const wire = own.writer(Whole, '3.0', 'out')({ part: { a: 'x', b: 'y' }, c: 'z' });
    assert.deepEqual(wire, { part: { a: 'x' } });
    assert.deepEqual(JSON.parse(JSON.stringify(own.reader(Whole, '3.0')(wire))), { part: { a: 'x', b: 'new' }, c: 'up' });
    assert.deepEqual(seen, [
      { a: 'x', b: 'y' },
      { a: 'x', b: 'new' },
    ]);
  });
});

describe('backport and upgrade functions', () => {
  function graphWith(run: (data: never) => unknown): ReturnType<typeof graphOf> & { thing: new () => { a: string } } {
    class Thing {
      a!: string;
    }
    defineObject(Thing, {
      version: '1.1',
      fields: { a: t.string({ maxLength: 3 }) },
      backports: [{ from: '1.1', to: '1.0', run: run as never }],
    });
    return Object.assign(graphOf(Thing, { '3.1': { Thing: '1.1' } }), { thing: Thing });
  }
  const send = (run: (data: never) => unknown): unknown => {
    const graph = graphWith(run);
    return graph.writer(graph.thing, '3.0', 'out')({ a: 'x' });
  };

  it('give fields of the version that they lead to; what is for a version further on is dropped', () => {
    class Note {
      text!: string;
      line?: string | null;
      code!: Default<string>;
    }
    defineObject(Note, {
      version: '1.2',
      fields: {
        text: t.string(),
        line: [t.nullable(t.string()), { until: '1.1' }],
        code: [t.string(), { since: '1.2', default: '' }],
      },
      backports: [
        { from: '1.2', to: '1.1', run: (note) => ({ ...note, line: note.code }) },
        { from: '1.1', to: '1.0', run: (note) => ({ ...note, line: note.line ?? null }) },
      ],
    });
    const carries = { '3.0': { Note: '1.0' }, '3.2': { Note: '1.1' }, '3.4': { Note: '1.2' } } as const;
    const graph = graphOf([Note], carries);
    const inOneGo = graph.converter(Note, '3.4', '3.0')({ text: 'a', code: 'b' });
    const overOneBetween = graph.converter(Note, '3.2', '3.0')(graph.converter(Note, '3.4', '3.2')({ text: 'a', code: 'b' }));
    assert.deepEqual(inOneGo, { text: 'a', line: null });
    assert.deepEqual(overOneBetween, inOneGo);
  });

  it('that throw, change their input, or return something else are CONVERSION, with the cause', () => {
    const boom = new Error('boom');
    assert.equal(
      failsWith('CONVERSION', () =>
        send(() => {
          throw boom;
        }),
      ).cause,
      boom,
    );
    failsWith('CONVERSION', () =>
      send((data: { a: string }) => {
        data.a = 'y';
        return data;
      }),
    );
    failsWith('CONVERSION', () => send(() => undefined));
    failsWith('CONVERSION', () => send(() => [1]));
    failsWith('CONVERSION', () => send(async (data: object) => data));
    failsWith('CONVERSION', () => send((data: object) => ({ ...data, typo: 1 })));
    failsWith('CONVERSION', () => send(() => ({ a: 1 })));
    failsWith('CONVERSION', () => send(() => ({ a: 'longer than the older version allows' })));
    failsWith('CONVERSION', () => send(() => ({})));
  });

  it('get plain data, and the caller keeps what it had', () => {
    const graph = graphWith((data: object) => {
      assert.equal(Object.getPrototypeOf(data), Object.prototype);
      return { ...data, a: 'y' };
    });
    const thing = Object.assign(new graph.thing(), { a: 'x' });
    assert.deepEqual(graph.writer(graph.thing, '3.0', 'out')(thing), { a: 'y' });
    assert.equal(thing.a, 'x');
  });

  it('see the fields of the version that they start from, and no others', () => {
    const seen: string[][] = [];
    const note = <T extends object>(data: T): T => (seen.push(Object.keys(data).sort()), data);
    class Grown {
      a!: string;
      b!: Default<string>;
      c!: Default<string>;
      old?: string;
    }
    defineObject(Grown, {
      version: '1.2',
      fields: {
        a: t.string(),
        b: [t.string(), { since: '1.1', default: '' }],
        c: [t.string(), { since: '1.2', default: '' }],
        old: [t.string(), { until: '1.1', default: '' }],
      },
      backports: [
        { from: '1.2', to: '1.1', run: note },
        { from: '1.1', to: '1.0', run: note },
      ],
      upgrades: [
        { from: '1.0', to: '1.1', run: (data) => note(data) },
        { from: '1.1', to: '1.2', run: (data) => note(data) },
      ],
    });
    const graph = graphOf(Grown, { '3.1': { Grown: '1.2' } });
    const wire = graph.writer(Grown, '3.0', 'out')({ a: 'x', b: 'y', c: 'z' });
    assert.deepEqual(wire, { a: 'x', old: '' });
    graph.reader(Grown, '3.0')(wire);
    assert.deepEqual(seen, [
      ['a', 'b', 'c'],
      ['a', 'b'],
      ['a', 'old'],
      ['a', 'b'],
    ]);
  });

  it('are judged on what they make, the caller on what it gave', () => {
    const graph = graphWith((data: object) => data);
    failsWith('INVALID', () => graph.writer(graph.thing, '3.0', 'out')({ a: 'too long' }));
  });
});

describe('PINNED', () => {
  class Options {
    quick!: Default<boolean>;
    deep?: string;
  }
  defineMessage(Options, {
    fields: { quick: [t.boolean(), { since: '3.2', default: false }], deep: [t.string(), { since: '3.3', optional: true }] },
  });

  class Guarded {
    name!: string;
    secret!: Default<boolean>;
    shade!: Default<string>;
  }
  defineObject(Guarded, {
    version: '1.1',
    fields: {
      name: t.string(),
      secret: [t.boolean(), { since: '1.1', default: false, whenPinned: 'reject' }],
      shade: [t.string(), { since: '1.1', default: '' }],
    },
  });

  class Request {
    id!: string;
    tier!: Default<string>;
    hint!: Default<string>;
    at!: Default<Date>;
    flag!: Default<boolean>;
    kept!: Default<boolean>;
    options!: Default<Options[]>;
    guarded?: Record<string, Guarded | null>;
  }
  defineMessage(Request, {
    fields: {
      id: t.string(),
      tier: [t.string(), { since: '3.2', default: 'standard' }],
      hint: [t.string(), { since: '3.2', default: '', ignorable: true }],
      at: [t.datetime(), { since: '3.1', default: () => new Date() }],
      flag: [t.boolean(), { since: '3.4', default: false }],
      kept: [t.boolean(), { since: '3.4', default: false, whenPinned: 'reject' }],
      options: [t.list(t.object(() => Options)), { default: () => [] }],
      guarded: [t.map(t.nullable(t.object(() => Guarded))), { optional: true }],
    },
    backports: [{ from: '3.4', to: '3.3', run: (request) => ({ ...request, id: request.flag ? `${request.id}!` : request.id }) }],
  });
  const graph = graphOf(Request, { '3.2': { Guarded: '1.1' } });
  const send = (version: '3.0' | '3.1' | '3.2' | '3.3' | '3.4', request: object): unknown =>
    graph.writer(Request, version)({ id: 'r', ...request });

  it('is what a request gets that sets a field which the pin cannot express', () => {
    const { details } = failsWith('PINNED', () => send('3.1', { tier: 'gold' }));
    assert.deepEqual(details, { class: 'Request', field: 'tier', since: '3.2', pin: '3.1' });
    assert.equal((send('3.2', { tier: 'gold' }) as { tier: string }).tier, 'gold');
  });

  it('is not for what is unset, set to its default, or ignorable', () => {
    assert.deepEqual(send('3.0', {}), { id: 'r', options: [] });
    assert.deepEqual(send('3.0', { tier: 'standard', hint: 'x', flag: false, tier2: 1 }), { id: 'r', options: [] });
    failsWith('PINNED', () => send('3.0', { at: new Date(0) }));
  });

  it('is not for what a backport of that step has seen, unless the field says reject', () => {
    assert.deepEqual(send('3.1', { flag: true, at: new Date(0) }), { id: 'r!', at: '1970-01-01T00:00:00.000Z', options: [] });
    failsWith('PINNED', () => send('3.1', { kept: true }));
    assert.equal((send('3.4', { kept: true }) as Request).kept, true);
  });

  it('holds in messages within messages, and in objects for fields that say reject, at any depth', () => {
    failsWith('PINNED', () => send('3.1', { options: [{}, { quick: true }] }));
    failsWith('PINNED', () => send('3.2', { options: [{ deep: '' }] }));
    assert.deepEqual(failsWith('PINNED', () => send('3.1', { guarded: { x: null, y: { name: 'n', secret: true } } })).details, {
      class: 'Guarded',
      field: 'secret',
      since: '1.1',
      pin: '1.0',
    });
    assert.deepEqual(send('3.1', { at: new Date(0), guarded: { y: { name: 'n', shade: 'red' } } }), {
      id: 'r',
      at: '1970-01-01T00:00:00.000Z',
      options: [],
      guarded: { y: { name: 'n' } },
    });
  });

  it('is neither for results nor for what is moved after it was sent', () => {
    assert.deepEqual(graph.writer(Request, '3.0', 'out')({ id: 'r', tier: 'gold' }), { id: 'r', options: [] });
    const sent = send('3.4', { tier: 'gold', kept: true });
    assert.deepEqual(graph.converter(Request, '3.4', '3.0')(sent), { id: 'r', options: [] });
  });

  it('is for enum values and union variants without a fallback, while moving them is CONVERSION', () => {
    class A {
      kind!: 'a';
    }
    defineMessage(A, { fields: { kind: t.enum(['a']) } });
    class B {
      kind!: 'b';
    }
    defineMessage(B, { fields: { kind: t.enum(['b']) } });
    class Choice {
      mode!: 'x' | 'y';
      by!: A | B;
    }
    defineMessage(Choice, {
      fields: {
        mode: t.enum(['x', 'y'], { added: { '3.2': ['y'] } }),
        by: t.union('kind', { a: () => A, b: () => B }, { added: { '3.3': ['b'] } }),
      },
    });
    const own = graphOf(Choice);
    const a = { mode: 'x', by: { kind: 'a' } };
    assert.deepEqual(own.writer(Choice, '3.0')(a), a);
    const y = { mode: 'y', by: { kind: 'a' } };
    const b = { mode: 'x', by: { kind: 'b' } };
    assert.deepEqual(failsWith('PINNED', () => own.writer(Choice, '3.1')(y)).details, {
      class: 'Choice',
      field: 'mode',
      since: '3.2',
      pin: '3.1',
    });
    assert.deepEqual(failsWith('PINNED', () => own.writer(Choice, '3.2')(b)).details, {
      class: 'Choice',
      field: 'by',
      since: '3.3',
      pin: '3.2',
    });
    failsWith('CONVERSION', () => own.converter(Choice, '3.4', '3.1')(y));
    failsWith('CONVERSION', () => own.converter(Choice, '3.4', '3.2')(b));
    failsWith('INVALID', () => own.reader(Choice, '3.1')(y));
    failsWith('INVALID', () => own.reader(Choice, '3.2')(b));
    own.reader(Choice, '3.3')(b);
  });
});
