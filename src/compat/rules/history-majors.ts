import { majorOf, minorOf, type Version } from '../../versions/index.js';
import { RULES, type RuleId } from './catalog.js';
import type { Finding } from './finding.js';
import { found } from './found.js';
import { called, pairsOf, type History } from './history-of.js';

/** Breaks that need no conversion: where both majors are served, each goes on having its own methods. */
const SERVED_APART: ReadonlySet<RuleId> = new Set([
  'rpc/method-removed-in-minor',
  'rpc/method-renamed',
  'rpc/mode-changed',
  'rpc/routing-changed',
]);

/** `history/minor-with-break`: one finding for a version, however many breaks it has; each of those says more itself. */
export function minorsWithBreak(history: History, bump: readonly Finding[]): Finding[] {
  return pairsOf(history.versions).flatMap(({ before, version }) => {
    if (majorOf(before) !== majorOf(version) || history.released.has(version)) return [];
    const breaks = breaksAt(history, version, bump);
    if (breaks.length === 0) return [];
    return [
      found({
        rule: 'history/minor-with-break',
        subject: { kind: history.kind, name: history.name, version },
        message: `${called(history)} ${version} is a minor, but it breaks peers at ${before} in ${breaks.length === 1 ? 'one place' : `${breaks.length} places`}.`,
        breaks: `peers at ${before}, as each of those findings says`,
        fix: `Put right what ${listed(breaks)} found, or make it a major: npx lynchpin compat bump ${history.name} --major.`,
        diff: breaks.map(lineOf),
      }),
    ];
  });
}

/** `history/major-without-break`: a major that could have been a minor. What is released stays as it is. */
export function majorsWithoutBreak(history: History, bump: readonly Finding[]): Finding[] {
  return majorStarts(history).flatMap(({ before, version }) => {
    if (history.released.has(version) || breaksAt(history, version, bump).length > 0) return [];
    if (hasStep(history, before, version) || carriesAnotherMajor(history, before, version)) return [];
    return [
      found({
        rule: 'history/major-without-break',
        subject: { kind: history.kind, name: history.name, version },
        message: `${called(history)} goes from ${before} to ${version}, but a minor could have all that is new in it.`,
        breaks: 'nobody; but the next release that drops the old major cuts off peers that nothing had to cut off',
        fix: `Make it ${majorOf(before)}.${minorOf(before) + 1}, and go to ${version} when something must break.`,
        diff: [`- ${before}`, `+ ${version}`],
      }),
    ];
  });
}

/** `history/two-majors`: a major that does not begin at .0, and two in one window without a way from the one to the other. */
export function twoMajors(history: History, bump: readonly Finding[]): Finding[] {
  const { kind, name, live } = history;
  return majorStarts(history).flatMap(({ before, version }) => {
    const subject = { kind, name, version };
    if (minorOf(version) !== 0) {
      return [
        found({
          rule: 'history/two-majors',
          subject,
          message: `${called(history)} goes from ${before} to ${version}, but a major begins at ${majorOf(version)}.0.`,
          breaks: `whoever looks for ${majorOf(version)}.0, which never was`,
          fix: `Begin the new major at ${majorOf(version)}.0.`,
          diff: [`- ${before}`, `+ ${version}`],
        }),
      ];
    }
    if (live === undefined || !live.versions.includes(before)) return [];
    const breaks = breaksAt(history, version, bump).filter(({ rule }) => !SERVED_APART.has(rule));
    if (breaks.length === 0) return [];
    return [
      found({
        rule: 'history/two-majors',
        subject,
        message: `${called(history)} reads both ${before} and ${version}, but nothing takes its data from the one to the other in ${breaks.length === 1 ? 'one place' : `${breaks.length} places`}.`,
        breaks: `peers at ${before} that are still served, and those at ${version} that get their data`,
        fix: `Bridge the majors with @Backport({ from: '${version}', to: '${before}' }) and @Upgrade({ from: '${before}', to: '${version}' }), or drop ${before}: floor: '${version}'.`,
        diff: breaks.map(lineOf),
      }),
    ];
  });
}

/** The first version of each major but the oldest, with the last version of the major before it. */
function majorStarts({ versions }: History): ReturnType<typeof pairsOf> {
  return pairsOf(versions).filter(({ before, version }) => majorOf(before) !== majorOf(version));
}

function breaksAt({ kind, name }: History, version: Version, bump: readonly Finding[]): Finding[] {
  return bump.filter(
    ({ rule, severity, subject }) =>
      severity === 'error' && RULES[rule].law === 'bump' && subject.kind === kind && subject.name === name && subject.version === version,
  );
}

function hasStep({ live }: History, before: Version, version: Version): boolean {
  if (live === undefined) return false;
  const all = 'ended' in live ? Object.values(live.conversions) : [live.conversions];
  return all.some(({ steps }) => steps.some(({ from, to }) => (from === before && to === version) || (from === version && to === before)));
}

function carriesAnotherMajor(history: History, before: Version, version: Version): boolean {
  const [older, newer] = [history.at(before)?.facts, history.at(version)?.facts];
  if (older?.kind !== 'api' || newer?.kind !== 'api') return false;
  return Object.entries(newer.carries).some(([object, carried]) => {
    const earlier = older.carries[object];
    return earlier !== undefined && majorOf(earlier) !== majorOf(carried);
  });
}

function lineOf({ rule, subject }: Finding): string {
  return `~ ${subject.path === undefined ? '' : `${subject.path}: `}${rule}`;
}

function listed(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ rule }) => rule))].join(', ');
}
