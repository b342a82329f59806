import { compareVersions, type Version } from '../../versions/index.js';
import type { DeprecationFacts, Facts } from '../facts/facts.js';
import type { RenameFacts } from '../facts/surface.js';
import type { Finding } from './finding.js';
import { found } from './found.js';
import { called, pairsOf, type History } from './history-of.js';

/** `history/early-removal`: gone before the version that was announced. What is already released stays as it is. */
export function earlyRemovals(history: History): Finding[] {
  const { kind, name, released } = history;
  return pairsOf(history.versions).flatMap(({ before, version }) => {
    const [older, newer] = [history.at(before)?.facts, history.at(version)?.facts];
    if (older === undefined || newer === undefined || released.has(version)) return [];
    return Object.entries(announcedAt(history, before)).flatMap(([path, { removeIn, use }]) => {
      if (removeIn === undefined || compareVersions(version, removeIn) >= 0) return [];
      if (!isThere(older, path) || isThere(newer, path) || wasRenamed(history, path, version)) return [];
      return [
        found({
          rule: 'history/early-removal',
          subject: { kind, name, version, path },
          message: `${path} of ${called(history)} is gone at ${version}, but was announced to stay until ${removeIn}.`,
          breaks: `peers that planned to ${use === undefined ? 'do without it' : `change to ${use}`} by ${removeIn}`,
          fix: `Keep it until ${removeIn}: until: '${removeIn}' at the earliest.`,
          diff: [`- ${path}`],
        }),
      ];
    });
  });
}

/** `history/deprecated-no-replacement`: an announcement that leaves out what to use, or when the end comes. */
export function vagueDeprecations(history: History): Finding[] {
  const { kind, name, live } = history;
  const head = live?.versions.at(-1);
  if (live === undefined || head === undefined) return [];
  return Object.entries(live.entries.get(head)?.deprecated ?? {}).flatMap(([path, { since, use, removeIn }]) => {
    const missing = [...(use === undefined ? ['use'] : []), ...(removeIn === undefined ? ['removeIn'] : [])];
    if (missing.length === 0) return [];
    return [
      found({
        rule: 'history/deprecated-no-replacement',
        subject: { kind, name, version: head, path },
        message: `${path} of ${called(history)} is deprecated since ${since}, and at ${head} nothing says ${missing.map((option) => SAYS[option]).join(' or ')}.`,
        breaks: 'nobody; but whoever uses it cannot prepare for the end',
        fix: `Complete deprecated on it: ${missing.map((option) => `${option}: ${EXAMPLES[option]}`).join(', ')}.`,
        diff: missing.map((option) => `- ${option}`),
      }),
    ];
  });
}

const SAYS: Readonly<Record<string, string>> = { use: 'what to use instead', removeIn: 'which version removes it' };
const EXAMPLES: Readonly<Record<string, string>> = { use: "'another field or method'", removeIn: "'the first version without it'" };

/** What was announced of a version, in the code or in any recording of it; where they differ, the later end was promised. */
function announcedAt(history: History, version: Version): Readonly<Record<string, DeprecationFacts>> {
  const all: Record<string, DeprecationFacts> = {};
  const entries = [history.live?.entries.get(version), ...history.records.filter(({ facts }) => facts.version === version)];
  for (const [path, facts] of entries.flatMap((entry) => Object.entries(entry?.deprecated ?? {}))) {
    const known = all[path]?.removeIn;
    if (known === undefined || (facts.removeIn !== undefined && compareVersions(facts.removeIn, known) > 0)) all[path] = facts;
  }
  return all;
}

/** Whether facts have what a path such as `messages.Create.fields.note` names. */
function isThere(facts: Facts, path: string): boolean {
  let at: unknown = facts;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return true;
}

function wasRenamed({ live }: History, path: string, version: Version): boolean {
  if (live === undefined) return false;
  const keys = path.split('.');
  const renames: readonly RenameFacts[] =
    'ended' in live ? (keys[0] === 'messages' ? (live.conversions[keys[1] ?? '']?.renames ?? []) : live.renames) : live.conversions.renames;
  return renames.some(({ was, until }) => was === keys.at(-1) && until === version);
}
