import type { FieldFacts } from '../facts/facts.js';
import type { Change, ChangePlace, PresenceFacts } from './change.js';
import { diffType } from './diff-type.js';
import { unknownKeys } from './leftover.js';
import { keysOfBoth, own, sameJson } from './same.js';

type Fields = Readonly<Record<string, FieldFacts>>;

/** How the fields of two versions of an object or message differ. */
export function diffFields(before: Fields, after: Fields, place: ChangePlace): readonly Change[] {
  return keysOfBoth(before, after).flatMap((field): readonly Change[] => {
    const here = { ...place, path: place.path === '' ? `fields.${field}` : `${place.path}.fields.${field}`, field };
    const [was, is] = [own(before, field), own(after, field)];
    if (was === undefined) return is === undefined ? [] : [{ ...here, kind: 'field-added', before: undefined, after: is }];
    if (is === undefined) return [{ ...here, kind: 'field-removed', before: was, after: undefined }];
    return [
      ...diffType(was.type, is.type, here),
      ...diffPresence(was, is, here),
      ...unknownKeys(was, is, ['type', 'presence', 'default', 'made'], here),
    ];
  });
}

/** A default comes and goes with its presence; on its own it is a change of its own. */
function diffPresence(was: FieldFacts, is: FieldFacts, place: ChangePlace): readonly Change[] {
  const [before, after] = [presenceOf(was), presenceOf(is)];
  if (sameJson(before, after)) return [];
  return [{ ...place, kind: was.presence === is.presence ? 'default-changed' : 'presence-changed', before, after }];
}

function presenceOf({ presence, default: value, made }: FieldFacts): PresenceFacts {
  return { presence, ...(value === undefined ? {} : { default: value }), ...(made === undefined ? {} : { made }) };
}
