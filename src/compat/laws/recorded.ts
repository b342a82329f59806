import type { ObjectRecord } from '../../objects/index.js';
import type { ApiEntry, Entry, ObjectEntry } from '../facts/entry.js';
import { recordedEntry, type Recorded } from '../facts/surface.js';
import { RecordedValidators } from '../recording/validators.js';
import type { RecordedPlace } from '../recording/recorded-schema.js';
import type { JudgeRecorded } from './crossing.js';
import type { LawInput } from './law.js';
import type { LawStage } from './stage.js';
import type { World } from './world.js';

/**
 * What the recordings of a class say of its values. Where the recording of a version is what the code says today, the facts
 * have been asked already, and nothing is compiled.
 */
export function recordedJudge(input: LawInput, world: World, record: ObjectRecord): JudgeRecorded {
  let validators: RecordedValidators | undefined;
  const judged = new Map<LawStage, ((value: unknown) => string | undefined) | undefined>();
  return (value, stage) => {
    if (!judged.has(stage)) {
      const place = placeOf(input, world, record, stage);
      const validate = place === undefined ? undefined : (validators ??= new RecordedValidators(joined(input, world, record))).of(place);
      const judge = (data: unknown): string | undefined => {
        const problem = validate?.(data);
        return problem === undefined ? undefined : `${problem.path === '' ? '' : `at ${problem.path} `}${problem.message}`;
      };
      judged.set(stage, validate === undefined ? undefined : judge);
    }
    return judged.get(stage)?.(value);
  };
}

/** Where the recorded values of a stage stand; undefined when the recording says what the code does. */
function placeOf({ surface, recorded }: LawInput, world: World, record: ObjectRecord, stage: LawStage): RecordedPlace | undefined {
  const { version } = stage;
  if (record.kind === 'object') {
    const live = surface.objects.find(({ name }) => name === record.name)?.entries.get(version);
    const kept = recordedEntry(recorded, 'object', record.name, version);
    if (kept === undefined || kept.fingerprint === live?.fingerprint) return undefined;
    const manifest = Object.fromEntries(world.conversions.reach(record).map((other) => [other.name, stage.at(other)]));
    return { kind: 'object', name: record.name, version, manifest };
  }
  const topic = world.contract?.topic ?? '';
  const live = surface.apis.find(({ name }) => name === topic)?.entries.get(version);
  const kept = recordedEntry(recorded, 'api', topic, version);
  const key = `takes ${record.name}`;
  if (kept?.schema[key] === undefined || JSON.stringify(kept.schema[key]) === JSON.stringify(live?.schema[key])) return undefined;
  return { kind: 'message', topic, version, name: record.name };
}

/** What was recorded, and what the code says of the rest. An API carries its objects as the stages have them: at their newest. */
function joined({ surface, recorded }: LawInput, world: World, record: ObjectRecord): Recorded {
  const heads = Object.fromEntries(
    world.conversions.reach(record).flatMap((other) => (other.kind === 'object' ? [[other.name, world.lineOf(other).head] as const] : [])),
  );
  const objects = surface.objects.flatMap(({ entries }) => [...entries.values()]);
  const apis = surface.apis.flatMap(({ entries }) => [...entries.values()]);
  const entries: Entry[] = [...objects, ...apis].map((live: ObjectEntry | ApiEntry) => {
    const { kind, name, version } = live.facts;
    const entry = recordedEntry(recorded, kind, name, version) ?? live;
    return entry.facts.kind === 'api' ? { ...entry, facts: { ...entry.facts, carries: { ...entry.facts.carries, ...heads } } } : entry;
  });
  return { origin: recorded.origin, entries };
}
