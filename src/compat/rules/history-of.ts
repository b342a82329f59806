import { compareVersions, type Version } from '../../versions/index.js';
import type { Entry } from '../facts/entry.js';
import type { LiveApi, LiveObject, Recorded, Surface } from '../facts/surface.js';
import type { Finding } from './finding.js';
import type { Settings } from '../settings/settings.js';

/** What the rules of history look at. */
export interface HistoryInput {
  readonly surface: Surface;
  readonly recorded: Recorded;
  /** What was recorded at another commit or in another release. Default: only what is recorded here counts. */
  readonly baseline?: Recorded;
  /** Default: nothing is promised. */
  readonly promises?: Settings['promises'];
  /**
   * What the rules of bumping say of each version and the one before it, across majors too; at the severities that the settings
   * give, and without what was accepted.
   */
  readonly bump: readonly Finding[];
  /** The release that is being made: what is recorded must be stamped by now. Default: none is. */
  readonly release?: string;
}

/** All that is known of one object or API. */
export interface History {
  readonly kind: 'object' | 'api';
  readonly name: string;
  /** As the code has it; undefined when it is gone from there. */
  readonly live: LiveObject | LiveApi | undefined;
  /** The versions that the code has and those that were released, oldest first. What is recorded and unreleased only mirrors the code. */
  readonly versions: readonly Version[];
  readonly released: ReadonlySet<Version>;
  /** The newest release; undefined before the first one. */
  readonly newestReleased: Version | undefined;
  /** What it says at a version: as the code has it, or else as it was recorded. */
  readonly at: (version: Version) => Entry | undefined;
  /** All that was recorded of it, here and at the baseline. */
  readonly records: readonly Entry[];
}

/** The history of each name, objects first. */
export function historiesOf({ surface, recorded, baseline }: HistoryInput): readonly History[] {
  const records = [...recorded.entries, ...(baseline?.entries ?? [])];
  return (['object', 'api'] as const).flatMap((kind) => {
    const live: readonly (LiveObject | LiveApi)[] = kind === 'object' ? surface.objects : surface.apis;
    const own = records.filter(({ facts }) => facts.kind === kind);
    const names = new Set([...live.map(({ name }) => name), ...own.map(({ facts }) => facts.name)]);
    return [...names].map((name) =>
      historyOf(
        kind,
        name,
        live.find((one) => one.name === name),
        own.filter(({ facts }) => facts.name === name),
      ),
    );
  });
}

function historyOf(kind: History['kind'], name: string, live: History['live'], records: readonly Entry[]): History {
  const released = sorted(records.flatMap((entry) => (entry.released === undefined ? [] : [entry.facts.version])));
  return {
    kind,
    name,
    live,
    versions: sorted([...(live?.versions ?? []), ...released]),
    released: new Set(released),
    newestReleased: released.at(-1),
    at: (version) => live?.entries.get(version) ?? records.find(({ facts }) => facts.version === version),
    records,
  };
}

function sorted(versions: readonly Version[]): readonly Version[] {
  return [...new Set(versions)].sort(compareVersions);
}

/** How messages name it: `Volume`, or `the API volume`. */
export function called({ kind, name }: Pick<History, 'kind' | 'name'>): string {
  return kind === 'api' ? `the API ${name}` : name;
}

/** Each version with the one before it. */
export function pairsOf(versions: readonly Version[]): readonly { readonly before: Version; readonly version: Version }[] {
  return versions.flatMap((version, at) => {
    const before = versions[at - 1];
    return before === undefined ? [] : [{ before, version }];
  });
}
