/** The entries of some kinds. */
export function of<Wanted extends { readonly kind: string }>(
  entries: readonly { readonly kind: string }[],
  ...kinds: readonly Wanted['kind'][]
): Wanted[] {
  return entries.filter((entry): entry is Wanted => kinds.includes(entry.kind));
}

/** Puts what has the same key together, in the order in which it came; what has none is left out. */
export function groupBy<Item>(items: Iterable<Item>, keyOf: (item: Item) => string | undefined): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
