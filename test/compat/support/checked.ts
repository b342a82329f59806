import {
  checkSurface,
  declaredIn,
  entriesOf,
  surfaceOf,
  type CheckInput,
  type Entry,
  type Finding,
  type Recorded,
  type Surface,
} from '#lynchpin/compat/index.js';

/** Declarations at two points in time: classes in a list, or an object of them as a module exports it. */
export interface Checked extends Partial<Omit<CheckInput, 'surface' | 'recorded'>> {
  /** What was recorded. Default: nothing. */
  readonly before?: Declarations;
  /** What the code says now. */
  readonly after: Declarations;
  /** Which recorded entries are released, by `Order@1.2`, `Order` or `orders`. Default: all of them. */
  readonly released?: readonly string[];
}

export type Declarations = readonly unknown[] | Readonly<Record<string, unknown>>;

/** Records what was declared before and checks what is declared after, without a file. */
export function checked({ before = [], after, released, ...input }: Checked): Finding[] {
  return checkSurface({ today: '2026-08-01', ci: true, ...input, surface: surfaceOfAll(after), recorded: recordedFrom(before, released) });
}

/** What declarations say on the wire. */
export function surfaceOfAll(declarations: Declarations): Surface {
  return surfaceOf(declaredIn(Array.isArray(declarations) ? Object.fromEntries(declarations.entries()) : declarations));
}

/** Declarations as they would be recorded, released as 1.0.0, or only those that are named. */
export function recordedFrom(declarations: Declarations, released?: readonly string[]): Recorded {
  const isReleased = ({ facts: { name, version } }: Entry): boolean =>
    released === undefined || released.includes(name) || released.includes(`${name}@${version}`);
  return {
    origin: 'compat/',
    entries: entriesOf(surfaceOfAll(declarations)).map((entry) => (isReleased(entry) ? { ...entry, released: '1.0.0' } : entry)),
  };
}

/** For assertions: `error object/field-added-no-bump Order@1.0 fields.total`. */
export function told(findings: readonly Finding[]): string[] {
  return findings.map(({ severity, rule, subject: { name, version, path } }) =>
    [severity, rule, version === undefined ? name : `${name}@${version}`, ...(path === undefined ? [] : [path])].join(' '),
  );
}
