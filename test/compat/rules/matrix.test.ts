import assert from 'node:assert/strict';
import { objectHop, type ConversionFacts, type DirectionFacts, type FieldFacts, type TypeFacts } from '#lynchpin/compat/index.js';
import { defaulted, liveOrder, oneOf, optional, order, orNull, required, text, whole } from '../support/made-facts.js';

/*
 * What each change to a field means, for data that methods take, that they return, and that does both. A cell is the
 * severity and the rule, or "-" where nothing is to be said. "bare" is with no functions at all; "covered" is with a backport
 * and an upgrade. Both ways are needed whichever way data travels, because a client that is pinned sends down and reads up.
 */

type Cells = readonly [into: string, out: string, both: string];

interface Row {
  readonly change: string;
  readonly before: FieldFacts | undefined;
  readonly after: FieldFacts | undefined;
  readonly bare: Cells;
  readonly covered: Cells;
}

const ADDED = 'object/required-field-added-no-default';
const REMOVED = 'object/field-removed-no-major';
const NOTHING: Cells = ['-', '-', '-'];
const SEEN: Cells = ['-', 'info object/field-added-out', '-'];
const ENDED: Cells = [`info ${REMOVED}`, `info ${REMOVED}`, `info ${REMOVED}`];
const all = (cell: string): Cells => [cell, cell, cell];
/** What newer readers cannot take: old senders are refused, and clients that are still pinned may be surprised. */
const up = (rule: string): Cells => [`error ${rule}`, `warn ${rule}`, `error ${rule}`];
/** What older readers cannot take: they cannot be answered, and senders are refused before they send. */
const down = (rule: string): Cells => [`info ${rule}`, `error ${rule}`, `error ${rule}`];

const nullable = required(orNull(text));

/** {added, removed, changed} x {required, optional, defaulted, nullable} x {in, out, both}: 36 cells, twice. */
const MATRIX: readonly Row[] = [
  { change: 'added required', before: undefined, after: required(text), bare: all(`error ${ADDED}`), covered: SEEN },
  { change: 'added optional', before: undefined, after: optional(text), bare: SEEN, covered: SEEN },
  { change: 'added defaulted', before: undefined, after: defaulted(text, ''), bare: SEEN, covered: SEEN },
  { change: 'added nullable', before: undefined, after: nullable, bare: all(`error ${ADDED}`), covered: SEEN },
  { change: 'removed required', before: required(text), after: undefined, bare: all(`error ${REMOVED}`), covered: ENDED },
  { change: 'removed optional', before: optional(text), after: undefined, bare: ENDED, covered: ENDED },
  { change: 'removed defaulted', before: defaulted(text, ''), after: undefined, bare: ENDED, covered: ENDED },
  { change: 'removed nullable', before: nullable, after: undefined, bare: all(`error ${REMOVED}`), covered: ENDED },
  {
    change: 'changed to required',
    before: optional(text),
    after: required(text),
    bare: up('object/optional-to-required'),
    covered: NOTHING,
  },
  {
    change: 'changed to optional',
    before: required(text),
    after: optional(text),
    bare: down('object/required-to-optional'),
    covered: NOTHING,
  },
  // Writers fill defaults in and readers supply them, so that nobody misses the field.
  { change: 'changed to defaulted', before: required(text), after: defaulted(text, ''), bare: NOTHING, covered: NOTHING },
  { change: 'changed to nullable', before: required(text), after: nullable, bare: down('object/nonnull-to-nullable'), covered: NOTHING },
];

const type = (before: TypeFacts, after: TypeFacts): Pick<Row, 'before' | 'after'> => ({ before: required(before), after: required(after) });
const limited = (maxLength: number): TypeFacts => ({ kind: 'string', maxLength });

/** Other things that can happen to a field. */
const OTHERS: readonly Row[] = [
  { change: 'optional to defaulted', before: optional(text), after: defaulted(text, ''), bare: NOTHING, covered: NOTHING },
  { change: 'defaulted to optional', before: defaulted(text, ''), after: optional(text), bare: NOTHING, covered: NOTHING },
  {
    change: 'defaulted to required',
    before: defaulted(text, ''),
    after: required(text),
    bare: all('warn object/optional-to-required'),
    covered: NOTHING,
  },
  {
    change: 'another default',
    before: defaulted(whole, 60),
    after: defaulted(whole, 30),
    bare: up('object/default-changed'),
    covered: NOTHING,
  },
  { change: 'null forbidden', ...type(orNull(text), text), bare: up('object/nullable-to-nonnull'), covered: NOTHING },
  {
    change: 'null allowed in a list',
    ...type({ kind: 'list', item: text }, { kind: 'list', item: orNull(text) }),
    bare: down('object/nonnull-to-nullable'),
    covered: NOTHING,
  },
  { change: 'integer to text', ...type(whole, text), bare: all('error object/type-changed'), covered: NOTHING },
  { change: 'integer to number', ...type(whole, { kind: 'number' }), bare: down('object/type-widened'), covered: NOTHING },
  { change: 'number to integer', ...type({ kind: 'number' }, whole), bare: up('object/type-narrowed'), covered: NOTHING },
  { change: 'text to enum', ...type(text, oneOf('a')), bare: up('object/type-narrowed'), covered: NOTHING },
  { change: 'enum to text', ...type(oneOf('a'), text), bare: down('object/type-widened'), covered: NOTHING },
  { change: 'text to an id', ...type(text, { kind: 'uuid' }), bare: up('object/type-narrowed'), covered: NOTHING },
  { change: 'text to any JSON', ...type(text, { kind: 'json' }), bare: down('object/type-widened'), covered: NOTHING },
  { change: 'text or null to any JSON', ...type(orNull(text), { kind: 'json' }), bare: down('object/type-widened'), covered: NOTHING },
  {
    change: 'another object',
    ...type({ kind: 'object', of: 'A' }, { kind: 'object', of: 'B' }),
    bare: all('error object/type-changed'),
    covered: NOTHING,
  },
  {
    change: 'a variant more',
    ...type({ kind: 'union', tag: 'kind', variants: { a: 'A' } }, { kind: 'union', tag: 'kind', variants: { a: 'A', b: 'B' } }),
    bare: down('object/type-widened'),
    covered: NOTHING,
  },
  {
    change: 'a variant less',
    ...type({ kind: 'union', tag: 'kind', variants: { a: 'A', b: 'B' } }, { kind: 'union', tag: 'kind', variants: { a: 'A' } }),
    bare: up('object/type-narrowed'),
    covered: NOTHING,
  },
  { change: 'an enum value less', ...type(oneOf('a', 'b'), oneOf('a')), bare: up('object/enum-value-removed'), covered: NOTHING },
  {
    change: 'an enum value more',
    ...type(oneOf('a', 'unknown'), oneOf('a', 'b', 'unknown')),
    bare: ['warn object/enum-value-added', 'error object/enum-value-added', 'error object/enum-value-added'],
    covered: NOTHING,
  },
  { change: 'a tighter limit', ...type(limited(20), limited(10)), bare: up('object/constraint-tightened'), covered: NOTHING },
  { change: 'a looser limit', ...type(limited(10), limited(20)), bare: down('object/constraint-loosened'), covered: NOTHING },
  { change: 'a new limit', ...type(text, limited(20)), bare: up('object/constraint-tightened'), covered: NOTHING },
  {
    change: 'another pattern',
    ...type({ kind: 'string', pattern: '^a' }, { kind: 'string', pattern: '^b' }),
    bare: all('warn object/pattern-changed'),
    covered: NOTHING,
  },
];

const DIRECTIONS = ['in', 'out', 'both'] as const satisfies readonly DirectionFacts[];
const STEPS: ConversionFacts['steps'] = [
  { direction: 'up', from: '1.1', to: '1.2', name: 'up' },
  { direction: 'down', from: '1.2', to: '1.1', name: 'down' },
];

function verdict(
  { before, after }: Pick<Row, 'before' | 'after'>,
  direction: DirectionFacts,
  conversions: Partial<ConversionFacts> = {},
): string {
  const [older, newer] = [
    order('1.1', before === undefined ? {} : { note: before }),
    order('1.2', after === undefined ? {} : { note: after }),
  ];
  const findings = objectHop(liveOrder([older, newer], direction, conversions), older, newer);
  return findings.length === 0 ? '-' : findings.map(({ severity, rule }) => `${severity} ${rule}`).join(', ');
}

describe('what a change to a field means, from one version to the next', () => {
  it('is said for each of the 36 cells', () => {
    assert.equal(MATRIX.length * DIRECTIONS.length, 36);
    assert.equal(new Set(MATRIX.map(({ change }) => change)).size, MATRIX.length);
  });

  for (const row of [...MATRIX, ...OTHERS]) {
    it(`${row.change}: ${row.bare.join(' | ')}`, () => {
      assert.deepEqual(
        DIRECTIONS.map((direction) => verdict(row, direction)),
        row.bare,
      );
      assert.deepEqual(
        DIRECTIONS.map((direction) => verdict(row, direction, { steps: STEPS })),
        row.covered,
        'with a backport and an upgrade',
      );
    });
  }

  it('is never more than worth knowing where no API reaches the object', () => {
    for (const row of [...MATRIX, ...OTHERS]) assert.ok(!/error|warn/.test(verdict(row, 'none')), `${row.change}: ${verdict(row, 'none')}`);
  });

  it('is not an error just because a function of the other way is there', () => {
    const [upOnly, downOnly] = [{ steps: STEPS.slice(0, 1) }, { steps: STEPS.slice(1) }];
    assert.equal(verdict({ before: undefined, after: required(text) }, 'in', upOnly), '-');
    assert.match(verdict({ before: undefined, after: required(text) }, 'in', downOnly), /^error/);
    assert.match(verdict({ before: required(text), after: undefined }, 'out', upOnly), /^error/);
    assert.match(verdict({ before: required(text), after: undefined }, 'out', downOnly), /^info/);
  });

  it('is shown to fail: steps of another pair of versions cover nothing', () => {
    const elsewhere = STEPS.map((step) => ({ ...step, from: '1.2' as const, to: '1.3' as const }));
    assert.match(verdict(type(whole, text), 'both', { steps: elsewhere }), /^error/);
  });

  describe('of an enum that grew', () => {
    const grown = type(oneOf('a', 'unknown'), oneOf('a', 'b', 'c', 'unknown'));
    const fallback = (value: string, instead?: string) => ({
      field: 'note',
      since: '1.2' as const,
      value,
      ...(instead === undefined ? {} : { instead }),
    });

    it('nothing, when each value falls back to one that is known, by whatever way', () => {
      assert.equal(verdict(grown, 'both', { fallbacks: [fallback('b', 'c'), fallback('c', 'a')] }), '-');
    });

    it('an error for readers, when a value ends in nothing, or in a circle', () => {
      assert.equal(verdict(grown, 'out', { fallbacks: [fallback('b', 'a'), fallback('c')] }), 'error object/enum-value-added');
      assert.equal(verdict(grown, 'out', { fallbacks: [fallback('b', 'c'), fallback('c', 'b')] }), 'error object/enum-value-added');
    });

    it('worth knowing for senders, when it is declared that sending it is refused', () => {
      assert.equal(verdict(grown, 'in', { fallbacks: [fallback('b'), fallback('c')] }), 'info object/enum-value-added');
    });
  });

  it('nothing, when the field has only got another name', () => {
    const [older, newer] = [order('1.1', { host: required(text) }), order('1.2', { hostName: required(text) })];
    const renames = [{ name: 'hostName', was: 'host', until: '1.2' as const }];
    assert.deepEqual(objectHop(liveOrder([older, newer], 'both', { renames }), older, newer), []);
  });

  it('a fallback is found under the name of today', () => {
    const [older, newer] = [
      order('1.1', { note: required(oneOf('a', 'other')) }),
      order('1.2', { note: required(oneOf('a', 'b', 'other')) }),
    ];
    const live = liveOrder([older, newer], 'both', {
      renames: [{ name: 'memo', was: 'note', until: '1.3' }],
      fallbacks: [{ field: 'memo', since: '1.2', value: 'b', instead: 'a' }],
    });
    assert.deepEqual(objectHop(live, older, newer), []);
  });
});
