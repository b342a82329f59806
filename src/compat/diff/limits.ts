import type { Json } from '../../objects/index.js';
import type { Change, ChangePlace, Keyword } from './change.js';
import { own, sameJson } from './same.js';

type Limits = Readonly<Record<string, Json | undefined>>;
type Step = 'tightened' | 'loosened' | 'replaced';

/** How the limits of two types of one kind differ, one change for each keyword. */
export function diffLimits(before: object, after: object, keywords: readonly Keyword[], place: ChangePlace): readonly Change[] {
  return keywords.flatMap((keyword): readonly Change[] => {
    const [was, is] = [limit(before as Limits, keyword), limit(after as Limits, keyword)];
    if (sameJson(was, is)) return [];
    if (keyword === 'pattern' && typeof was === 'string' && typeof is === 'string')
      return [{ ...place, kind: 'pattern-changed', before: was, after: is }];
    return [{ ...place, kind: `constraint-${step(keyword, was, is)}`, keyword, before: was, after: is }];
  });
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
