/** The known word that is nearest to a mistyped one, where one is near enough. The part after a slash counts on its own as well. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const tail = (text: string): string => text.slice(text.lastIndexOf('/') + 1);
  const scored = known
    .map((one) => ({ one, distance: Math.min(distance(word, one), distance(tail(word), tail(one)) + (word.includes('/') ? 1 : 0)) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = scored;
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.one : undefined;
}

/** How many letters must be inserted, removed or replaced to get from one word to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
