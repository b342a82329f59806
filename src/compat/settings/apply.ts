import type { Finding, Subject } from '../rules/finding.js';
import type { Settings } from './settings.js';

/** The findings at the severities that the settings say; those that are off are gone. */
export function applySettings(findings: readonly Finding[], { severity: set = {} }: Settings): Finding[] {
  return findings.flatMap((finding) => {
    const severity = set[keyFor(finding, set) ?? ''] ?? finding.severity;
    return severity === 'off' ? [] : [{ ...finding, severity }];
  });
}

/** The most exact key that says something of the finding. */
function keyFor({ rule, subject }: Finding, set: NonNullable<Settings['severity']>): string | undefined {
  const place = placeOf(subject);
  const keys = Object.keys(set).filter((key) => {
    if (key === rule) return true;
    const at = key.slice(rule.length + 1);
    return key.startsWith(`${rule}@`) && (place === at || place.startsWith(`${at}.`));
  });
  return keys.sort((a, b) => b.length - a.length)[0];
}

/** `Volume.fields.tier`: the name, and the path in it. */
function placeOf({ name, path }: Subject): string {
  return path === undefined ? name : `${name}.${path}`;
}
