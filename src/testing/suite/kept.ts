import { forgetValues, keepValue, recordedEntry, RULES } from '../../compat/index.js';
import type { Inspection, LawFinding, Recorded } from '../../compat/index.js';

/**
 * Keeps the values that broke a law, so that they are tried first from now on. While the code differs from what was released
 * nothing is kept: such a value has a shape that no version was recorded with.
 * @param folder the recording's.
 * @returns the new files, from there.
 */
export function keepCounterexamples(folder: string, { findings }: Inspection, broken: readonly LawFinding[]): readonly string[] {
  if (findings.some(({ rule, severity }) => RULES[rule].law === 'identity' && severity === 'error')) return [];
  return broken.flatMap(({ counterexample }) => (counterexample === undefined ? [] : (keepValue(folder, counterexample) ?? [])));
}

/**
 * Forgets the values that were kept of unreleased versions and no longer fit them.
 * @returns the findings that are left, and the files that are gone.
 */
export function forgetOutdated(
  folder: string,
  recorded: Recorded,
  broken: readonly LawFinding[],
): { readonly left: readonly LawFinding[]; readonly files: readonly string[] } {
  const left: LawFinding[] = [];
  const files: string[] = [];
  for (const finding of broken) {
    const { kind, name, version, path } = finding.subject;
    const entry = (kind === 'object' || kind === 'api') && version !== undefined ? recordedEntry(recorded, kind, name, version) : undefined;
    const open = finding.rule === 'corpus/decode-failed' && entry !== undefined && entry.released === undefined;
    const gone = open && version !== undefined ? forgetValues(folder, path?.replace(/^messages\./, '') ?? name, version) : [];
    if (gone.length === 0 && !files.some((file) => finding.message.includes(file))) left.push(finding);
    files.push(...gone);
  }
  return { left, files };
}
