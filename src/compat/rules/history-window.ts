import { didYouMean } from '../../objects/index.js';
import { compareVersions, type Version } from '../../versions/index.js';
import type { Finding } from './finding.js';
import { found } from './found.js';
import { called, type History, type HistoryInput } from './history-of.js';

/** `history/window-broken`: a floor above what peers were promised, or above everything that they run. */
export function brokenWindows(histories: readonly History[], promises: NonNullable<HistoryInput['promises']>): Finding[] {
  return [
    ...Object.entries(promises).flatMap(([name, version]) => brokenPromise(histories, name, version)),
    ...histories.flatMap(noWayOver),
  ];
}

function brokenPromise(histories: readonly History[], name: string, version: Version): Finding[] {
  const known = histories.filter((history) => history.name === name);
  if (known.length === 0) {
    return [
      found({
        rule: 'history/window-broken',
        subject: { kind: 'recording', name, version },
        message: `The settings promise ${name} ${version}, but there is neither an API nor an object called ${name}.`,
        breaks: 'nobody yet; but nothing keeps a promise of what does not exist',
        fix: `Correct the name in promises.${didYouMean(name, [...new Set(histories.map((history) => history.name))])}`,
      }),
    ];
  }
  return known.flatMap((history) => {
    const { live } = history;
    if (live?.versions.includes(version)) return [];
    const [floor, head] = [live?.versions[0], live?.versions.at(-1)];
    const subject = { kind: history.kind, name, version };
    const breaks = `peers at ${version}, which rely on the promise`;
    if (live === undefined || floor === undefined || head === undefined) {
      const fix = `Bring ${name} back, or take it out of promises once no such peer is left.`;
      return [
        found({
          rule: 'history/window-broken',
          subject,
          message: `The settings promise ${name} ${version}, but the code no longer has ${name}.`,
          breaks,
          fix,
          diff: [`- ${version}`],
        }),
      ];
    }
    if (compareVersions(version, head) > 0) {
      const message = `The settings promise ${name} ${version}, but ${live.className} is only at ${head}.`;
      return [
        found({
          rule: 'history/window-broken',
          subject,
          message,
          breaks,
          fix: `Promise ${head} at most in promises.`,
          diff: [`- ${version}`],
        }),
      ];
    }
    return [
      found({
        rule: 'history/window-broken',
        subject,
        message: `The settings promise ${name} ${version}, but ${live.className} reads only ${live.versions.length === 1 ? floor : `${floor} to ${head}`}.`,
        breaks,
        fix: `Set floor: '${version}' on ${live.className} and declare again what it had then, or raise the promise once no such peer is left.`,
        diff: [`- ${version}`, `+ floor ${floor}`],
      }),
    ];
  });
}

/** The newest release must lie in the window, or no process of it can run beside one of this build. */
function noWayOver(history: History): Finding[] {
  const { kind, name, live, newestReleased } = history;
  const floor = live?.versions[0];
  if (kind !== 'api' || live === undefined || floor === undefined || newestReleased === undefined) return [];
  if (compareVersions(floor, newestReleased) <= 0) return [];
  return [
    found({
      rule: 'history/window-broken',
      subject: { kind, name, version: newestReleased },
      message: `${called(history)} begins at ${floor}, above ${newestReleased}, the newest that was released: this build and that release have no version in common.`,
      breaks: `everybody during the upgrade: peers at ${newestReleased} and this build cannot talk to each other`,
      fix: `Set floor: '${newestReleased}' or lower on ${live.className} for one release, and raise it in the one after.`,
      diff: [`- ${newestReleased}`, `+ floor ${floor}`],
    }),
  ];
}
