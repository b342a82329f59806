import fc from 'fast-check';
import type { ApiFacts, Change, FieldFacts, MethodFacts, ObjectFacts, TypeFacts } from '#lynchpin/compat/index.js';

type Draft = { [key: string]: unknown };

const names = fc.constantFrom('a', 'b', 'note', 'size_gb', '__proto__', 'toString');
const count = fc.integer({ min: 0, max: 9 });
const maybe = (name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<object> =>
  fc.option(value, { nil: undefined }).map((one) => (one === undefined ? {} : { [name]: one }));
const joined = (...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as object);
const values = fc.uniqueArray(fc.constantFrom('new', 'paid', 'sent', 'gone'), { minLength: 1 }).map((all) => [...all].sort());
const dictionary = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.uniqueArray(fc.tuple(names, value), { selector: ([name]) => name, maxLength: 4 }).map((pairs) => Object.fromEntries(pairs));

/** Any type, also such as declarations would refuse. */
const anyType: fc.Arbitrary<TypeFacts> = fc.letrec<{ type: TypeFacts }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2 },
    joined(
      fc.constant({ kind: 'string' }),
      maybe('minLength', count),
      maybe('maxLength', count),
      maybe('pattern', names),
      maybe('format', names),
    ) as fc.Arbitrary<TypeFacts>,
    joined(
      fc.constantFrom({ kind: 'integer' }, { kind: 'number' }),
      maybe('minimum', count),
      maybe('maximum', count),
      maybe('multipleOf', fc.integer({ min: 1, max: 6 })),
    ) as fc.Arbitrary<TypeFacts>,
    joined(
      fc.constant({ kind: 'bigint' }),
      maybe('minimum', count.map(String)),
      maybe('maximum', count.map(String)),
    ) as fc.Arbitrary<TypeFacts>,
    fc.constantFrom<TypeFacts>({ kind: 'boolean' }, { kind: 'uuid' }, { kind: 'datetime' }, { kind: 'json' }, { kind: 'bytes' }),
    values.map((all): TypeFacts => ({ kind: 'enum', values: all })),
    joined(
      tie('type').map((item) => ({ kind: 'list', item })),
      maybe('maxItems', count),
      maybe('uniqueItems', fc.boolean()),
    ) as fc.Arbitrary<TypeFacts>,
    tie('type').map((value): TypeFacts => ({ kind: 'map', value })),
    tie('type').map((inner): TypeFacts => ({ kind: 'nullable', inner })),
    names.map((of): TypeFacts => ({ kind: 'object', of })),
    fc.tuple(names, dictionary(names)).map(([tag, variants]): TypeFacts => ({ kind: 'union', tag, variants })),
    fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map((options): TypeFacts => ({ kind: 'either', options })),
  ) as fc.Arbitrary<TypeFacts>,
})).type;

const anyField: fc.Arbitrary<FieldFacts> = fc
  .tuple(anyType, fc.constantFrom('required', 'optional', 'made', 'given'), fc.jsonValue())
  .map(([type, how, value]): FieldFacts => {
    if (how === 'made') return { type, presence: 'defaulted', made: true };
    if (how === 'given') return { type, presence: 'defaulted', default: value as NonNullable<FieldFacts['default']> };
    return { type, presence: how as 'required' | 'optional' };
  });

export const anyObject: fc.Arbitrary<ObjectFacts> = dictionary(anyField).map((fields) => ({
  kind: 'object',
  name: 'Order',
  version: '1.0',
  fields,
}));

const anyMethod: fc.Arbitrary<MethodFacts> = joined(
  fc.record({ idempotent: fc.boolean() }),
  maybe('takes', names),
  maybe('returns', anyType),
) as fc.Arbitrary<MethodFacts>;

export const anyApi: fc.Arbitrary<ApiFacts> = fc
  .record({
    carries: dictionary(fc.constantFrom('1.0' as const, '1.1' as const)),
    methods: dictionary(anyMethod),
    messages: dictionary(dictionary(anyField).map((fields) => ({ fields }))),
    errors: fc.uniqueArray(names).map((all) => [...all].sort()),
  })
  .map((parts) => ({ kind: 'api', name: 'orders', version: '1.0', ...parts }));

/** One edit: what is done to facts, and the only changes that it may come out as. */
export interface Edit {
  readonly what: string;
  readonly apply: (facts: Draft, pick: <T>(from: readonly T[]) => T | undefined) => readonly Change['kind'][] | undefined;
}

type Fields = Record<string, Draft>;

/** The edit of one field, if there is one that it fits. */
function onField(what: string, work: (field: Draft, type: Draft) => readonly Change['kind'][] | undefined): Edit {
  return {
    what,
    apply: (facts, pick) => {
      const field = pick(Object.values(facts['fields'] as Fields));
      return field === undefined ? undefined : work(field, field['type'] as Draft);
    },
  };
}

const raised = (keyword: string, kinds: readonly string[], up: Change['kind']): Edit =>
  onField(`${keyword} is raised`, (_, type) => {
    if (!kinds.includes(String(type['kind'])) || typeof type[keyword] !== 'number') return undefined;
    type[keyword] = type[keyword] + 1;
    return [up];
  });

export const FIELD_EDITS: readonly Edit[] = [
  {
    what: 'a field is added',
    apply: (facts) => {
      (facts['fields'] as Fields)['brand_new'] = { type: { kind: 'string' }, presence: 'required' };
      return ['field-added'];
    },
  },
  {
    what: 'a field is removed',
    apply: (facts, pick) => {
      const name = pick(Object.keys(facts['fields'] as Fields));
      if (name === undefined) return undefined;
      Reflect.deleteProperty(facts['fields'] as Fields, name);
      return ['field-removed'];
    },
  },
  onField('null is allowed', (field, type) => {
    if (type['kind'] === 'nullable' || type['kind'] === 'json') return undefined;
    field['type'] = { kind: 'nullable', inner: type };
    return ['null-allowed'];
  }),
  onField('null is forbidden', (field, type) => {
    const inner = type['inner'] as Draft | undefined;
    if (type['kind'] !== 'nullable' || inner?.['kind'] === 'nullable' || inner?.['kind'] === 'json') return undefined;
    field['type'] = inner;
    return ['null-forbidden'];
  }),
  onField('the presence is another', (field) => {
    const next = field['presence'] === 'required' ? 'optional' : 'required';
    Reflect.deleteProperty(field, 'default');
    Reflect.deleteProperty(field, 'made');
    field['presence'] = next;
    return ['presence-changed'];
  }),
  onField('the default is another', (field) => {
    if (field['presence'] !== 'defaulted') return undefined;
    Reflect.deleteProperty(field, 'made');
    field['default'] = { another: field['default'] ?? 0 };
    return ['default-changed'];
  }),
  onField('the type is of another kind', (field, type) => {
    if (type['kind'] === 'boolean' || type['kind'] === 'nullable') return undefined;
    field['type'] = { kind: 'boolean' };
    return ['type-changed'];
  }),
  onField('an enum gains a value', (_, type) => {
    if (type['kind'] !== 'enum') return undefined;
    type['values'] = [...(type['values'] as string[]), 'zzz'];
    return ['values-added'];
  }),
  onField('an enum loses a value', (_, type) => {
    if (type['kind'] !== 'enum') return undefined;
    type['values'] = (type['values'] as string[]).slice(1);
    return ['values-removed'];
  }),
  onField('an object is another', (_, type) => {
    if (type['kind'] !== 'object') return undefined;
    type['of'] = 'AnotherClass';
    return ['object-changed'];
  }),
  onField('a union gains a variant', (_, type) => {
    if (type['kind'] !== 'union') return undefined;
    type['variants'] = { ...(type['variants'] as Draft), zzz: 'AnotherClass' };
    return ['variant-added'];
  }),
  raised('maxLength', ['string'], 'constraint-loosened'),
  raised('minLength', ['string'], 'constraint-tightened'),
  raised('minimum', ['integer', 'number'], 'constraint-tightened'),
  raised('maximum', ['integer', 'number'], 'constraint-loosened'),
  onField('a pattern is another', (_, type) => {
    if (type['kind'] !== 'string' || typeof type['pattern'] !== 'string') return undefined;
    type['pattern'] = `${type['pattern']}+`;
    return ['pattern-changed'];
  }),
  onField('what nobody knows is added to a type', (_, type) => {
    type['colour'] = 'red';
    return ['unclassified'];
  }),
  onField('what nobody knows is added to a field', (field) => {
    field['colour'] = 'red';
    return ['unclassified'];
  }),
  {
    what: 'what nobody knows is added to the whole',
    apply: (facts) => {
      facts['colour'] = { of: 'red' };
      return ['unclassified'];
    },
  },
];

/** The edit of one method, if there is one that it fits. */
function onMethod(what: string, work: (method: Draft) => readonly Change['kind'][] | undefined): Edit {
  return {
    what,
    apply: (facts, pick) => {
      const method = pick(Object.values(facts['methods'] as Fields));
      return method === undefined ? undefined : work(method);
    },
  };
}

/** A new entry in one of the dictionaries of an API. */
function added(part: string, value: unknown, kind: Change['kind']): Edit {
  return {
    what: `something is added to ${part}`,
    apply: (facts) => {
      (facts[part] as Draft)['brand_new'] = value;
      return [kind];
    },
  };
}

/** An entry that is taken out of one of the dictionaries of an API. */
function removed(part: string, kind: Change['kind']): Edit {
  return {
    what: `something is taken out of ${part}`,
    apply: (facts, pick) => {
      const name = pick(Object.keys(facts[part] as Draft));
      if (name === undefined) return undefined;
      Reflect.deleteProperty(facts[part] as Draft, name);
      return [kind];
    },
  };
}

export const API_EDITS: readonly Edit[] = [
  added('methods', { idempotent: false }, 'method-added'),
  added('messages', { fields: {} }, 'message-added'),
  added('carries', '1.0', 'carries-added'),
  removed('methods', 'method-removed'),
  removed('messages', 'message-removed'),
  removed('carries', 'carries-removed'),
  onMethod('a method takes something else', (method) => {
    method['takes'] = 'AnotherMessage';
    return ['takes-changed'];
  }),
  onMethod('a method is idempotent, or no longer', (method) => {
    method['idempotent'] = method['idempotent'] !== true;
    return ['idempotence-changed'];
  }),
  onMethod('a method begins or ceases to answer', (method) => {
    const answered = method['returns'] !== undefined;
    if (answered) Reflect.deleteProperty(method, 'returns');
    else method['returns'] = { kind: 'boolean' };
    return [answered ? 'answer-ended' : 'answer-began'];
  }),
  onMethod('what nobody knows is added to a method', (method) => {
    method['colour'] = 'red';
    return ['unclassified'];
  }),
  {
    what: 'an object is carried at another version',
    apply: (facts, pick) => {
      const name = pick(Object.keys(facts['carries'] as Draft));
      if (name === undefined) return undefined;
      Object.defineProperty(facts['carries'], name, { value: '9.9' });
      return ['carries-changed'];
    },
  },
  {
    what: 'a message gets a field',
    apply: (facts, pick) => {
      const message = pick(Object.values(facts['messages'] as Fields));
      if (message === undefined) return undefined;
      (message['fields'] as Fields)['brand_new'] = { type: { kind: 'string' }, presence: 'optional' };
      return ['field-added'];
    },
  },
  {
    what: 'an error is declared',
    apply: (facts) => {
      facts['errors'] = [...(facts['errors'] as string[]), 'BrandNew'];
      return ['error-added'];
    },
  },
  {
    what: 'the topic is another',
    apply: (facts) => {
      facts['name'] = 'orders2';
      return ['topic-changed'];
    },
  },
];
