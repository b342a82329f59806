import { isFacts } from './well-formed.js';
import { isPlainObject } from './plain.js';
import { compareVersions } from '../../versions/index.js';
import { fingerprintOf } from '../facts/canonical.js';
import type { Entry } from '../facts/entry.js';
import type { Recorded } from '../facts/surface.js';
import { entryAt } from './paths.js';

/** The number of the form of recorded files. */
export const FORMAT = 1;

/** What is wrong with a recorded file. */
export interface FileProblem {
  /** From the recording's folder, with `/`. */
  readonly path: string;
  /**
   * `unreadable`: no JSON, or none of a recording. `format`: a form that this release does not know. `edited`: what it says
   * is not what its fingerprint was made of. `misplaced`: it says that it is another entry. `foreign`: no place for an entry.
   */
  readonly kind: 'unreadable' | 'format' | 'edited' | 'misplaced' | 'foreign';
  /** In words: `is not JSON: Unexpected token '<'`. */
  readonly reason: string;
}

/** What some files hold that were recorded, and what is wrong with them. */
export interface ParsedRecording {
  readonly recorded: Recorded;
  readonly files: readonly FileProblem[];
}

/**
 * Reads recorded files, wherever they come from: a folder, another commit, another package. Files that do not belong to
 * entries (`SURFACE.md`, `accepted.json`, `corpus/`) are passed over. An edited entry is among the entries nevertheless.
 * @param texts by path from the recording's folder, with `/`.
 */
export function parseRecording(texts: Iterable<readonly [path: string, text: string]>, origin: string): ParsedRecording {
  const entries: Entry[] = [];
  const files: FileProblem[] = [];
  for (const [path, text] of texts) {
    if (!/^(?:objects|apis)\//.test(path)) continue;
    const read = parseEntry(path, text);
    if (read.entry !== undefined) entries.push(read.entry);
    if (read.problem !== undefined) files.push({ path, ...read.problem });
  }
  return { recorded: { origin, entries: withReleases(entries.sort(byPlace)) }, files };
}

/**
 * What a released API carries was released with it, also where a bad merge, or a stamp that stopped in the middle, left its own
 * file without saying so: otherwise anybody could change what peers rely on.
 */
function withReleases(entries: readonly Entry[]): readonly Entry[] {
  const releases = new Map<string, string>();
  for (const { facts, released } of entries) {
    if (facts.kind !== 'api' || released === undefined) continue;
    for (const [name, version] of Object.entries(facts.carries)) {
      const key = `${name} ${version}`;
      if (!releases.has(key)) releases.set(key, released);
    }
  }
  return entries.map((entry) => {
    const release = entry.facts.kind === 'object' ? releases.get(`${entry.facts.name} ${entry.facts.version}`) : undefined;
    return entry.released === undefined && release !== undefined ? { ...entry, released: release } : entry;
  });
}

interface Read {
  readonly entry?: Entry;
  readonly problem?: Omit<FileProblem, 'path'>;
}

function parseEntry(path: string, text: string): Read {
  const place = entryAt(path);
  if (place === undefined) return { problem: { kind: 'foreign', reason: 'is not where an entry would be: KIND/NAME/MAJOR.MINOR.json' } };
  let json: unknown;
  try {
    json = JSON.parse(withoutMark(text));
  } catch (error) {
    const conflict = /^(?:<{7}|={7}|>{7})/m.test(text) ? 'has unsolved merge conflicts' : `is not JSON: ${(error as Error).message}`;
    return { problem: { kind: 'unreadable', reason: conflict } };
  }
  if (!isPlainObject(json)) return { problem: { kind: 'unreadable', reason: 'is no recorded entry' } };
  const { format, ...rest } = json;
  if (format !== FORMAT)
    return {
      problem: { kind: 'format', reason: `has format ${JSON.stringify(format) ?? 'none'}, and this release of Lynchpin reads ${FORMAT}` },
    };
  if (!isEntry(rest)) return { problem: { kind: 'unreadable', reason: 'lacks what every recorded entry has' } };
  const { facts } = rest;
  if (facts.kind !== place.kind || facts.name !== place.name || facts.version !== place.version)
    return { problem: { kind: 'misplaced', reason: `says that it is the ${facts.kind} ${facts.name} ${facts.version}` } };
  const actual = fingerprintOf(facts, rest.schema);
  if (actual === rest.fingerprint) return { entry: rest };
  return {
    entry: rest,
    problem: { kind: 'edited', reason: `says that its fingerprint is ${rest.fingerprint}, but its content has ${actual}` },
  };
}

/** Only as far as reading it without a check would fail: what else is wrong shows in the fingerprint. */
function isEntry(value: object): value is Entry {
  const { facts, schema, fingerprint } = value as Partial<Record<keyof Entry, unknown>>;
  return isFacts(facts) && isPlainObject(schema) && typeof fingerprint === 'string';
}

/** Editors on Windows put a mark before the text, which is no JSON. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Objects before APIs, then by name, then oldest first. */
export function byPlace({ facts: a }: Entry, { facts: b }: Entry): number {
  if (a.kind !== b.kind) return a.kind === 'object' ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return compareVersions(a.version, b.version);
}
