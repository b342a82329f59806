import type { Source } from './declarations.js';

/** One change of a source. */
export interface Edit {
  readonly source: Source;
  readonly at: number;
  /** How many letters go. */
  readonly remove: number;
  readonly insert: string;
}

/** The new texts of the files that edits change, by file. Of edits at one place, the earlier one comes first. */
export function applied(edits: readonly Edit[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const byFile = grouped(edits);
  for (const [file, own] of byFile) {
    let text = own[0]?.source.text ?? '';
    for (const { at, remove, insert } of own.toSorted((a, b) => b.at - a.at || own.indexOf(b) - own.indexOf(a))) {
      text = text.slice(0, at) + insert + text.slice(at + remove);
    }
    texts.set(file, text);
  }
  return texts;
}

function grouped(edits: readonly Edit[]): ReadonlyMap<string, readonly Edit[]> {
  const groups = new Map<string, Edit[]>();
  for (const edit of edits) groups.set(edit.source.file, [...(groups.get(edit.source.file) ?? []), edit]);
  return groups;
}
