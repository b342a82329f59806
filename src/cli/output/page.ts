import type { Paint } from './paint.js';
import { wrap } from './wrap.js';

/** How wide a page is at most: longer lines are hard to read. */
const WIDEST = 96;

/** A Markdown page as people read it on a terminal: headings, paragraphs, lists and code, without the marks. */
export function pageText(markdown: string, paint: Paint, columns: number): string {
  const width = Math.min(columns, WIDEST);
  const out: string[] = [];
  let paragraph: string[] = [];
  let inCode = false;
  const flush = (): void => {
    if (paragraph.length > 0) out.push(...block(paragraph, paint, width));
    paragraph = [];
  };
  for (const line of markdown.trimEnd().split('\n')) {
    if (line.startsWith('```')) {
      flush();
      inCode = !inCode;
    } else if (inCode) out.push(`    ${paint.cyan(line)}`.trimEnd());
    else if (line.trim() === '') {
      flush();
      out.push('');
    } else if (/^#+ /.test(line)) {
      flush();
      out.push(paint.bold(styled(line.replace(/^#+ /, ''), paint)));
    } else if (/^\s*(?:[-*]|\d+\.) /.test(line)) {
      flush();
      paragraph.push(line);
    } else if (line.startsWith('|')) out.push(styled(line, paint));
    else paragraph.push(line);
  }
  flush();
  return `${out.join('\n')}\n`;
}

function block(lines: readonly string[], paint: Paint, width: number): readonly string[] {
  const text = lines.map((line) => line.trim()).join(' ');
  const bullet = /^(?:[-*]|\d+\.) /.exec(text)?.[0] ?? '';
  const indent = ' '.repeat(bullet.length);
  const wrapped = wrap(styled(text.slice(bullet.length), paint), width, indent).split('\n');
  return [`${bullet}${(wrapped[0] ?? '').slice(indent.length)}`, ...wrapped.slice(1)];
}

/** Code, stress and links within a line. */
function styled(text: string, paint: Paint): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.startsWith('`') && part.length > 1
        ? paint.cyan(part)
        : part.replace(/\*\*([^*]+)\*\*/g, (_, strong: string) => paint.bold(strong)).replace(/\[([^\]]+)\]\([^)]*\)/g, '$1'),
    )
    .join('');
}
