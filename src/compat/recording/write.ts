import { join } from 'node:path';
import { canonical } from '../facts/canonical.js';
import type { Entry } from '../facts/entry.js';
import type { Recorded, Surface } from '../facts/surface.js';
import { readTexts, removeFile, writeText } from './disk.js';
import { byPlace, FORMAT, parseRecording } from './parse.js';
import { pathOf } from './paths.js';
import { SURFACE_PAGE, surfaceMarkdown } from './surface-page.js';

/** What recording changed. Paths are from the recording's folder, with `/`, sorted. */
export interface RecordingChanges {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** What differs from the code and was left as it is: released entries, and files that cannot be read. */
  readonly kept: readonly string[];
}

export interface WriteOptions {
  /** Marks what is written as released with this, such as `1.4.2`. Default: it may still change. */
  readonly released?: string;
}

/**
 * Records what the code says: writes the entries that are new or not yet released, removes unreleased ones that the code no
 * longer has, and renews `SURFACE.md`. A released entry is never touched. Files that are right already are not written.
 */
export function writeRecording(folder: string, surface: Surface, options: WriteOptions = {}): RecordingChanges {
  const texts = readTexts(folder);
  const { recorded, files } = parseRecording(texts, folder);
  const known = new Map(recorded.entries.map((entry) => [pathOf(entry.facts), entry]));
  const broken = new Set(files.filter(({ kind }) => kind !== 'edited').map(({ path }) => path));
  const edited = new Set(files.filter(({ kind }) => kind === 'edited').map(({ path }) => path));
  const live = entriesOf(surface);
  const paths = new Set(live.map(({ facts }) => pathOf(facts)));
  const changes = { written: [] as string[], removed: [] as string[], kept: [] as string[] };
  const after = new Map<string, Entry>();
  for (const entry of live) {
    const path = pathOf(entry.facts);
    const before = known.get(path);
    if (broken.has(path) || before?.released !== undefined) {
      if (before?.fingerprint !== entry.fingerprint || edited.has(path)) changes.kept.push(path);
      if (before !== undefined) after.set(path, before);
      continue;
    }
    const next = stamped({ ...entry, ...(before?.description === undefined ? {} : { description: before.description }) }, options.released);
    after.set(path, next);
    if (writeText(join(folder, path), entryText(next))) changes.written.push(path);
  }
  for (const [path, entry] of known) {
    if (paths.has(path)) continue;
    if (entry.released === undefined) {
      removeFile(join(folder, path));
      changes.removed.push(path);
    } else after.set(path, entry);
  }
  writePage(folder, { origin: folder, entries: [...after.values()].sort(byPlace) }, changes.written);
  return { written: changes.written.sort(), removed: changes.removed.sort(), kept: changes.kept.sort() };
}

/**
 * Turns every unreleased entry into a released one.
 * @param release what froze them, such as the version of the package: `1.4.2`.
 */
export function stampRelease(folder: string, release: string): RecordingChanges {
  const { recorded, files } = parseRecording(readTexts(folder), folder);
  // What was edited by hand is not frozen: someone has to look at it first.
  const edited = new Set(files.map(({ path }) => path));
  const written: string[] = [];
  const entries = recorded.entries.map((entry) => {
    const path = pathOf(entry.facts);
    if (entry.released !== undefined || edited.has(path)) return entry;
    const next = stamped(entry, release);
    if (writeText(join(folder, path), entryText(next))) written.push(path);
    return next;
  });
  writePage(folder, { origin: folder, entries }, written);
  return { written: written.sort(), removed: [], kept: [...edited].sort() };
}

/** Every entry of a surface. */
export function entriesOf(surface: Surface): readonly Entry[] {
  return [...surface.objects, ...surface.apis].flatMap(({ entries }): Entry[] => [...entries.values()]);
}

/** An entry as its file says it. */
export function entryText(entry: Entry): string {
  return canonical({ format: FORMAT, ...entry });
}

function stamped(entry: Entry, released: string | undefined): Entry {
  return released === undefined ? entry : { ...entry, released };
}

function writePage(folder: string, recorded: Recorded, written: string[]): void {
  if (recorded.entries.length > 0 && writeText(join(folder, SURFACE_PAGE), surfaceMarkdown(recorded))) written.push(SURFACE_PAGE);
}
