import { deserialize, type ObjectRecord, recordOf } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import { found } from '../rules/found.js';
import { copy } from '../samples/maker.js';
import { misfitOf } from '../samples/misfit.js';
import { shown } from './plain.js';
import type { CorpusValue, LawFact, LawFinding, LawInput } from './law.js';
import { recordedJudge } from './recorded.js';
import { nameOf, subjectOf } from './report.js';
import type { World } from './world.js';

/** That what was kept can still be read: one fact for each class that something was kept of. */
export function corpusFacts(input: LawInput, worlds: readonly World[], alone: World): readonly LawFact[] {
  const names = new Set((input.corpus ?? []).map(({ name }) => name));
  return [...names].map((name) => {
    const kept = (input.corpus ?? []).filter((one) => one.name === name);
    return {
      title: `${name}: what was kept can still be read`,
      subject: { kind: 'object' as const, name },
      prove: () => kept.flatMap((one) => unreadable(one, input, worlds, alone)),
    };
  });
}

function unreadable(kept: CorpusValue, input: LawInput, worlds: readonly World[], alone: World): LawFinding[] {
  const { name, version, file, value } = kept;
  // Names do not tell a message from an object, nor one API's from another's: whoever can read it may have written it.
  const places = placesOf(kept, input, worlds, alone);
  const [place] = places;
  const problems = places.map((one) => problemOf(kept, one, input));
  if (problems.includes(undefined)) return [];
  const why = problems[0] ?? `nothing declares ${name} any more`;
  return [
    found({
      rule: 'corpus/decode-failed',
      subject: place === undefined ? { kind: 'object', name, version } : subjectOf(place.world, place.record, version),
      message: `${file}, which ${place === undefined ? name : nameOf(place.world, place.record)} ${version} wrote, can no longer be read: ${why}.`,
      breaks: `whoever still holds what was written at ${version}: messages on a lane, objects in a store`,
      fix: `Read ${name} ${version} as it was: write the @Upgrade that it needs, or put back what was changed. If nobody can hold such data any more, raise the floor and remove ${file}.`,
      diff: [`~ ${file}`, `- ${shown(value)}`],
    }),
  ];
}

interface Place {
  readonly world: World;
  readonly record: ObjectRecord;
}

/** Each class of the name that may have written a value: what says that it is an object is one. */
function placesOf({ name, value }: CorpusValue, { declared }: LawInput, worlds: readonly World[], alone: World): readonly Place[] {
  const reached = worlds.flatMap((world) =>
    (world.contract?.graph.records ?? []).map((record): Place => ({ world: record.kind === 'object' ? alone : world, record })),
  );
  const exported = declared.objects
    .flatMap((owner) => alone.conversions.reach(recordOf(owner, 'an exported object')))
    .map((record): Place => ({ world: alone, record }));
  const own = [...reached, ...exported].filter(({ record }) => record.name === name && (record.kind === 'object' || !isTagged(value)));
  return own.filter((one, at) => own.findIndex(({ world, record }) => world === one.world && record === one.record) === at);
}

/** What is wrong; undefined for what can be read, and for what lies below the floor and is not meant to be. */
function problemOf({ version, value }: CorpusValue, { world, record }: Place, input: LawInput): string | undefined {
  const line = world.lineOf(record);
  if (!line.has(version)) return undefined;
  try {
    if (isTagged(value)) {
      deserialize(record.class as new () => object, copy(value));
      return undefined;
    }
    const at = (when: Version) => (other: ObjectRecord) =>
      other.kind === 'message'
        ? when
        : (world.contract?.graph.manifest(when)[other.name] ?? (other.class === record.class ? when : world.lineOf(other).head));
    const api = (when: Version) => (record.kind === 'message' ? when : undefined);
    const stage = world.stage(record, `${record.name}@${version} kept`, at(version), api(version));
    const head = world.stage(record, `${record.name}@${line.head} kept`, at(line.head), api(line.head));
    if (stage === undefined || head === undefined) return undefined;
    // What the recording does not allow was never written.
    if (recordedJudge(input, world, record)(value, stage) !== undefined) return undefined;
    const before = misfitOf(stage.makers, record.name, value);
    if (before !== undefined) return `${before.path === '' ? 'it' : before.path} ${before.what}`;
    const after = misfitOf(head.makers, record.name, world.between(record, stage, head)(copy(value)));
    return after === undefined ? undefined : `at ${line.head} ${after.path === '' ? 'it' : after.path} ${after.what}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isTagged(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { $object?: unknown }).$object === 'string';
}
