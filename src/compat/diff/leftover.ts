import type { Change, ChangePlace } from './change.js';
import { asJson, keysOfBoth, own, sameJson } from './same.js';

/** What differs under keys that the differ does not know: the world is closed, so that is a change too. */
export function unknownKeys(before: object, after: object, known: readonly string[], place: ChangePlace): readonly Change[] {
  return keysOfBoth(before, after)
    .filter((key) => !known.includes(key))
    .map((key) => ({ key, was: own(before as Part, key), is: own(after as Part, key) }))
    .filter(({ was, is }) => !sameJson(was, is))
    .map(({ key, was, is }) => ({
      ...place,
      path: place.path === '' ? key : `${place.path}.${key}`,
      kind: 'unclassified',
      before: asJson(was),
      after: asJson(is),
    }));
}

type Part = Readonly<Record<string, unknown>>;
