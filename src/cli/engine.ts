/**
 * The rules and what they stand on. Loaded when a command needs it, because it brings validators and generators along:
 * `--help` and completion must answer at once.
 */
export function engine(): Promise<typeof import('../compat/index.js')> {
  return import('../compat/index.js');
}
