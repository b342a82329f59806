import type { Finding } from '../../compat/index.js';
import type { Paint } from './paint.js';
import { countsOf, countsText, scopeText, subjectText, type Report, type Told } from './report.js';
import { widthOf, wrap } from './wrap.js';

/** How it is shown: the styles, and the columns of the terminal. */
export interface Look {
  readonly paint: Paint;
  readonly columns: number;
}

const LABELS = { error: 'error', warn: 'warning', info: 'remark' } as const;
const INDENT = '  ';

/** Findings for people, the worst first, and a line that sums them up. */
export function asText(report: Report, look: Look): string {
  const { paint } = look;
  const order: readonly Finding['severity'][] = ['error', 'warn', 'info'];
  const blocks = order
    .flatMap((severity) => report.findings.filter(({ finding }) => finding.severity === severity))
    .map((told) => block(told, look));
  const counts = countsOf(report);
  const verdict = countsText(counts);
  const colour = counts.error > 0 ? paint.red : counts.warn > 0 ? paint.yellow : paint.green;
  return `${blocks.join('\n')}${blocks.length > 0 ? '\n' : ''}${paint.bold(colour(verdict))} ${paint.dim(`in ${scopeText(report)}`)}\n`;
}

function block({ finding, place }: Told, { paint, columns }: Look): string {
  const colour = { error: paint.red, warn: paint.yellow, info: paint.cyan }[finding.severity];
  const where = place === undefined ? '' : `${place.file}:${place.line}`;
  const head = `${paint.bold(colour(LABELS[finding.severity]))}  ${paint.bold(finding.rule)}  ${subjectText(finding)}`;
  const lines = [widthOf(head) + 2 + where.length > columns || where === '' ? head : `${head}  ${paint.dim(where)}`];
  if (where !== '' && lines[0] === head) lines.push(`${INDENT}${paint.dim(where)}`);
  lines.push(wrap(finding.message, columns, INDENT));
  lines.push(...finding.diff.map((line) => `${INDENT}${INDENT}${diffColour(line, paint)(line)}`));
  if (finding.breaks !== '') lines.push(labelled('breaks', finding.breaks, paint.dim, columns));
  lines.push(labelled('fix', finding.fix, paint.green, columns));
  if (finding.severity === 'error') lines.push(labelled('key', finding.fingerprint, paint.dim, columns, paint.dim));
  return `${lines.join('\n')}\n`;
}

/** A label of one width, and its text beside it. */
function labelled(
  label: string,
  text: string,
  colour: (text: string) => string,
  columns: number,
  body: (text: string) => string = (as) => as,
): string {
  const indent = ' '.repeat(INDENT.length + 8);
  const [first = '', ...rest] = wrap(text, columns, indent).split('\n');
  return [`${INDENT}${colour(label)}${' '.repeat(8 - label.length)}${body(first.trimStart())}`, ...rest.map(body)].join('\n');
}

function diffColour(line: string, paint: Paint): (text: string) => string {
  return line.startsWith('+') ? paint.green : line.startsWith('-') ? paint.red : line.startsWith('~') ? paint.yellow : paint.dim;
}
