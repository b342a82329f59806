import type { ExitCode } from '../exit.js';
import { countsOf, type Report } from './report.js';

/** Findings for programs. `format` is the number of this form: it rises when something is taken away or means another thing. */
export function asJson(report: Report, exitCode: ExitCode): string {
  const json = {
    format: 1,
    exitCode,
    counts: countsOf(report),
    against: report.against,
    subjects: report.subjects,
    findings: report.findings.map(({ finding, place }) => ({ ...finding, ...(place === undefined ? {} : { place }) })),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}
