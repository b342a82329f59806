import { countsOf, countsText, scopeText, subjectText, type Report, type Told } from './report.js';

const LEVELS = { error: 'error', warn: 'warning', info: 'notice' } as const;

/**
 * Findings as annotations of GitHub Actions.
 * @param prefix the way from the repository's root to the folder that was checked: `services/volume/`, or nothing.
 */
export function asGithub(report: Report, prefix: string): string {
  const lines = report.findings.map((told) => annotation(told, prefix));
  return `${[...lines, `${countsText(countsOf(report))} in ${scopeText(report)}`].join('\n')}\n`;
}

function annotation({ finding, place }: Told, prefix: string): string {
  const { severity, rule, message, diff, breaks, fix } = finding;
  const properties = [
    ...(place === undefined ? [] : [`file=${property(prefix + place.file)}`, `line=${place.line}`]),
    `title=${property(`${rule}: ${subjectText(finding)}`)}`,
  ];
  const text = [message, ...diff, ...(breaks === '' ? [] : [`Breaks: ${breaks}`]), `Fix: ${fix}`].join('\n');
  return `::${LEVELS[severity]} ${properties.join(',')}::${data(text)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
