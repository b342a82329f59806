/** Puts colours on text, or leaves it as it is. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** @param colours false leaves every text as it is. */
export function paint(colours: boolean): Paint {
  const with_ = (on: number, off: number) => (text: string) => (colours && text !== '' ? `\x1b[${on}m${text}\x1b[${off}m` : text);
  return { bold: with_(1, 22), dim: with_(2, 22), red: with_(31, 39), green: with_(32, 39), yellow: with_(33, 39), cyan: with_(36, 39) };
}

// oxlint-disable-next-line no-control-regex -- colours are control sequences
const SEQUENCE = /(\x1b\[[\d;]*m)/g;

/** How many columns a text takes: colours take none. */
export function widthOf(text: string): number {
  return Array.from(text.replace(SEQUENCE, '')).length;
}

/** Cuts a text that is too wide, with its colours ended. */
export function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let columns = 0;
  let fitted = '';
  for (const part of text.split(SEQUENCE)) {
    if (part.startsWith('\x1b')) {
      fitted += part;
      continue;
    }
    const letters = Array.from(part).slice(0, Math.max(0, width - 1 - columns));
    columns += letters.length;
    fitted += letters.join('');
    if (columns >= width - 1 && letters.length < Array.from(part).length) break;
  }
  return `${fitted}…${fitted.includes('\x1b') ? '\x1b[0m' : ''}`;
}

/** Breaks a text into lines between words. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** `12,345`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
