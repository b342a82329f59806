import { leavesOf, type FieldRecord, type ObjectRecord, type TypeNode } from '../../objects/index.js';
import type { Line } from '../../versions/index.js';
import type { ConversionFacts, FallbackFacts, RenameFacts } from './surface.js';

/** What is declared of the ways between the versions of a class. */
export function conversionFacts(record: ObjectRecord): ConversionFacts {
  return {
    steps: record.steps.map(({ direction, from, to, name }) => ({ direction, from, to, name })),
    losses: record.losses.map(({ from, to, fields, reason }) => ({ from, to, fields: [...fields], reason })),
    renames: record.fields.flatMap((field) => renamesOf(field.name, field.was)),
    fallbacks: record.fields.flatMap(fallbacksOf),
  };
}

/** Each earlier name, with the one that came after it. Entries that only tell an earlier type say nothing here. */
export function renamesOf(
  name: string,
  was: readonly { readonly until: RenameFacts['until']; readonly name: string | undefined }[],
): readonly RenameFacts[] {
  const named = was.flatMap((era) => (era.name === undefined ? [] : [{ until: era.until, name: era.name }]));
  return named.map((era, at) => ({ name: named[at + 1]?.name ?? name, was: era.name, until: era.until }));
}

/** The name of something at a version, given the eras in which it had others. */
export function nameBefore(
  name: string,
  was: readonly { readonly until: RenameFacts['until']; readonly name: string }[],
  end: RenameFacts['until'],
  line: Line,
): string {
  return was.find((era) => line.indexOf(end) <= line.indexOf(era.until))?.name ?? name;
}

function fallbacksOf(field: FieldRecord): ConversionFacts['fallbacks'] {
  const seen = new Set<string>();
  const types = [field.type, ...field.was.flatMap(({ type }) => type ?? [])];
  return types
    .flatMap(addedIn)
    .filter(({ value, since }) => {
      const key = `${since} ${value}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    })
    .map((fallback) => ({ field: field.name, ...fallback }));
}

/** The enum values in a type that came later. */
export function addedIn(type: TypeNode): readonly FallbackFacts[] {
  return leavesOf(type).flatMap((leaf) =>
    leaf.kind === 'enum'
      ? leaf.added.map(({ since, value, fallback }) => ({ since, value, ...(fallback === undefined ? {} : { instead: fallback }) }))
      : [],
  );
}
