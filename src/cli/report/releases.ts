import type { Entry } from '../../compat/index.js';

/**
 * The releases that entries name, oldest first. Releases may be numbers or names, so their order is taken from the versions:
 * on each line, a later version was released later or at the same time.
 */
export function releasesOf(entries: readonly Entry[]): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const { facts, released } of entries) {
    if (released === undefined) continue;
    const key = `${facts.kind} ${facts.name}`;
    lines.set(key, [...(lines.get(key) ?? []), released]);
  }
  const after = new Map<string, Set<string>>();
  for (const line of lines.values()) {
    line.forEach((release, at) => {
      const earlier = after.get(release) ?? new Set();
      const before = line[at - 1];
      if (before !== undefined && before !== release) earlier.add(before);
      after.set(release, earlier);
    });
  }
  const ordered: string[] = [];
  while (after.size > 0) {
    // Where lines contradict each other, the one that stands first goes first.
    const next = [...after].find(([, earlier]) => [...earlier].every((one) => !after.has(one)))?.[0] ?? [...after.keys()][0];
    if (next === undefined) break;
    ordered.push(next);
    after.delete(next);
  }
  return ordered;
}
