import fc from 'fast-check';
import { EMPTY_LEDGER, entryBody, fold, parseEntry, type Entry, type LedgerState } from '#lynchpin/pin/index.js';
import type { Version } from '#lynchpin/versions/index.js';

const said = (id: string, reason = ''): Pick<Entry, 'id' | 'author' | 'reason' | 'at'> => ({
  id,
  author: 'ada',
  reason,
  at: '2026-01-01T00:00:00Z',
});
const ALL = { counted: 2, answered: 2 } as const;

/** Entries in few words. Each id says what the entry is. */
export const joined = (instance: string, incarnation: number, version: Version, floor: Version = '3.0'): Entry => ({
  kind: 'joined',
  ...said(`joined ${instance}.${incarnation}`),
  instance,
  incarnation,
  role: 'server',
  window: { floor, version },
  queue: `life ${instance}.${incarnation}`,
});
export const left = (instance: string, incarnation: number): Entry => ({
  kind: 'left',
  ...said(`left ${instance}.${incarnation}`),
  instance,
  incarnation,
});
export const hold = (id: string, until?: Version): Entry => ({ kind: 'hold', ...said(id, 'a bad night'), until });
export const release = (held: string): Entry => ({ kind: 'release', ...said(`release ${held}`), hold: held });
export const prepare = (id: string, version: Version): Entry => ({ kind: 'prepare', ...said(id, 'the column goes'), version });
export const ack = (instance: string, incarnation: number, epoch: number): Entry => ({
  kind: 'ack',
  ...said(`ack ${instance}.${incarnation} ${epoch}`),
  instance,
  incarnation,
  epoch,
});
export const finalize = (id: string, epoch: number, after: number = ALL.counted): Entry => ({
  kind: 'finalize',
  ...said(id),
  epoch,
  census: { before: ALL, after: { counted: after, answered: ALL.answered } },
});
export const abort = (epoch: number): Entry => ({ kind: 'abort', ...said(`abort ${epoch}`), epoch });
export const unfinalize = (epoch: number): Entry => ({ kind: 'unfinalize', ...said(`unfinalize ${epoch}`, 'the column stays'), epoch });
export const expire = (instance: string, incarnation: number, looks = 2, over = 10_000): Entry => ({
  kind: 'expire',
  ...said(`expire ${instance}.${incarnation} ${looks} ${over}`),
  instance,
  incarnation,
  evidence: { seen: 'gone', looks, over },
});

/** An entry that a build of format 2 wrote. */
export const newer = (more: Record<string, unknown> = {}): string =>
  JSON.stringify({ ledger: 2, kind: 'pause', id: 'p', author: 'ada', ...more });

/** Reads entries as they come back from a log whose first offset is `from`. */
export function read(entries: readonly (Entry | string)[], state: LedgerState = EMPTY_LEDGER, from = state.offset + 1): LedgerState {
  return entries.reduce<LedgerState>(
    (before, entry, at) => fold(before, parseEntry(typeof entry === 'string' ? entry : entryBody(entry)), from + at),
    state,
  );
}

const INSTANCES = ['a', 'b', 'c'];
const VERSIONS: readonly Version[] = ['3.0', '3.1', '3.2', '3.10'];
const instance = fc.constantFrom(...INSTANCES);
const incarnation = fc.integer({ min: 1, max: 3 });
const version = fc.constantFrom(...VERSIONS);
const epoch = fc.integer({ min: 0, max: 12 });
const id = fc.constantFrom('x', 'y', 'z');

/** Any entry, mostly ones that have to do with each other: histories of them reach every outcome. */
export const entries: fc.Arbitrary<Entry | string> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(instance, incarnation, version).map(([who, life, at]) => joined(who, life, at)) },
  { weight: 2, arbitrary: fc.tuple(instance, incarnation).map(([who, life]) => left(who, life)) },
  { weight: 2, arbitrary: fc.tuple(instance, incarnation).map(([who, life]) => expire(who, life)) },
  { weight: 1, arbitrary: fc.tuple(id, fc.option(version, { nil: undefined })).map(([which, until]) => hold(`hold ${which}`, until)) },
  { weight: 2, arbitrary: id.map((which) => release(`hold ${which}`)) },
  { weight: 4, arbitrary: fc.tuple(id, version).map(([which, at]) => prepare(`prepare ${which} ${at}`, at)) },
  { weight: 8, arbitrary: fc.tuple(instance, incarnation, epoch).map(([who, life, of]) => ack(who, life, of)) },
  { weight: 8, arbitrary: fc.tuple(id, epoch).map(([which, of]) => finalize(`finalize ${which} ${of}`, of)) },
  { weight: 1, arbitrary: epoch.map((of) => abort(of)) },
  { weight: 1, arbitrary: epoch.map((of) => unfinalize(of)) },
  { weight: 1, arbitrary: fc.constantFrom('', '{}', '[', newer({ ignorable: true })) },
);
