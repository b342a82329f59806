import type { ObjectRecord } from '../../objects/index.js';
import type { Contract } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';
import { seedOf } from '../samples/chance.js';
import { copy } from '../samples/maker.js';
import { misfitOf } from '../samples/misfit.js';
import type { LawFact, LawFinding } from './law.js';
import { isSame, shown } from './plain.js';
import { reported } from './report.js';
import { Pool, type LawStage } from './stage.js';
import type { World } from './world.js';

/** How many objects nest in what is sent from version to version. */
const ROOM = 3;

/**
 * That whatever a contract sends holds, at every depth, objects at exactly the versions that are carried. The functions of
 * classes are proved by themselves, so a few values are enough.
 */
export function carriedFacts(world: World): readonly LawFact[] {
  const { contract } = world;
  if (contract === undefined || contract.line.floor === contract.line.head) return [];
  const { line, topic } = contract;
  return [
    {
      title: `${topic} carries every object at the version that it says, ${line.floor} to ${line.head}`,
      subject: { kind: 'api', name: topic },
      prove: () => contract.graph.records.flatMap((record) => provedOf(world, contract, record)),
    },
  ];
}

function provedOf(world: World, contract: Contract, record: ObjectRecord): readonly LawFinding[] {
  const stages = stagesOf(world, contract, record);
  const pairs = stages.slice(1).map((stage, at) => [stages[at] as LawStage, stage] as const);
  const [oldest, newest] = [stages[0], stages.at(-1)];
  if (oldest !== undefined && newest !== undefined && stages.length > 2) pairs.push([oldest, newest]);
  for (const [older, newer] of pairs) {
    const finding = wrongIn(world, record, newer, older) ?? wrongIn(world, record, older, newer);
    if (finding !== undefined) return [finding];
  }
  if (record.steps.length === 0) return [];
  for (const [at, newer] of stages.entries()) {
    const [older, middle] = [stages[at - 2], stages[at - 1]];
    const finding = older === undefined || middle === undefined ? undefined : detoured(world, record, newer, middle, older);
    if (finding !== undefined) return [finding];
  }
  return [];
}

/** How many values go down over a version between, besides the edges. */
const DETOURS = 20;

/**
 * On the direct way down functions see the objects inside at their newest; over a version between, as that one carries
 * them. What they make of it must be the same.
 */
function detoured(world: World, record: ObjectRecord, newer: LawStage, middle: LawStage, older: LawStage): LawFinding | undefined {
  const direct = world.between(record, newer, older);
  const [first, second] = [world.between(record, newer, middle), world.between(record, middle, older)];
  const seed = seedOf(`${record.name} ${newer.key}`);
  for (const value of new Pool(newer, record, seed, []).values({ edges: Infinity, runs: DETOURS })) {
    const [one, again, other] = [direct, direct, (given: unknown) => second(first(given))].map((convert) => attempt(convert, value));
    // What fails, or differs from time to time, is told by the laws of the class.
    if (!isPlain(one) || !isPlain(other) || !isSame(one, again) || isSame(one, other)) continue;
    const field = Object.keys({ ...one, ...other }).find((name) => !isSame(one[name], other[name])) ?? '';
    const what = `over ${middle.version}, as ${middle.api} carries what is in it, gives another result: ${field} was ${shown(one[field], 200)} and is ${shown(other[field], 200)}`;
    const violation = { rule: 'backport/path-dependent', from: newer, to: older, field, what, got: one } as const;
    return reported(world, record, violation, { value, seed, kept: false });
  }
  return undefined;
}

function attempt(convert: (value: unknown) => unknown, value: unknown): unknown {
  try {
    return convert(copy(value));
  } catch {
    return undefined;
  }
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongIn(world: World, record: ObjectRecord, from: LawStage, to: LawStage): LawFinding | undefined {
  const convert = world.between(record, from, to);
  for (const value of [from.maker.sample({ owner: record.name, field: '' }, ROOM), from.maker.least()]) {
    let result: unknown;
    try {
      result = convert(copy(value));
    } catch {
      // Functions that throw are told by the laws of their own class, and refusals are declared.
      continue;
    }
    const misfit = misfitOf(to.makers, record.name, result);
    const skipped = misfit === undefined ? undefined : world.wrongVersion(record, to, misfit);
    if (misfit === undefined || skipped === undefined) continue;
    const what = `its result at ${misfit.path} ${misfit.what}: ${skipped}`;
    return reported(world, record, { rule: 'backport/nested-skipped', from, to, what, got: result }, { value, seed: 0, kept: false });
  }
  return undefined;
}

/** The stages of a class as the versions of the API have it and all that it reaches; those that are alike are one. */
function stagesOf(world: World, contract: Contract, record: ObjectRecord): readonly LawStage[] {
  const stages: LawStage[] = [];
  let last: string | undefined;
  for (const api of contract.line.versions) {
    const manifest = contract.graph.manifest(api);
    const at = (other: ObjectRecord): Version | undefined => (other.kind === 'message' ? api : manifest[other.name]);
    const reached = world.conversions.reach(record);
    const key = reached
      .map((other) => (other.kind === 'message' ? JSON.stringify(world.fieldsAt(other, api)) : manifest[other.name]))
      .join();
    if (key === last) continue;
    last = key;
    const stage = world.stage(record, `${record.name} in ${api}`, at, api);
    if (stage !== undefined) stages.push(stage);
  }
  return stages;
}
