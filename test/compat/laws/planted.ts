import { defineApi, t, type Class } from 'lynchpin';
import type { RuleId } from '#lynchpin/compat/index.js';
import { thing, type Data, type Thing } from '../support/proved.js';

/** A mistake in a conversion, and the same class without it. */
export interface Planted {
  readonly bug: string;
  /** The rule that must tell it. */
  readonly rule: RuleId;
  readonly wrong: () => Readonly<Record<string, Class<object>>>;
  readonly right: () => Readonly<Record<string, Class<object>>>;
}

/** A host that became a list of attachments at 1.1: functions move the data in both directions. */
const Attachment = thing('Attachment', { version: '1.0', fields: { host: t.string() } });
const attachment = (host: unknown): object => ({ id: '00000000-0000-0000-0000-000000000000', name: '', tags: [], host });
const FIELDS = {
  note: [t.nullable(t.string({ maxLength: 20 })), { optional: true }],
  host: [t.nullable(t.string()), { until: '1.1' }],
  attachments: [t.list(t.object(() => Attachment)), { since: '1.1', default: () => [] }],
};
const down = (data: Data): object => ({ ...data, host: data.attachments[0]?.host ?? null });
const up = (data: Data): object => ({ ...data, attachments: data.host === null ? [] : [attachment(data.host)] });

const volume = (change: Thing = {}) => ({
  Volume: thing('Volume', { fields: FIELDS, ...change, down: { '1.1': down, ...change.down }, up: { '1.1': up, ...change.up } }),
});
const plain = (change: Thing) => ({ Volume: thing('Volume', change) });
const right = (): ReturnType<typeof volume> => volume();
const wrongDown = (run: (data: Data) => unknown) => () => volume({ down: { '1.1': run } });
const wrongUp = (run: (data: Data) => unknown) => () => volume({ up: { '1.1': run } });

const NAMED = { fields: { ...FIELDS, alias: [t.nullable(t.string()), { default: null }] } };
const NOTHING: object[] = [];
const EMPTY: string[] = [];
/** Text that is longer at 1.1 than older readers can bear. */
const LONGER = { fields: { text: [t.string({ maxLength: 40 }), { was: { until: '1.1', type: t.string({ maxLength: 20 }) } }] } };
/** Mebibytes that were gibibytes. */
const SIZE = {
  fields: {
    sizeGb: [t.integer({ minimum: 0, maximum: 1000 }), { until: '1.1' }],
    sizeMb: [t.integer({ minimum: 0, maximum: 1_024_000 }), { since: '1.1' }],
  },
  up: { '1.1': ({ sizeGb, ...data }: Data) => ({ ...data, sizeMb: sizeGb * 1024 }) },
};
const STATE = { fields: { state: [t.enum(['new', 'open', 'closed']), { was: { until: '1.1', type: t.enum(['new', 'closed']) } }] } };
const Port = thing('Port', {
  version: '1.1',
  fields: {
    number: [t.integer({ minimum: 0 }), { since: '1.1', optional: true }],
    host: [t.string(), { was: { until: '1.1', name: 'address' } }],
  },
});
const PORTS = {
  first: [t.nullable(t.string()), { until: '1.1' }],
  ports: [t.list(t.object(() => Port)), { since: '1.1', default: () => [] }],
};
const port = (host: unknown): object => ({ id: '00000000-0000-0000-0000-000000000000', name: '', tags: [], host });

/** Functions that put aside on the way down what they fetch on the way up. */
function stashing(): Readonly<Record<string, Class<object>>> {
  const stash = new Map<string, Data>();
  return volume({
    down: { '1.1': (data) => (stash.set(data.id, structuredClone(data)), down(data)) },
    up: { '1.1': (data) => structuredClone(stash.get(data.id)) ?? up(data) },
  });
}

function remembering(): Readonly<Record<string, Class<object>>> {
  const known = new Map<string, object[]>();
  return volume({
    up: {
      '1.1': (data) => {
        const key = JSON.stringify(data);
        if (!known.has(key)) known.set(key, (up(data) as Data).attachments);
        return { ...data, attachments: known.get(key) };
      },
    },
  });
}

/** Text that was a number: no value of the one type is one of the other. */
const RETYPED = (up: (data: Data) => unknown): Thing => ({
  fields: {
    rank: [
      t.bigint({ minimum: -1_000_000n, maximum: 1_000_000n }),
      { was: { until: '1.1', type: t.integer({ minimum: -1_000_000, maximum: 1_000_000 }) } },
    ],
  },
  up: { '1.1': up },
  down: { '1.1': (data) => ({ ...data, rank: Number(data.rank) }) },
});

const Disk = thing('Disk', { version: '1.0' });
const Shelf = thing('Shelf', { version: '1.0', fields: { disks: [t.map(t.object(() => Disk))] } });
const rack = (touch: (shelf: Data) => unknown): Class<object> =>
  thing('Rack', {
    fields: { shelves: [t.list(t.object(() => Shelf))], title: [t.string(), { since: '1.1', default: '' }] },
    up: { '1.1': (data) => ({ ...data, title: data.name, shelves: data.shelves.map(touch) }) },
  });
const LABELLED = (touch: (label: unknown) => unknown): Thing => ({
  fields: { label: [t.either(t.string(), t.integer())], title: [t.string(), { since: '1.1', default: '' }] },
  up: { '1.1': (data) => ({ ...data, title: data.name, label: touch(data.label) }) },
});

/**
 * A door that says something of the ports behind it at 1.0 alone. On the direct way down its function sees them at their
 * newest; whoever stops at 1.1 has ports without a number.
 */
function gates(first: (ports: readonly Data[]) => unknown): Readonly<Record<string, Class<object>>> {
  const Gate = thing('Gate', { fields: { number: [t.nullable(t.integer()), { since: '1.1', default: null }] } });
  const Door = thing('Door', {
    version: '1.2',
    fields: {
      gates: t.list(t.object(() => Gate)),
      first: [t.nullable(t.integer()), { until: '1.1', default: null }],
      code: [t.string(), { since: '1.2', default: '' }],
    },
    down: { '1.1': (data) => ({ ...data, first: first(data.gates as readonly Data[]) }) },
    losses: [{ from: '1.1', to: '1.0', fields: ['first'], reason: 'it is told to older readers alone' }],
  });
  const DoorApi = defineApi(
    class DoorApi {} as Class<object>,
    {
      topic: 'doors',
      version: '1.2',
      carries: { '1.0': { Door: '1.0', Gate: '1.0' }, '1.1': { Door: '1.1' }, '1.2': { Door: '1.2', Gate: '1.1' } },
      methods: { open: { returns: Door } },
    } as never,
  );
  return { Gate, Door, DoorApi: DoorApi as unknown as Class<object> };
}

export const PLANTED: readonly Planted[] = [
  {
    bug: 'a sign that is lost where a field gets another type',
    rule: 'backport/old-new-old',
    wrong: () => plain(RETYPED((data) => ({ ...data, rank: String(Math.abs(data.rank as number)) }))),
    right: () => plain(RETYPED((data) => ({ ...data, rank: String(data.rank) }))),
  },
  {
    bug: 'objects that are lost two levels down, in a map in a list',
    rule: 'backport/old-new-old',
    wrong: () => ({ Rack: rack(({ disks: _, ...shelf }) => ({ ...shelf, disks: {} })) }),
    right: () => ({ Rack: rack((shelf) => shelf) }),
  },
  {
    bug: 'text that looks like a number and becomes one',
    rule: 'backport/shared-field-changed',
    wrong: () => plain(LABELLED((label) => (typeof label === 'string' && /^-?\d+$/.test(label) ? Number(label) : label))),
    right: () => plain(LABELLED((label) => label)),
  },
  {
    bug: 'the first ten of a list that may hold more',
    rule: 'object/lossy-undeclared',
    wrong: wrongDown((data) => ({ ...(down(data) as object), tags: data.tags.slice(0, 10) })),
    right,
  },
  {
    bug: 'a forgotten drop: text that is too long goes down as it is',
    rule: 'backport/output-invalid',
    wrong: () => plain({ ...LONGER }),
    right: () =>
      plain({
        ...LONGER,
        down: {
          '1.1': (data) => ({
            ...data,
            text: Array.from(data.text as string)
              .slice(0, 20)
              .join(''),
          }),
        },
      }),
  },
  {
    bug: 'a forgotten fill: what older readers require is not there',
    rule: 'backport/output-invalid',
    wrong: wrongDown(({ attachments: _, ...data }) => data),
    right,
  },
  {
    bug: 'a throw on null',
    rule: 'upgrade/throws',
    wrong: wrongUp((data) => ({ ...data, attachments: [attachment(data.host.trim())] })),
    right,
  },
  {
    bug: 'a throw on what is absent',
    rule: 'backport/throws',
    wrong: wrongDown((data) => ({ ...(down(data) as object), note: data.note === null ? null : data.note.slice() })),
    right,
  },
  {
    bug: 'a throw on an empty list',
    rule: 'backport/throws',
    wrong: wrongDown((data) => ({ ...data, host: data.attachments[0].host })),
    right,
  },
  {
    bug: 'a constant shared by all results',
    rule: 'backport/aliases-input',
    wrong: wrongUp((data) => ({ ...(up(data) as object), attachments: data.host === null ? NOTHING : [attachment(data.host)] })),
    right,
  },
  {
    bug: 'one object in two places',
    rule: 'backport/aliases-input',
    wrong: wrongUp((data) => {
      const one = attachment(data.host);
      return { ...data, attachments: data.host === null ? [] : [one, one] };
    }),
    right,
  },
  { bug: 'a cache that hands out what it keeps', rule: 'backport/aliases-input', wrong: remembering, right },
  {
    bug: 'a list in the input sorted in place',
    rule: 'backport/mutates-input',
    wrong: wrongDown((data) => {
      data.tags.push('old');
      return { ...(down(data) as object), tags: data.tags.slice(0, -1) };
    }),
    right,
  },
  {
    bug: 'an object deep in the input changed',
    rule: 'backport/mutates-input',
    wrong: wrongDown((data) => {
      for (const one of data.attachments) one.host = one.host.toUpperCase();
      return down(data);
    }),
    right,
  },
  { bug: 'stash and restore', rule: 'backport/edit-in-the-middle', wrong: stashing, right },
  {
    bug: 'a clock',
    rule: 'backport/non-deterministic',
    wrong: wrongUp((data) => ({ ...(up(data) as object), name: String(Date.now() % 1000) })),
    right,
  },
  {
    bug: 'a date of now',
    rule: 'backport/non-deterministic',
    wrong: wrongUp((data) => ({ ...(up(data) as object), attachments: [attachment(new Date().toISOString())] })),
    right,
  },
  {
    bug: 'chance',
    rule: 'backport/non-deterministic',
    wrong: wrongDown((data) => ({ ...data, host: data.attachments[Math.floor(Math.random() * data.attachments.length)]?.host ?? null })),
    right,
  },
  {
    bug: 'an object inside at its old version',
    rule: 'backport/nested-skipped',
    wrong: () => ({
      Port,
      ...plain({
        fields: PORTS,
        down: { '1.1': (data) => ({ ...data, first: data.ports[0]?.host ?? null }) },
        up: {
          '1.1': (data) => ({
            ...data,
            ports: data.first === null ? [] : [{ id: (port('') as Data).id, name: '', tags: [], address: data.first }],
          }),
        },
      }),
    }),
    right: () => ({
      Port,
      ...plain({
        fields: PORTS,
        down: { '1.1': (data) => ({ ...data, first: data.ports[0]?.host ?? null }) },
        up: { '1.1': (data) => ({ ...data, ports: data.first === null ? [] : [port(data.first)] }) },
      }),
    }),
  },
  {
    bug: 'an enum value that is not mapped',
    rule: 'backport/output-invalid',
    wrong: () => plain({ ...STATE, down: { '1.1': (data) => ({ ...data, name: data.name }) } }),
    right: () => plain({ ...STATE, down: { '1.1': (data) => ({ ...data, state: data.state === 'open' ? 'new' : data.state }) } }),
  },
  {
    bug: 'a limit overrun',
    rule: 'upgrade/output-invalid',
    wrong: () =>
      plain({
        fields: { label: [t.string({ maxLength: 20 }), { since: '1.1' }] },
        up: { '1.1': (data) => ({ ...data, label: `volume ${data.name} ${data.tags[0] ?? ''}` }) },
      }),
    right: () =>
      plain({
        fields: { label: [t.string({ maxLength: 27 }), { since: '1.1' }] },
        up: { '1.1': (data) => ({ ...data, label: `volume ${data.name} ${data.tags[0] ?? ''}` }) },
      }),
  },
  {
    bug: 'an astral character cut in half',
    rule: 'backport/not-json',
    wrong: () =>
      plain({
        ...LONGER,
        down: { '1.1': (data) => ({ ...data, text: data.text.slice(0, 19) + (data.text.length > 19 ? data.text[19] : '') }) },
      }),
    right: () =>
      plain({
        ...LONGER,
        down: {
          '1.1': (data) => ({
            ...data,
            text: Array.from(data.text as string)
              .slice(0, 20)
              .join(''),
          }),
        },
      }),
  },
  { bug: 'an asynchronous function', rule: 'backport/async', wrong: wrongDown(async (data) => Promise.resolve(down(data))), right },
  {
    bug: 'a Date returned',
    rule: 'backport/not-json',
    wrong: wrongUp((data) => ({ ...data, attachments: [attachment(new Date(0))] })),
    right,
  },
  {
    bug: 'undefined inside',
    rule: 'backport/not-json',
    wrong: wrongUp((data) => ({ ...data, attachments: [attachment(data.host ?? undefined)] })),
    right,
  },
  {
    bug: 'NaN',
    rule: 'backport/not-json',
    wrong: () =>
      plain({ ...SIZE, down: { '1.1': ({ sizeMb, ...data }) => ({ ...data, sizeGb: parseInt(sizeMb > 1000 ? sizeMb : 'none', 10) }) } }),
    right: () => plain({ ...SIZE, down: { '1.1': sized(Math.floor) } }),
  },
  {
    bug: 'a Map returned',
    rule: 'backport/not-json',
    wrong: wrongDown((data) => ({ ...(down(data) as object), tags: new Set(data.tags) })),
    right,
  },
  {
    bug: 'a loss that is not declared',
    rule: 'object/lossy-undeclared',
    wrong: wrongDown((data) => ({ ...(down(data) as object), tags: data.tags.slice(0, 1) })),
    right: () =>
      volume({
        down: { '1.1': (data) => ({ ...(down(data) as object), tags: data.tags.slice(0, 1) }) },
        losses: [{ from: '1.1', to: '1.0', fields: ['tags'], reason: 'readers at 1.0 know one' }],
      }),
  },
  {
    bug: 'a declared loss that never happens',
    rule: 'backport/new-old-new',
    wrong: () => volume({ losses: [{ from: '1.1', to: '1.0', fields: ['name'], reason: 'it was once' }] }),
    right,
  },
  {
    bug: 'a declared loss that never happens, of a field with a default',
    rule: 'backport/new-old-new',
    wrong: () => volume({ ...NAMED, losses: [{ from: '1.1', to: '1.0', fields: ['alias'], reason: 'it was once' }] }),
    right: () => volume(NAMED),
  },
  {
    bug: 'rounding that is off by one',
    rule: 'backport/old-new-old',
    wrong: () => plain({ ...SIZE, down: { '1.1': sized((size) => Math.floor(size) + 1) } }),
    right: () => plain({ ...SIZE, down: { '1.1': sized(Math.ceil) } }),
  },
  {
    bug: 'fields swapped',
    rule: 'backport/shared-field-changed',
    wrong: () =>
      volume({
        fields: { ...FIELDS, alias: t.string({ maxLength: 12 }) },
        down: { '1.1': (data) => ({ ...(down(data) as object), name: data.alias, alias: data.name }) },
        up: { '1.1': (data) => ({ ...(up(data) as object), name: data.alias, alias: data.name }) },
      }),
    right: () => volume({ fields: { ...FIELDS, alias: t.string({ maxLength: 12 }) } }),
  },
  {
    bug: 'an upgrade that invents invalid data',
    rule: 'upgrade/output-invalid',
    wrong: () => plain({ fields: { owner: [t.uuid(), { since: '1.1' }] }, up: { '1.1': (data) => ({ ...data, owner: 'unknown' }) } }),
    right: () =>
      plain({
        fields: { owner: [t.uuid(), { since: '1.1' }] },
        up: { '1.1': (data) => ({ ...data, owner: '00000000-0000-0000-0000-000000000000' }) },
      }),
  },
  {
    bug: 'a default that leaks',
    rule: 'backport/aliases-input',
    wrong: wrongDown((data) => ({ ...(down(data) as object), tags: data.tags.length === 0 ? EMPTY : data.tags })),
    right,
  },
  {
    bug: 'a short cut that depends on the path',
    rule: 'backport/path-dependent',
    wrong: () => gates((ports) => ports[0]?.number ?? null),
    right: () => gates((ports) => ports.length),
  },
  {
    bug: 'a function that does nothing',
    rule: 'backport/noop',
    wrong: () =>
      plain({ fields: { colour: [t.string(), { since: '1.1', default: 'red' }] }, down: { '1.1': ({ colour: _, ...data }) => data } }),
    right: () => plain({ fields: { colour: [t.string(), { since: '1.1', default: 'red' }] } }),
  },
  {
    bug: 'a type that changed with no way across',
    rule: 'backport/missing',
    wrong: () => plain({ fields: { size: [t.integer(), { was: { until: '1.1', type: t.boolean() } }] } }),
    right: () =>
      plain({
        fields: { size: [t.integer(), { was: { until: '1.1', type: t.number() } }] },
        down: {},
        up: { '1.1': (data) => ({ ...data, size: Math.min(Math.max(Math.round(data.size), -(2 ** 53) + 1), 2 ** 53 - 1) }) },
      }),
  },
];

function sized(round: (size: number) => number) {
  return ({ sizeMb, ...data }: Data): object => ({ ...data, sizeGb: round(sizeMb / 1024) });
}
