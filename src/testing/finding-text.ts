import { subjectText, type Finding } from '../compat/index.js';

/** Findings as a failed test shows them: the rule, what is wrong, what differs, who breaks and what to do. */
export function findingsText(findings: readonly Finding[]): string {
  return findings.map(findingText).join('\n\n');
}

function findingText({ rule, subject, message, diff, breaks, fix, fingerprint }: Finding): string {
  const lines = [
    `${rule}  ${subjectText(subject)}`,
    `  ${message}`,
    ...diff.map((line) => `    ${line}`),
    ...(breaks === '' ? [] : [`  breaks: ${breaks}`]),
    `  fix:    ${fix}`,
    `  more:   npx lynchpin compat explain ${rule}  (key ${fingerprint})`,
  ];
  return lines.join('\n');
}
