/**
 * How bad it is. `error`: messages are lost, or the census is wrong, now or at the next occasion. `warning`: it works, with a
 * risk or at a cost. `not checked`: it could not be looked at, and what to do says how.
 */
export type Severity = 'error' | 'warning' | 'not checked' | 'fine';

/** One thing that the doctor has looked at. */
export interface Finding {
  /** What was looked at, the same in every release: `policies/expires`. */
  readonly id: string;
  /** How bad it is. */
  readonly severity: Severity;
  /** Which queue, policy or account; empty where it is the whole. */
  readonly about: string;
  /** What was seen. */
  readonly seen: string;
  /** What comes of it; empty where it is fine. */
  readonly causes: string;
  /** What to do; empty where it is fine. */
  readonly remedy: string;
  /** A command that does it, or that shows what could not be looked at, ready to paste into a shell. */
  readonly command?: string | undefined;
}

/** What was looked at, and nothing is the matter with it. */
export function fine(id: string, seen: string, about = ''): Finding {
  return { id, severity: 'fine', about, seen, causes: '', remedy: '' };
}

const ORDER: readonly Severity[] = ['error', 'warning', 'not checked', 'fine'];

/** The worst first; within one severity as they came. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return ORDER.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}

/** Names for a sentence: the first few, and how many more. */
export function few(names: readonly string[], most = 4): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
}
