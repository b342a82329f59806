import type { Finding } from '../../compat/index.js';

/** What a check has to tell, whatever the format. */
export interface Report {
  readonly findings: readonly Told[];
  /** Everything that was looked at: `Volume`, `volume`. */
  readonly subjects: readonly { readonly kind: 'object' | 'api'; readonly name: string }[];
  /** What it was compared with: `compat/`, `git:origin/main at 1f2e3d4`. */
  readonly against: readonly string[];
}

/** A finding and where its declaration stands. */
export interface Told {
  readonly finding: Finding;
  readonly place: Place | undefined;
}

/** A line of a file. */
export interface Place {
  /** From the folder that was checked, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface Counts {
  readonly error: number;
  readonly warn: number;
  readonly info: number;
}

export function countsOf({ findings }: Report): Counts {
  const count = (severity: Finding['severity']): number => findings.filter(({ finding }) => finding.severity === severity).length;
  return { error: count('error'), warn: count('warn'), info: count('info') };
}

/** "2 errors, 1 warning", or "nothing to object to". */
export function countsText({ error, warn, info }: Counts): string {
  const parts = [several(error, 'error'), several(warn, 'warning'), several(info, 'remark')].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing to object to' : parts.join(', ');
}

/** "12 objects and 1 API, against compat/". */
export function scopeText({ subjects, against }: Report): string {
  const objects = several(subjects.filter(({ kind }) => kind === 'object').length, 'object');
  const apis = several(subjects.filter(({ kind }) => kind === 'api').length, 'API');
  const what = [objects, apis].filter((part) => part !== '').join(' and ');
  return `${what === '' ? 'contracts that cannot be loaded' : what}${against.length === 0 ? '' : ` against ${against.join(' and ')}`}`;
}

/** "Volume 1.2, fields.note". */
export function subjectText({ subject }: Finding): string {
  const { name, version, path } = subject;
  return `${name}${version === undefined ? '' : ` ${version}`}${path === undefined ? '' : `, ${path}`}`;
}

function several(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
}
