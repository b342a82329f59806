/** What to do where the management API was not asked. */
export const LOOK = 'say where the management API is (--management <url>), or look at them';

/** As a shell reads it as one word. */
export function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
