import { isDeepStrictEqual } from 'node:util';
import { compareVersions, majorOf, minorOf, type Version } from '../../versions/index.js';
import type { Facts } from '../facts/facts.js';
import type { Finding } from './finding.js';
import { found } from './found.js';
import { called, pairsOf, type History } from './history-of.js';

/** `history/gap`: numbers that were skipped, and releases that the code has no place for. */
export function gaps(history: History): Finding[] {
  return [...missing(history), ...skipped(history), ...leftOut(history)];
}

/** Holes between two known versions of one major. */
function missing(history: History): Finding[] {
  return pairsOf(history.versions).flatMap(({ before, version }) => {
    if (majorOf(before) !== majorOf(version) || minorOf(version) === minorOf(before) + 1 || isDeclaredHole(history, before, version))
      return [];
    const first: Version = `${majorOf(before)}.${minorOf(before) + 1}`;
    return [
      found({
        rule: 'history/gap',
        subject: { kind: history.kind, name: history.name, version: first },
        message: `${called(history)} goes from ${before} to ${version}: ${first} is neither in the code nor among the released recordings.`,
        breaks: `peers that speak ${first} cannot be checked against it, if there are any`,
        fix: `If the number was skipped, make ${version} ${first} and run npx lynchpin compat record. If its file was lost, restore it from the commit that has it.`,
        diff: [`- ${first}`],
      }),
    ];
  });
}

/** An API may list its versions, and thereby say which of them never were. What two releases lie around was looked at when it was made. */
function isDeclaredHole({ kind, live, released }: History, before: Version, version: Version): boolean {
  if (kind !== 'api') return false;
  const listed = live !== undefined && live.versions.includes(before) && live.versions.includes(version);
  return listed || (released.has(before) && released.has(version));
}

/** New versions that say nothing of their own, below a newer one: somebody counted up twice. */
function skipped(history: History): Finding[] {
  const { live, newestReleased, versions } = history;
  if (live === undefined || newestReleased === undefined) return [];
  const head = live.versions.at(-1);
  return pairsOf(versions).flatMap(({ before, version }) => {
    const [older, newer] = [history.at(before), live.entries.get(version)];
    if (older === undefined || newer === undefined || compareVersions(version, newestReleased) <= 0 || version === head) return [];
    if (isDescribed(history, version) || !saysTheSame(older.facts, newer.facts)) return [];
    return [
      found({
        rule: 'history/gap',
        subject: { kind: history.kind, name: history.name, version },
        message: `${called(history)} goes from ${newestReleased} to ${head}, and ${version} between them says nothing that ${before} does not.`,
        breaks: 'nobody; but every version is served, checked and converted for as long as it is in the window',
        fix: `Make ${head} ${version}, and run npx lynchpin compat record. If ${version} means something else with the same data, say what: npx lynchpin compat record --describe ${history.name}@${version} "...".`,
        diff: [`- ${version}`],
      }),
    ];
  });
}

/** Whether somebody said what a version brings, in the code or in a recording. */
export function isDescribed({ live, records }: History, version: Version): boolean {
  const known = [live?.entries.get(version), ...records.filter(({ facts }) => facts.version === version)];
  return known.some((entry) => entry?.description !== undefined && entry.description.trim() !== '');
}

function saysTheSame(older: Facts, newer: Facts): boolean {
  return isDeepStrictEqual({ ...older, version: '' }, { ...newer, version: '' });
}

/** Releases inside of the window that the code does not list. */
function leftOut(history: History): Finding[] {
  const { live, released } = history;
  const [floor, head] = [live?.versions[0], live?.versions.at(-1)];
  if (live === undefined || floor === undefined || head === undefined) return [];
  const gone = [...released].filter(
    (version) => compareVersions(version, floor) > 0 && compareVersions(version, head) < 0 && !live.versions.includes(version),
  );
  return gone.map((version) =>
    found({
      rule: 'history/gap',
      subject: { kind: history.kind, name: history.name, version },
      message: `${called(history)} was released at ${version}, but the versions that ${live.className} lists from ${floor} to ${head} leave it out.`,
      breaks: `peers at ${version}: nobody reads what they send`,
      fix: `Add '${version}' to versions of ${live.className}, or raise its floor above it.`,
      diff: [`- ${version}`],
    }),
  );
}

/** `history/backwards`: the code is older than what was released. */
export function backwards({ kind, name, live, newestReleased, ...rest }: History): Finding[] {
  const head = live?.versions.at(-1);
  if (live === undefined || head === undefined || newestReleased === undefined || compareVersions(head, newestReleased) >= 0) return [];
  const release = rest.records.find(({ facts, released }) => facts.version === newestReleased && released !== undefined)?.released;
  return [
    found({
      rule: 'history/backwards',
      subject: { kind, name, version: head },
      message: `${called({ kind, name })} is at ${head} in the code, but ${newestReleased} was released with ${release ?? 'an earlier release'}.`,
      breaks: `peers at ${newestReleased}: what they send is newer than all that this build reads`,
      fix: `Set the version of ${live.className} to ${newestReleased} or above it. To take a change back, release a newer version that undoes it.`,
      diff: [`- ${newestReleased}`, `+ ${head}`],
    }),
  ];
}

/** `history/parent-child-out-of-order`: an API that carries an older version of an object than it did before. */
export function outOfOrder(history: History): Finding[] {
  return pairsOf(history.versions).flatMap(({ before, version }) => {
    const [older, newer] = [history.at(before)?.facts, history.at(version)?.facts];
    // A release is frozen: there is nothing left to put right.
    if (older?.kind !== 'api' || newer?.kind !== 'api' || history.released.has(version)) return [];
    return Object.entries(newer.carries).flatMap(([object, carried]) => {
      const earlier = older.carries[object];
      if (earlier === undefined || compareVersions(carried, earlier) >= 0) return [];
      return [
        found({
          rule: 'history/parent-child-out-of-order',
          subject: { kind: 'api', name: history.name, version, path: `carries.${object}` },
          message: `${called(history)} carries ${object} ${carried} at ${version}, but carried ${object} ${earlier} at ${before} already.`,
          breaks: `peers at ${version}: they get less than those at ${before}, and what a newer ${object} holds is lost on the way up`,
          fix: `Carry ${object} ${earlier} or newer from ${version} on: carries: { '${version}': { ${object}: '${earlier}' } }.`,
          diff: [`~ carries.${object}: ${earlier} -> ${carried}`],
        }),
      ];
    });
  });
}
