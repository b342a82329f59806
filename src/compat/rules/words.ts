import type { Entry } from '../facts/entry.js';
import type { Recorded } from '../facts/surface.js';
import { compareVersions, majorOf, minorOf, type Version } from '../../versions/index.js';

/** For sentences: `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** For sentences: `1.1`, `1.0 and 1.1`, `1.0 to 1.4`, given the line that the versions are on. */
export function versionsText(versions: readonly Version[], line: readonly Version[]): string {
  const sorted = [...versions].sort(compareVersions);
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  if (first === undefined || last === undefined) return 'none';
  const gapless = line.indexOf(last) - line.indexOf(first) === sorted.length - 1;
  return sorted.length > 2 && gapless ? `${first} to ${last}` : listed(sorted);
}

/** The minor after a version. */
function nextMinor(version: Version): Version {
  return `${majorOf(version)}.${minorOf(version) + 1}`;
}

/**
 * Where a change that came too late belongs: the newest version if it is not released yet, or else the minor after it. `how`
 * begins the sentence of a fix.
 */
export function openVersion(
  kind: Entry['facts']['kind'],
  name: string,
  versions: readonly Version[],
  recorded: Recorded,
): { readonly version: Version; readonly how: string } {
  const head = versions[versions.length - 1] as Version;
  const frozen = recorded.entries.some(
    ({ facts, released }) => released !== undefined && facts.kind === kind && facts.name === name && facts.version === head,
  );
  if (!frozen) return { version: head, how: '' };
  const command = `npx lynchpin compat bump ${name} --minor${kind === 'object' ? ' --parents' : ''}`;
  return { version: nextMinor(head), how: `run \`${command}\`, and ` };
}
