import { join } from 'node:path';
import { canonical } from '../facts/canonical.js';
import type { Entry } from '../facts/entry.js';
import type { Recorded, Surface } from '../facts/surface.js';
import { readTexts, removeFile, writeText } from './disk.js';
import { goldensOf, isGolden } from './goldens.js';
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

type Changes = { readonly [K in keyof RecordingChanges]: string[] };

export interface WriteOptions {
  /** Marks what is written as released with this, such as `1.4.2`. Default: it may still change. */
  readonly released?: string;
  /**
   * What becomes of unreleased entries whose object or API the code does not have at all. `keep` is for whoever may have
   * loaded only a part of the contracts. Default `remove`.
   */
  readonly strangers?: 'keep' | 'remove';
}

/**
 * Records what the code says: writes the entries that are new or not yet released, removes unreleased ones that the code no
 * longer has, and renews goldens and `SURFACE.md`. A released entry is never touched. Files that are right already are not written.
 */
export function writeRecording(folder: string, surface: Surface, options: WriteOptions = {}): RecordingChanges {
  const texts = readTexts(folder);
  const { recorded, files } = parseRecording(texts, folder);
  const known = new Map(recorded.entries.map((entry) => [pathOf(entry.facts), entry]));
  const broken = new Set(files.filter(({ kind }) => kind !== 'edited').map(({ path }) => path));
  const edited = new Set(files.filter(({ kind }) => kind === 'edited').map(({ path }) => path));
  const live = entriesOf(surface);
  const paths = new Set(live.map(({ facts }) => pathOf(facts)));
  const names = new Set(live.map(({ facts: { kind, name } }) => `${kind} ${name}`));
  const changes: Changes = { written: [], removed: [], kept: [] };
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
    const isStranger = !names.has(`${entry.facts.kind} ${entry.facts.name}`);
    if (entry.released === undefined && !(isStranger && options.strangers === 'keep')) {
      removeFile(join(folder, path));
      changes.removed.push(path);
    } else after.set(path, entry);
  }
  const entries = [...after.values()].sort(byPlace);
  const touched = changes.written.length + changes.removed.length > 0;
  // With files that cannot be read, the page would lose what they say.
  if (broken.size === 0) writePage(folder, { origin: folder, entries }, changes.written);
  writeGoldens(folder, { entries, texts, known, touched, complete: broken.size === 0 }, changes);
  return { written: changes.written.sort(), removed: changes.removed.sort(), kept: changes.kept.sort() };
}

/** What goldens are written with. */
interface GoldenContext {
  readonly entries: readonly Entry[];
  readonly texts: ReadonlyMap<string, string>;
  /** What was recorded before, by path. */
  readonly known: ReadonlyMap<string, Entry>;
  /** Whether any entry changed: a golden holds objects of other entries too. */
  readonly touched: boolean;
  /** Whether every recorded file could be read: else nobody knows which goldens belong to nothing. */
  readonly complete: boolean;
}

/** A golden is written once its version is, follows it until it is released, and stays after that. */
function writeGoldens(folder: string, { entries, texts, known, touched, complete }: GoldenContext, changes: Changes): void {
  const goldens = goldensOf(entries);
  for (const { path, entry, text } of goldens) {
    const frozen = known.get(entry)?.released !== undefined;
    if (texts.has(path) && (frozen || !touched)) continue;
    const made = text();
    if (made !== undefined && writeText(join(folder, path), made)) changes.written.push(path);
  }
  if (!touched || !complete) return;
  const wanted = new Set(goldens.map(({ path }) => path));
  for (const path of texts.keys()) {
    if (!isGolden(path) || wanted.has(path)) continue;
    removeFile(join(folder, path));
    changes.removed.push(path);
  }
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
