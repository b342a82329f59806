import type { RuleId, Severity } from '#lynchpin/compat/index.js';

/** One replacement in a file of the contract. */
export interface Change {
  /** Below `examples/cinder-volume/contract`. */
  readonly file: string;
  /** What stands there, exactly once, and what is to stand there instead. */
  readonly replace: readonly [old: string, text: string];
}

/** Something that a developer does to the contract, and what a check must say of it. */
export interface Edit {
  /** What is done, as one would tell it. */
  readonly name: string;
  readonly changes: readonly Change[];
  /** The rule that must speak, and how loudly. */
  readonly rule: RuleId;
  readonly severity: Exclude<Severity, 'off'>;
  /** Rules besides it that must find an error too. All others must find none. */
  readonly also?: readonly RuleId[];
  /**
   * What was recorded before the check, besides all that is released: nothing; what the edit adds, as `compat record` does
   * it; or what these other changes add, after which the developer went on. Default: nothing.
   */
  readonly recorded?: 'it' | readonly Change[];
  /** Whose conversions are put to the laws, by name. Default: nobody's, which saves the time. */
  readonly laws?: readonly string[];
}

/** A change of one line. */
export function change(file: string, old: string, text: string): Change {
  return { file, replace: [old, text] };
}

/** The next version of the API, 3.21, and what it carries. */
export function api321(carried = ''): readonly Change[] {
  return [
    change('api.ts', "version: '3.20',", "version: '3.21',"),
    ...(carried === ''
      ? []
      : [
          change(
            'carries.ts',
            "'3.18': { Volume: '1.9', Snapshot: '1.6' },",
            `'3.18': { Volume: '1.9', Snapshot: '1.6' },\n'3.21': { ${carried} },`,
          ),
        ]),
  ];
}

/** A new version of some objects, carried by 3.21. */
export function bumped(...objects: readonly (readonly [name: string, from: string, to: string])[]): readonly Change[] {
  const file = (name: string): string => `${name.replace(/(?<=.)([A-Z])/g, '-$1').toLowerCase()}.ts`;
  return [
    ...objects.map(([name, from, to]) =>
      change(file(name), `{ name: '${name}', version: '${from}' }`, `{ name: '${name}', version: '${to}' }`),
    ),
    ...api321(objects.map(([name, , to]) => `${name}: '${to}'`).join(', ')),
  ];
}
