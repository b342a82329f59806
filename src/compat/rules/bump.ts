import { compareVersions, majorOf, type Version } from '../../versions/index.js';
import type { ApiFacts, DirectionFacts, ObjectFacts } from '../facts/facts.js';
import { namesIn } from '../facts/types.js';
import type { ConversionFacts, LiveApi, LiveObject, Recorded, Surface } from '../facts/surface.js';
import { fieldFindings } from './bump-fields.js';
import { methodFindings } from './bump-methods.js';
import { reusedNames } from './bump-reuse.js';
import type { Finding } from './finding.js';
import type { Hop } from './hop.js';

/** What the rules of minors look at. */
export interface BumpInput {
  readonly surface: Surface;
  readonly recorded: Recorded;
}

const NOTHING: ConversionFacts = { steps: [], losses: [], renames: [], fallbacks: [] };

/**
 * What the rules of minors find between each version of the code and the one before it. Of what is released, only errors are
 * told: someone took a conversion away that its peers rely on. Where the code differs from what was released, identity says
 * so, and nothing is told here. A major may do what minors may not, so that what is found there is no fault, but says that the
 * major has a reason: `majors` has it, `minors` has the rest.
 */
export function bumpFindings({ surface, recorded }: BumpInput): { readonly minors: Finding[]; readonly majors: Finding[] } {
  const releases = releasesOf(recorded);
  const told = (kind: 'object' | 'api', live: LiveObject | LiveApi, { before, after }: Pair, findings: Finding[]): Finding[] => {
    const release = releases.get(placeOf(kind, live.name, after.version));
    if (release === undefined) return findings;
    const same = [before.version, after.version].every((version) => {
      const fingerprint = releases.get(placeOf(kind, live.name, version));
      return fingerprint === undefined || fingerprint === (live.entries.get(version)?.fingerprint ?? fingerprint);
    });
    return same ? findings.filter(({ severity }) => severity === 'error') : [];
  };
  const all = [
    ...surface.objects.flatMap((live) => [
      ...pairs(live, recorded, 'object').flatMap((pair) => told('object', live, pair, objectHop(live, pair.before, pair.after))),
      ...reusedNames(live, recorded).filter(({ subject }) => !releases.has(placeOf('object', live.name, subject.version))),
    ]),
    ...surface.apis.flatMap((live) =>
      pairs(live, recorded, 'api').flatMap((pair) => told('api', live, pair, apiHop(live, pair.before, pair.after))),
    ),
  ];
  const crosses = majorsOf(surface, recorded);
  const isMajor = ({ subject: { kind, name, version } }: Finding): boolean => crosses.has(placeOf(kind, name, version));
  return { minors: all.filter((finding) => !isMajor(finding)), majors: all.filter(isMajor) };
}

interface Pair {
  readonly before: { readonly version: Version };
  readonly after: { readonly version: Version };
}

/** The fingerprints of what was released. */
function releasesOf({ entries }: Recorded): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap(({ facts: { kind, name, version }, released, fingerprint }) =>
      released === undefined ? [] : [[placeOf(kind, name, version), fingerprint] as const],
    ),
  );
}

function placeOf(kind: string, name: string, version: Version | undefined): string {
  return `${kind} ${name} ${version}`;
}

/** What the rules of minors say about one step of an object. */
export function objectHop(live: Pick<LiveObject, 'name' | 'conversions' | 'entries'>, before: ObjectFacts, after: ObjectFacts): Finding[] {
  const direction = live.entries.get(after.version)?.direction ?? 'none';
  return fieldFindings(
    {
      owner: { kind: 'object', name: live.name },
      name: live.name,
      message: false,
      from: before.version,
      to: after.version,
      direction,
      conversions: live.conversions,
    },
    before.fields,
    after.fields,
  );
}

/** What the rules of minors say about one step of an API: its methods, and the messages that both versions have. */
export function apiHop(
  live: Pick<LiveApi, 'name' | 'conversions' | 'renames' | 'ended' | 'answers'>,
  before: ApiFacts,
  after: ApiFacts,
): Finding[] {
  const owner = { kind: 'api', name: live.name } as const;
  const span = { owner, from: before.version, to: after.version };
  return [
    ...methodFindings({ ...span, api: live }, before, after),
    ...Object.entries(after.messages).flatMap(([name, message]) => {
      const older = Object.hasOwn(before.messages, name) ? before.messages[name] : undefined;
      if (older === undefined) return [];
      const hop: Hop = {
        ...span,
        name,
        message: true,
        direction: messageDirection(after, name),
        conversions: live.conversions[name] ?? NOTHING,
      };
      return fieldFindings(hop, older.fields, message.fields);
    }),
  ];
}

/** Which way a message travels: what methods take goes in, and what they return may be one too. */
function messageDirection({ methods, messages }: ApiFacts, name: string): DirectionFacts {
  const reaches = (start: readonly string[]): boolean => {
    const seen = new Set<string>();
    const queue = [...start];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      for (const field of Object.values(messages[next]?.fields ?? {})) queue.push(...namesIn(field.type));
    }
    return seen.has(name);
  };
  const out = reaches(Object.values(methods).flatMap(({ returns }) => (returns === undefined ? [] : namesIn(returns))));
  const into = reaches(Object.values(methods).flatMap(({ takes }) => takes ?? []));
  return into && out ? 'both' : out ? 'out' : 'in';
}

type Live = LiveObject | LiveApi;
type FactsOf<L extends Live> = L extends LiveObject ? ObjectFacts : ApiFacts;

/** Each version of the code with the one before it; below the floor, only the last release of an earlier major counts. */
function pairs<L extends Live>(
  live: L,
  recorded: Recorded,
  kind: FactsOf<L>['kind'],
): readonly { readonly before: FactsOf<L>; readonly after: FactsOf<L> }[] {
  const facts = live.versions.flatMap((version) => live.entries.get(version)?.facts ?? []) as FactsOf<L>[];
  const dropped = lastDropped(live, recorded, kind);
  const all = dropped === undefined ? facts : [dropped as FactsOf<L>, ...facts];
  return all.flatMap((after, at) => {
    const before = all[at - 1];
    return before === undefined ? [] : [{ before, after }];
  });
}

function lastDropped(live: Live, { entries }: Recorded, kind: 'object' | 'api'): ObjectFacts | ApiFacts | undefined {
  const floor = live.versions[0] as Version;
  const below = entries
    .filter(({ facts, released }) => released !== undefined && facts.kind === kind && facts.name === live.name)
    .map(({ facts }) => facts)
    .filter(({ version }) => compareVersions(version, floor) < 0 && majorOf(version) !== majorOf(floor));
  return below.sort((a, b) => compareVersions(a.version, b.version)).at(-1);
}

/** The versions that begin a major, by kind, name and version. */
function majorsOf({ objects, apis }: Surface, recorded: Recorded): ReadonlySet<string> {
  const starts = (kind: 'object' | 'api') => (live: Live) =>
    pairs(live as LiveObject, recorded, kind as 'object')
      .filter(({ before, after }) => majorOf(before.version) !== majorOf(after.version))
      .map(({ after }) => placeOf(kind, live.name, after.version));
  return new Set([...objects.flatMap(starts('object')), ...apis.flatMap(starts('api'))]);
}
