import type { Finding, Severity } from '../../fleet/index.js';
import type { Paint } from '../output/paint.js';
import type { Section } from './show.js';

/** How many there are of each severity. */
export function countsOf(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const count = (of: Severity): number => findings.filter(({ severity }) => severity === of).length;
  return { error: count('error'), warning: count('warning'), 'not checked': count('not checked'), fine: count('fine') };
}

/** "2 errors, 1 not checked; 12 checks are fine." */
export function verdictText(findings: readonly Finding[], paint: Paint): string {
  const counts = countsOf(findings);
  const verdict = (['error', 'warning', 'not checked'] as const)
    .filter((severity) => counts[severity] > 0)
    .map((severity) => colourOf(severity, paint)(several(counts[severity], severity)))
    .join(', ');
  return `${verdict === '' ? paint.green('Nothing to object to') : verdict}; ${several(counts.fine, 'check')} fine.`;
}

/** Each finding for itself, and what is fine in a table. */
export function findingSections(findings: readonly Finding[], paint: Paint): readonly Section[] {
  const told = findings.filter(({ severity }) => severity !== 'fine');
  const fine = findings.filter(({ severity }) => severity === 'fine');
  return [
    ...told.map(
      ({ id, severity, about, seen, causes, remedy, command }): Section => ({
        title: [colourOf(severity, paint)(severity), id, about].filter((part) => part !== '').join('  '),
        text: [sentence(seen), ...(causes === '' ? [] : [`Causes: ${causes}.`]), ...(remedy === '' ? [] : [`Do: ${remedy}.`])],
        ...(command === undefined ? {} : { code: [command] }),
      }),
    ),
    ...(fine.length === 0
      ? []
      : [{ title: 'Fine', table: { headings: ['check', 'of', 'seen'], rows: fine.map(({ id, seen, about }) => [id, about, seen]) } }]),
  ];
}

function colourOf(severity: Severity, { red, yellow, cyan, green }: Paint): Paint['red'] {
  return { error: red, warning: yellow, 'not checked': cyan, fine: green }[severity];
}

function several(count: number, what: Severity | 'check'): string {
  if (what === 'not checked') return `${count} not checked`;
  if (what === 'check') return count === 1 ? '1 check is' : `${count} checks are`;
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
