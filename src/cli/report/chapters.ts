import type { Entry, Facts } from '../../compat/index.js';

/** What one version changed on the wire. */
export interface Chapter {
  readonly kind: Facts['kind'];
  readonly name: string;
  readonly version: string;
  /** Undefined while it may still change. */
  readonly released: string | undefined;
  readonly description: string | undefined;
  /** The version before it; undefined for the first that is recorded. */
  readonly before: string | undefined;
  /** One line for each change, beginning with `+`, `-` or `~`. */
  readonly changes: readonly string[];
  /** What is deprecated at it, with what to use instead. */
  readonly deprecated: Entry['deprecated'];
}

/**
 * What the recorded versions changed, each against the one before it.
 * @param entries versions of one name in ascending order.
 * @param lines says how two facts differ.
 */
export function chaptersOf(entries: readonly Entry[], lines: (before: Facts, after: Facts) => readonly string[]): readonly Chapter[] {
  return entries.map(({ facts, released, description, deprecated }, at) => {
    const earlier = entries[at - 1]?.facts;
    const before = earlier?.kind === facts.kind && earlier.name === facts.name ? earlier : undefined;
    return {
      kind: facts.kind,
      name: facts.name,
      version: facts.version,
      released,
      description,
      before: before?.version,
      changes: before === undefined ? [] : lines(before, facts),
      deprecated,
    };
  });
}
