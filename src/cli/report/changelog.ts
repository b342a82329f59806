import type { Paint } from '../output/paint.js';
import { wrap } from '../output/wrap.js';
import type { Chapter } from './chapters.js';

/** Chapters by release, newest first. What is not released yet comes before all. */
export interface Part {
  readonly release: string | undefined;
  readonly chapters: readonly Chapter[];
}

/** @param releases oldest first. */
export function partsOf(chapters: readonly Chapter[], releases: readonly string[]): readonly Part[] {
  const order = [undefined, ...[...releases].reverse()];
  return order
    .map((release) => ({ release, chapters: chapters.filter((one) => one.released === release) }))
    .filter((part) => part.chapters.length > 0)
    .map(({ release, chapters: own }) => ({ release, chapters: [...own].sort((a, b) => rank(a) - rank(b)) }));
}

/** APIs first: they are what callers see. Otherwise as recorded. */
function rank({ kind }: Chapter): number {
  return kind === 'api' ? 0 : 1;
}

export function changelogMarkdown(parts: readonly Part[]): string {
  const text = parts.map(({ release, chapters }) => {
    const sections = chapters.map((one) => {
      const lines = changesOf(one);
      const body = lines.length === 0 ? '' : `\n\`\`\`diff\n${lines.join('\n')}\n\`\`\`\n`;
      return `### ${titleOf(one)}\n${one.description === undefined ? '' : `\n${one.description}\n`}${body}`;
    });
    return `## ${release ?? 'Unreleased'}\n\n${sections.join('\n')}`;
  });
  return text.join('\n');
}

export function changelogText(parts: readonly Part[], paint: Paint, columns: number): string {
  const text = parts.map(({ release, chapters }) => {
    const sections = chapters.map((one) => {
      const lines = changesOf(one).map((line) => `    ${colour(line, paint)(line)}\n`);
      return `  ${paint.bold(titleOf(one))}\n${one.description === undefined ? '' : `${wrap(one.description, columns, '    ')}\n`}${lines.join('')}`;
    });
    return `${paint.bold(release ?? 'Unreleased')}\n${sections.join('')}`;
  });
  return text.join('\n');
}

function titleOf({ kind, name, version, before }: Chapter): string {
  return `${kind === 'api' ? `${name} API` : name} ${version}${before === undefined ? ' (first recorded)' : ''}`;
}

function changesOf({ changes, deprecated = {} }: Chapter): readonly string[] {
  const notes = Object.entries(deprecated).map(
    ([path, { use, removeIn }]) =>
      `~ ${path}: deprecated${use === undefined ? '' : `, use ${use}`}${removeIn === undefined ? '' : `, gone in ${removeIn}`}`,
  );
  return [...changes, ...notes];
}

function colour(line: string, paint: Paint): (text: string) => string {
  return line.startsWith('+') ? paint.green : line.startsWith('-') ? paint.red : paint.yellow;
}
