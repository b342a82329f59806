// oxlint-disable-next-line no-control-regex -- that is what a style looks like
const STYLE = /\x1b\[\d+m/g;

/** How many columns a text takes, styles aside. */
export function widthOf(text: string): number {
  return Array.from(text.replace(STYLE, '')).length;
}

/** Breaks text at spaces so that no line is longer than `width`, each line after `indent`. A longer word stays whole. */
export function wrap(text: string, width: number, indent = ''): string {
  const room = Math.max(20, width - indent.length);
  return text
    .split('\n')
    .flatMap((line) => {
      const lines: string[] = [];
      let now = '';
      for (const word of line.split(/ +/)) {
        if (now !== '' && widthOf(now) + 1 + widthOf(word) > room) {
          lines.push(now);
          now = word;
        } else now = now === '' ? word : `${now} ${word}`;
      }
      return [...lines, now];
    })
    .map((line) => (line === '' ? '' : `${indent}${line}`))
    .join('\n');
}
