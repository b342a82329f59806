import { LynchpinError } from '../../errors/index.js';
import { recordOf, type ObjectRecord } from '../../objects/index.js';
import { seedOf } from '../samples/chance.js';
import { OwnValues } from '../samples/own-values.js';
import { carriedFacts } from './carried.js';
import { proveClass } from './class-laws.js';
import { corpusFacts } from './corpus.js';
import type { LawFact, LawFinding, LawInput } from './law.js';
import { missing } from './missing.js';
import { recordedJudge } from './recorded.js';
import { subjectOf } from './report.js';
import type { LawStage } from './stage.js';
import { unreachable } from './unreachable.js';
import { Watch } from './watch.js';
import { World } from './world.js';

/** What is said to run as often as nobody says otherwise. */
const RUNS = 100;

/**
 * The laws of conversion as facts that can be proved one by one: for every object and message of every contract, and for
 * objects that stand alone, between each two versions and in both directions.
 *
 * Each fact is proved on the edges of the class's types, on what was kept, and on values made by chance. What fails is made
 * as simple as it can be, and everything that the simple value breaks is told, the worst first.
 * @throws LynchpinError `DECLARATION` when `arbitraries` names a field that is not there.
 */
export function lawFacts(input: LawInput): LawFact[] {
  const watch = new Watch();
  const own = input.arbitraries === undefined ? undefined : new OwnValues(input.arbitraries);
  if (own !== undefined) checkNames(own, input);
  const shared = { surface: input.surface, watch, own };
  const alone = new World('a stand-alone object', undefined, shared);
  const worlds = input.declared.contracts.map((contract) => new World(contract.record.name, contract, shared));
  const objects = new Set([...worlds.flatMap(recordsOf), ...exported(input, alone)].filter(({ kind }) => kind === 'object'));
  return [
    ...[...objects].flatMap((record) => classFacts(input, alone, record, watch)),
    ...worlds.flatMap((world) => [
      ...recordsOf(world)
        .filter(({ kind }) => kind === 'message')
        .flatMap((record) => classFacts(input, world, record, watch)),
      ...carriedFacts(world),
    ]),
    ...corpusFacts(input, worlds, alone),
  ];
}

function recordsOf({ contract }: World): readonly ObjectRecord[] {
  return contract?.graph.records ?? [];
}

function exported({ declared }: LawInput, { conversions }: World): readonly ObjectRecord[] {
  return declared.objects.flatMap((owner) => conversions.reach(recordOf(owner, 'an exported object')));
}

function classFacts(input: LawInput, world: World, record: ObjectRecord, watch: Watch): readonly LawFact[] {
  const { floor, head } = world.lineOf(record);
  if (floor === head) return [];
  return [
    {
      title: `${record.name} keeps the laws of conversion between ${floor} and ${head}`,
      subject: subjectOf(world, record, undefined),
      prove: () => provedOf(input, world, record, watch),
    },
  ];
}

function provedOf(input: LawInput, world: World, record: ObjectRecord, watch: Watch): LawFinding[] {
  const lost = [...missing(world, record, input.recorded), ...unreachable(world, record)];
  if (lost.some(({ rule }) => rule === 'backport/missing')) return lost;
  const stages = stagesOf(world, record);
  if (stages.length < 2) return lost;
  const seed = input.seed ?? seedOf(fingerprints(input, world, record));
  const judge = recordedJudge(input, world, record);
  return [...lost, ...proveClass({ world, record, stages, watch, judge, corpus: input.corpus ?? [], runs: input.runs ?? RUNS, seed })];
}

/**
 * The stages of a class on its own line, with everything in it at its newest. Versions that differ in nothing on the wire
 * are one, unless there are functions that could make a difference.
 */
function stagesOf(world: World, record: ObjectRecord): readonly LawStage[] {
  const stages: LawStage[] = [];
  let last: string | undefined;
  for (const version of world.lineOf(record).versions) {
    const moving = world.conversions.reach(record).filter((other) => other === record || other.kind === 'message');
    const shape = JSON.stringify(moving.map((other) => world.fieldsAt(other, version)));
    if (record.steps.length === 0 && shape === last) continue;
    last = shape;
    const at = (other: ObjectRecord) => (other.class === record.class || other.kind === 'message' ? version : world.lineOf(other).head);
    const stage = world.stage(record, `${record.name}@${version}`, at, record.kind === 'message' ? version : undefined);
    if (stage !== undefined) stages.push(stage);
  }
  return stages;
}

function fingerprints({ surface }: LawInput, world: World, record: ObjectRecord): string {
  if (record.kind === 'object') {
    const entries = surface.objects.find(({ name }) => name === record.name)?.entries.values() ?? [];
    return [...entries].map(({ fingerprint }) => fingerprint).join();
  }
  const entries = surface.apis.find(({ name }) => name === world.contract?.topic)?.entries.values() ?? [];
  return JSON.stringify([...entries].map(({ facts }) => facts.messages[record.name]));
}

function checkNames(own: OwnValues, { surface }: LawInput): void {
  const known = new Set<string>();
  for (const { name, entries } of surface.objects)
    for (const { facts } of entries.values()) for (const field of Object.keys(facts.fields)) known.add(`${name}.${field}`);
  for (const { entries } of surface.apis)
    for (const { facts } of entries.values())
      for (const [name, { fields }] of Object.entries(facts.messages))
        for (const field of Object.keys(fields)) known.add(`${name}.${field}`);
  for (const name of own.names) {
    if (!known.has(name))
      throw new LynchpinError('DECLARATION', `arbitraries names ${name}, which is no field of an object or message at any version`, {
        field: name,
      });
  }
}
