import { countsOf, subjectText, type Report, type Told } from './report.js';

/** Findings as test results: what build services show beside the unit tests. A subject without findings is a test that passed. */
export function asJunit(report: Report): string {
  const silent = report.subjects.filter(({ name }) => !report.findings.some(({ finding }) => finding.subject.name === name));
  const cases = [
    ...report.findings.map(testCase),
    ...silent.map(({ kind, name }) => `    <testcase classname="${escape(`${kind} ${name}`)}" name="keeps every rule"/>\n`),
  ];
  const counts = `tests="${cases.length}" failures="${countsOf(report).error}" errors="0" skipped="0"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="lynchpin compat" ${counts}>\n  <testsuite name="lynchpin compat" ${counts}>\n${cases.join('')}  </testsuite>\n</testsuites>\n`;
}

function testCase({ finding, place }: Told): string {
  const { rule, subject, severity, message, diff, breaks, fix } = finding;
  const file = place === undefined ? '' : ` file="${escape(place.file)}" line="${place.line}"`;
  const open = `    <testcase classname="${escape(`${subject.kind} ${subject.name}`)}" name="${escape(`${rule}: ${subjectText(finding)}`)}"${file}>\n`;
  const body = escape([message, ...diff.map((line) => `  ${line}`), `breaks: ${breaks}`, `fix: ${fix}`].join('\n'));
  const inside =
    severity === 'error'
      ? `      <failure type="${escape(rule)}" message="${escape(message)}">${body}</failure>\n`
      : `      <system-out>${escape(severity)}: ${body}</system-out>\n`;
  return `${open}${inside}    </testcase>\n`;
}

function escape(text: string): string {
  return (
    text
      // XML 1.0 has no way to write these, not even escaped.
      // oxlint-disable-next-line no-control-regex
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}
