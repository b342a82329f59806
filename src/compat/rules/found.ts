import { digestOf } from '../facts/canonical.js';
import { RULES } from './catalog.js';
import type { Finding, Severity } from './finding.js';

/** What a rule says; the rest of a finding follows from it. */
export interface Found extends Omit<Finding, 'severity' | 'diff' | 'fingerprint'> {
  /** Where it is not the catalogue's: the same change may be an error one way and harmless the other. */
  readonly severity?: Exclude<Severity, 'off'>;
  /** Default: none. */
  readonly diff?: readonly string[];
}

/**
 * A finding with its fingerprint. That covers rule, subject and diff but none of the wording, so that an acceptance outlives
 * better sentences, and ends when something else changes at the same place.
 */
export function found({ severity, diff = [], ...said }: Found): Finding {
  const { rule, subject } = said;
  return { ...said, severity: severity ?? RULES[rule].severity, diff, fingerprint: digestOf({ rule, subject, diff }) };
}

/** For messages and acceptances: `Volume@1.2 fields.note`. */
export function subjectText({ name, version, path }: Finding['subject']): string {
  return `${name}${version === undefined ? '' : `@${version}`}${path === undefined ? '' : ` ${path}`}`;
}
