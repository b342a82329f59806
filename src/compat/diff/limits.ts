import type { Json } from '../../objects/index.js';
import type { Change, ChangePlace, Keyword } from './change.js';
import { own, sameJson } from './same.js';

type Limits = Readonly<Record<string, Json | undefined>>;
/** Two keywords for one bound: one that lies within it, and one that does not. */
const BOUNDS = [
  ['minimum', 'exclusiveMinimum'],
  ['maximum', 'exclusiveMaximum'],
] as const;

type Step = 'tightened' | 'loosened' | 'replaced';

/** How the limits of two types of one kind differ, one change for each keyword, or for two that say one bound. */
export function diffLimits(before: object, after: object, keywords: readonly Keyword[], place: ChangePlace): readonly Change[] {
  const changes: readonly Change[] = keywords.flatMap((keyword): readonly Change[] => {
    const [was, is] = [limit(before as Limits, keyword), limit(after as Limits, keyword)];
    if (sameJson(was, is)) return [];
    if (keyword === 'pattern' && typeof was === 'string' && typeof is === 'string')
      return [{ ...place, kind: 'pattern-changed', before: was, after: is }];
    return [{ ...place, kind: `constraint-${step(keyword, was, is)}`, keyword, before: was, after: is }];
  });
  return BOUNDS.reduce((all, [closed, open]) => withOneBound(all, closed, open, [before, after]), changes);
}

/** A bound that moved from one keyword to the other is not loosened by the one and tightened by the other. */
function withOneBound(
  changes: readonly Change[],
  closed: Keyword,
  open: Keyword,
  [before, after]: readonly [object, object],
): readonly Change[] {
  const both = changes.filter((change) => 'keyword' in change && (change.keyword === closed || change.keyword === open));
  if (both.length < 2 || both[0]?.kind === both[1]?.kind) return changes;
  const bound = (type: object): readonly [number, number] => {
    // Upper bounds are turned round: then more is tighter for both, and to exclude the bound itself is a little more.
    const sign = closed === 'maximum' ? -1 : 1;
    const [within, beyond] = [closed, open].map((keyword) => sign * Number(limit(type as Limits, keyword) ?? -sign * Infinity));
    return within === undefined || beyond === undefined || within > beyond ? [within ?? -Infinity, 0] : [beyond, 1];
  };
  const [was, is] = [bound(before), bound(after)];
  const kind = is[0] > was[0] || (is[0] === was[0] && is[1] > was[1]) ? 'constraint-tightened' : 'constraint-loosened';
  return changes.filter((change) => !both.includes(change) || change.kind === kind);
}

/** `uniqueItems: false` says what its absence says, but it is another text, so that it is a change all the same. */
function limit(of: Limits, keyword: Keyword): Json | undefined {
  return own(of, keyword);
}

function step(keyword: Keyword, was: Json | undefined, is: Json | undefined): Step {
  if (keyword === 'uniqueItems') return is === true ? 'tightened' : 'loosened';
  if (was === undefined) return 'tightened';
  if (is === undefined) return 'loosened';
  if (keyword === 'format' || keyword === 'pattern') return 'replaced';
  if (keyword === 'multipleOf') return divides(was, is) ? 'tightened' : divides(is, was) ? 'loosened' : 'replaced';
  return grows(was, is) === /^(min|exclusiveMin)/.test(keyword) ? 'tightened' : 'loosened';
}

/** Bounds of a bigint are its digits as text. */
function grows(was: Json, is: Json): boolean {
  if (typeof was === 'string' && typeof is === 'string') return BigInt(is) > BigInt(was);
  return Number(is) > Number(was);
}

function divides(part: Json, whole: Json): boolean {
  const times = Number(whole) / Number(part);
  return Number.isFinite(times) && Math.abs(times - Math.round(times)) < 1e-9;
}
