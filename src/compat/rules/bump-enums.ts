import { leavesOf } from '../../objects/index.js';
import { compareVersions } from '../../versions/index.js';
import type { Change } from '../diff/change.js';
import { diffLines } from '../diff/lines.js';
import type { FieldFacts, TypeFacts } from '../facts/facts.js';
import type { FallbackFacts } from '../facts/surface.js';
import type { Finding } from './finding.js';
import { found } from './found.js';
import { hasStep, spellStep, todaysName, victims, type Hop } from './hop.js';
import { placeOf, where } from './place.js';
import { quoted } from './spelling.js';
import { listed } from './words.js';

type Grown = Extract<Change, { kind: 'values-added' }>;

/** Values that say "something else", so that whatever comes later has something to fall back on. */
const OPEN_VALUES = ['unknown', 'other', 'unspecified', 'unrecognized', 'unrecognised'];

/** `object/enum-value-added`: a value for which older readers get nothing that they know. */
export function enumGrown(hop: Hop, change: Grown): Finding[] {
  if (hasStep(hop, 'down')) return [];
  const field = todaysName(hop.conversions, change.field ?? '', hop.to);
  const declared = hop.conversions.fallbacks.filter((fallback) => fallback.field === field);
  const lost = change.after.filter((value) => !fallsBack(value, hop, declared));
  if (lost.length === 0) return [];
  const names = listed(lost.map(quoted));
  // Whoever named a value without a fallback has said that sending it is to be refused.
  const refused = lost.every((value) => declared.some((fallback) => fallback.value === value));
  const level = hop.direction === 'none' ? 'info' : hop.direction === 'in' ? (refused ? 'info' : 'warn') : 'error';
  const first = lost[0] ?? '';
  return [
    found({
      rule: 'object/enum-value-added',
      severity: level,
      subject: { ...hop.owner, version: hop.to, path: placeOf(change) },
      message: `${where(hop, change)} gained ${names} at ${hop.to}, which readers at ${hop.from} do not know, and nothing says what they get instead.`,
      breaks: victims(hop, 'down'),
      fix: `Name a value that they know: t.enum([...], { added: { '${hop.to}': { ${key(first)}: '...' } } }), or map it with ${spellStep(hop, 'down')}.`,
      diff: diffLines([{ ...change, after: lost }]),
    }),
  ];
}

/** `object/enum-default-fallback-missing`: an enum that has grown before will grow again, and has no value for what it lacks. */
export function enumsWithoutOpenValue(hop: Hop, changes: readonly Change[], after: Readonly<Record<string, FieldFacts>>): Finding[] {
  if (hop.direction === 'in' || hop.direction === 'none') return [];
  const grown = new Set(changes.flatMap(({ kind, field }) => (kind === 'values-added' && field !== undefined ? [field] : [])));
  return [...grown].flatMap((field) => {
    const change = changes.find((one): one is Grown => one.kind === 'values-added' && one.field === field);
    const values = after[field] === undefined ? [] : enumValues(after[field].type);
    if (change === undefined || values.some((value) => OPEN_VALUES.includes(value.toLowerCase()))) return [];
    return [
      found({
        rule: 'object/enum-default-fallback-missing',
        subject: { ...hop.owner, version: hop.to, path: placeOf(change) },
        message: `${where(hop, change)} gained ${listed(change.after.map(quoted))} at ${hop.to}, and none of its values says "something else".`,
        breaks: 'nobody now; but each value to come needs an old one that happens to mean nearly the same',
        fix: `Add a value such as 'unknown' in the next version, and name it for what comes later: { added: { '...': { newer: 'unknown' } } }.`,
        diff: diffLines([change]),
      }),
    ];
  });
}

/** Follows what is sent instead of a value until it is one that the older version knows. */
export function fallsBack(value: string, { from }: Pick<Hop, 'from'>, declared: readonly FallbackFacts[]): boolean {
  let current: string | undefined = value;
  for (let hops = 0; current !== undefined && hops <= declared.length; hops++) {
    const entry = declared.find((fallback) => fallback.value === current);
    if (entry === undefined || compareVersions(entry.since, from) <= 0) return hops > 0;
    current = entry.instead;
  }
  return false;
}

function enumValues(type: TypeFacts): readonly string[] {
  return leavesOf(type).flatMap((leaf) => (leaf.kind === 'enum' ? leaf.values : []));
}

function key(value: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(value) ? value : quoted(value);
}
