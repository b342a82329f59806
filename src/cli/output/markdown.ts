import { countsOf, countsText, scopeText, subjectText, type Report, type Told } from './report.js';

/** Findings for a pull request. */
export function asMarkdown(report: Report): string {
  const head = `## Compatibility: ${countsText(countsOf(report))}\n\nLooked at ${inline(scopeText(report))}.\n`;
  return [head, ...report.findings.map(section)].join('\n');
}

function section({ finding, place }: Told): string {
  const { severity, rule, message, diff, breaks, fix } = finding;
  const parts = [
    `### ${severity}: \`${rule}\`, ${inline(subjectText(finding))}\n`,
    place === undefined ? '' : `\`${place.file}:${place.line}\`\n`,
    `${inline(message)}\n`,
    diff.length === 0 ? '' : `${fence(diff)}\n`,
    breaks === '' ? '' : `**Breaks:** ${inline(breaks)}\n`,
    `**Fix:** ${inline(fix)}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** A fence is longer than any within. */
function fence(lines: readonly string[]): string {
  const marks = '`'.repeat(Math.max(3, ...lines.map((line) => (/`+/.exec(line)?.[0].length ?? 0) + 1)));
  return `${marks}diff\n${lines.join('\n')}\n${marks}`;
}

/** What would be taken for a tag is shown as it is, except inside of code, where it already is. */
function inline(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;')))
    .join('');
}
