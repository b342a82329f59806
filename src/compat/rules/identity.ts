import type { Version } from '../../versions/index.js';
import { diffFacts } from '../diff/diff.js';
import type { Change } from '../diff/change.js';
import { diffLines } from '../diff/lines.js';
import { digestOf, fingerprintOf } from '../facts/canonical.js';
import type { Entry } from '../facts/entry.js';
import type { LiveApi, LiveObject, Recorded, Surface } from '../facts/surface.js';
import type { Finding } from './finding.js';
import { found } from './found.js';
import { forgottenCarries } from './carried.js';
import type { Frozen } from './frozen.js';
import { apiVerdict } from './identity-api.js';
import { objectVerdict } from './identity-object.js';
import { movedTopics } from './topics.js';
import { openVersion, versionsText } from './words.js';

/** What the rules of identity look at. */
export interface IdentityInput {
  readonly surface: Surface;
  readonly recorded: Recorded;
}

interface Difference {
  readonly version: Version;
  readonly release: string;
  readonly changes: readonly Change[];
}

/**
 * What the rules of identity find: each difference between what was released and what the code now says of the same version.
 * A change that many versions share is one finding, which points at the newest of them.
 */
export function identityFindings({ surface, recorded }: IdentityInput): Finding[] {
  return [
    ...surface.objects.flatMap((object) => frozenFindings('object', object, recorded)),
    ...surface.apis.flatMap((api) => frozenFindings('api', api, recorded)),
    ...movedTopics(surface, recorded),
    ...forgottenCarries(surface),
  ];
}

function frozenFindings(kind: 'object' | 'api', live: LiveObject | LiveApi, recorded: Recorded): Finding[] {
  const differences = live.versions.flatMap((version): readonly Difference[] => {
    const before = recorded.entries.find(({ facts }) => facts.kind === kind && facts.name === live.name && facts.version === version);
    const after = live.entries.get(version);
    if (before?.released === undefined || after === undefined || before.fingerprint === after.fingerprint) return [];
    // Whoever edited a recording by hand is told so; what it says now proves nothing.
    if (fingerprintOf(before.facts, before.schema) !== before.fingerprint) return [];
    return [{ version, release: before.released, changes: changesBetween(before, after) }];
  });
  return grouped(differences).flatMap(({ change, at }) => verdictsOn(kind, live, recorded, change, at));
}

/** Facts that are equal while schemas are not: then the schema is what differs. */
function changesBetween(before: Entry, after: Entry): readonly Change[] {
  const changes = diffFacts(before.facts, after.facts);
  if (changes.length > 0) return changes;
  return [{ path: 'schema', kind: 'unclassified', before: before.schema, after: after.schema }];
}

function grouped(differences: readonly Difference[]): readonly { readonly change: Change; readonly at: readonly Difference[] }[] {
  const groups = new Map<string, { readonly change: Change; readonly at: Difference[] }>();
  for (const difference of differences) {
    for (const change of difference.changes) {
      const key = diffLines([change]).join();
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { change, at: [difference] });
      else group.at.push(difference);
    }
  }
  return [...groups.values()];
}

function verdictsOn(
  kind: 'object' | 'api',
  live: LiveObject | LiveApi,
  recorded: Recorded,
  change: Change,
  at: readonly Difference[],
): Finding[] {
  const newest = at[at.length - 1];
  if (newest === undefined) return [];
  const versions = at.map(({ version }) => version);
  const one = versions.length === 1;
  const frozen: Frozen = {
    live,
    versions,
    lead: `${live.name} ${versionsText(versions, live.versions)} ${one ? `was released in ${newest.release} and is` : `were released, the newest in ${newest.release}, and are`} frozen`,
    open: openVersion(kind, live.name, live.versions, recorded),
    change,
    all: newest.changes,
  };
  const verdicts = kind === 'object' ? objectVerdict(frozen) : apiVerdict(frozen, live as LiveApi, newest.version);
  return verdicts.map(({ path, ...verdict }) =>
    found({
      ...verdict,
      subject: { kind, name: live.name, version: newest.version, ...(path === undefined ? {} : { path }) },
      diff: change.path === 'schema' && change.kind === 'unclassified' ? [schemaLine(change.before, change.after)] : diffLines([change]),
    }),
  );
}

/** Schemas are too long to show; but what is accepted of one difference must not hold for the next. */
export function schemaLine(before: unknown, after: unknown): string {
  const short = (schema: unknown): string => digestOf(schema).slice(2, 14);
  return `~ schema: ${short(before)} -> ${short(after)}`;
}
