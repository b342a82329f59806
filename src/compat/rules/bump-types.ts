import type { Change } from '../diff/change.js';
import { describeType } from '../diff/describe.js';
import { diffLines } from '../diff/lines.js';
import { listed } from './words.js';
import type { RuleId } from './catalog.js';
import { enumGrown } from './bump-enums.js';
import type { Finding, Severity } from './finding.js';
import { found } from './found.js';
import { levelOf, open, spellStep, victims, worst, type Hop, type Way } from './hop.js';
import { placeOf, where } from './place.js';
import { relationOf } from './subset.js';
import { spellType } from './spelling.js';

/** What a change asks for: which ways data must be convertible, and what to say and do where it is not. */
export interface Demand {
  readonly rule: RuleId;
  readonly ways: readonly Way[];
  /** What happened, as the end of a sentence that begins with the field: `may now be null`. */
  readonly says: string;
  /** What else than a function would do. */
  readonly instead: string;
  /** Where it is not what the ways make of it. */
  readonly severity?: Exclude<Severity, 'off'>;
}

/** What the rules of minors say about a change of a field's type or of what limits it. */
export function typeFinding(hop: Hop, change: Change): Finding[] {
  if (change.kind === 'values-added') return enumGrown(hop, change);
  const demand = demandOf(hop, change);
  return demand === undefined ? [] : demanded(hop, change, demand);
}

/** A finding for the ways that a change needs and that no function takes. */
export function demanded(hop: Hop, change: Change, { rule, ways, says, instead, severity }: Demand): Finding[] {
  const missing = open(hop, ways);
  if (missing.length === 0) return [];
  const level = worst(missing.map((way) => levelOf(way, hop.direction)));
  const steps = listed(missing.map((way) => spellStep(hop, way)));
  return [
    found({
      rule,
      severity: severity !== undefined && level !== 'info' ? severity : level,
      subject: { ...hop.owner, version: hop.to, path: placeOf(change) },
      message: `From ${hop.from} to ${hop.to}, ${where(hop, change)} ${says}.`,
      breaks: [...new Set(missing.map((way) => victims(hop, way)))].join('; '),
      fix: `${capital(instead)}, or write ${steps}.`,
      diff: diffLines([change]),
    }),
  ];
}

function demandOf(hop: Hop, change: Change): Demand | undefined {
  const argument = hop.message;
  switch (change.kind) {
    case 'type-changed': {
      const relation = relationOf(change.before, change.after);
      const says = `changed from ${describeType(change.before)} to ${describeType(change.after)}`;
      const instead = `keep ${spellType(change.before)} and put the new form into a field of its own, with since: '${hop.to}'`;
      if (relation === 'widened') return { ...widened(argument), says, instead };
      if (relation === 'narrowed') return { ...narrowed(argument), says, instead };
      return { ...changed(argument), says, instead, severity: 'error' };
    }
    case 'object-changed':
      return {
        ...changed(argument),
        says: `refers to ${change.after} instead of ${change.before}`,
        instead: `keep t.object(() => ${change.before}), and put ${change.after} into a field of its own`,
        severity: 'error',
      };
    case 'tag-changed':
      return {
        ...changed(argument),
        says: `tells its variants apart by ${change.after} instead of ${change.before}`,
        instead: `keep the tag ${change.before}`,
        severity: 'error',
      };
    case 'variant-added':
      return {
        ...widened(argument),
        says: `may now be a ${change.variant}`,
        instead: 'send the new variant only to those who ask for it with a method of their own',
      };
    case 'option-added':
      return {
        ...widened(argument),
        says: `may now be ${describeType(change.after)} too`,
        instead: `put it into a field of its own, with since: '${hop.to}'`,
      };
    case 'variant-removed':
      return {
        ...narrowed(argument),
        says: `may no longer be a ${change.variant}`,
        instead: `keep the variant ${change.variant}`,
      };
    case 'option-removed':
      return {
        ...narrowed(argument),
        says: `may no longer be ${describeType(change.before)}`,
        instead: 'keep the option',
      };
    case 'null-allowed':
      return {
        rule: 'object/nonnull-to-nullable',
        ways: ['down'],
        says: 'was never null and now may be',
        instead: 'keep null out, and say "not set" with optional: true in a new field',
      };
    case 'null-forbidden':
      return {
        rule: 'object/nullable-to-nonnull',
        ways: ['up'],
        says: 'could be null and no longer can (which is not the same as missing)',
        instead: 'keep t.nullable(...)',
      };
    case 'values-removed':
      return {
        rule: 'object/enum-value-removed',
        ways: ['up'],
        says: `no longer knows ${listed(change.before.map((value) => JSON.stringify(value)))}`,
        instead: 'keep the value in t.enum([...]) until the next major',
      };
    default:
      return limitDemand(change);
  }
}

function limitDemand(change: Change): Demand | undefined {
  switch (change.kind) {
    case 'constraint-tightened':
      return {
        rule: 'object/constraint-tightened',
        ways: ['up'],
        says: `has a tighter ${change.keyword}, ${limit(change.after)} instead of ${limit(change.before)}`,
        instead: `keep ${change.keyword} at ${limit(change.before)} until the next major`,
      };
    case 'constraint-loosened':
      return {
        rule: 'object/constraint-loosened',
        ways: ['down'],
        says: `has a looser ${change.keyword}, ${limit(change.after)} instead of ${limit(change.before)}`,
        instead: `keep ${change.keyword} at ${limit(change.before)} until the next major`,
      };
    case 'constraint-replaced':
      return {
        rule: 'object/constraint-tightened',
        ways: ['up', 'down'],
        says: `has another ${change.keyword}, ${limit(change.after)} instead of ${limit(change.before)}`,
        instead: `keep ${change.keyword} at ${limit(change.before)} until the next major`,
      };
    case 'pattern-changed':
      return {
        rule: 'object/pattern-changed',
        ways: ['up', 'down'],
        says: `has another pattern, ${JSON.stringify(change.after)} instead of ${JSON.stringify(change.before)}`,
        instead: 'keep the pattern until the next major',
        severity: 'warn',
      };
    default:
      return undefined;
  }
}

const changed = (argument: boolean): Pick<Demand, 'rule' | 'ways'> => ({
  rule: argument ? 'rpc/arg-type-changed' : 'object/type-changed',
  ways: ['up', 'down'],
});
const narrowed = (argument: boolean): Pick<Demand, 'rule' | 'ways'> => ({
  rule: argument ? 'rpc/arg-type-changed' : 'object/type-narrowed',
  ways: ['up'],
});
const widened = (argument: boolean): Pick<Demand, 'rule' | 'ways'> => ({
  rule: argument ? 'rpc/arg-type-changed' : 'object/type-widened',
  ways: ['down'],
});

function limit(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
