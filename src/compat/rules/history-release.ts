import { compareVersions } from '../../versions/index.js';
import type { Recorded } from '../facts/surface.js';
import type { Finding } from './finding.js';
import { found, subjectText } from './found.js';
import { isDescribed } from './history-line.js';
import { called, type History } from './history-of.js';

/** `history/release-not-stamped`: a release is made, and what it ships is not recorded as released. */
export function notStamped({ origin, entries }: Recorded, release: string): Finding[] {
  const open = entries.filter(({ released }) => released === undefined).map(({ facts }) => subjectText(facts));
  if (open.length === 0) return [];
  return [
    found({
      rule: 'history/release-not-stamped',
      subject: { kind: 'recording', name: origin },
      message: `The package is released as ${release}, but ${origin} has ${open.length} ${open.length === 1 ? 'version' : 'versions'} that may still change: ${open.slice(0, 5).join(', ')}${open.length > 5 ? ', ...' : ''}.`,
      breaks: `whoever installs ${release}: the next change rewrites what they run`,
      fix: `Run npx lynchpin compat release ${release} before the package is packed, and commit what it writes.`,
      diff: open.map((one) => `~ ${one}`),
    }),
  ];
}

/** `history/changelog-missing`: a version after the first release that says nothing of what is new. */
export function undescribed(history: History): Finding[] {
  const { kind, name, live, newestReleased } = history;
  if (live === undefined || newestReleased === undefined) return [];
  return live.versions.flatMap((version) => {
    if (compareVersions(version, newestReleased) <= 0) return [];
    if (isDescribed(history, version)) return [];
    return [
      found({
        rule: 'history/changelog-missing',
        subject: { kind, name, version },
        message: `${called(history)} ${version} is new and has no line that says what it brings.`,
        breaks: 'nobody; but whoever decides about the upgrade has to read the difference of two schemas',
        fix: `Say in one sentence what it brings: npx lynchpin compat record --describe ${name}@${version} "..." puts it into the recorded description.`,
      }),
    ];
  });
}
