import type { ObjectRecord } from '../../objects/index.js';
import type { Contract } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';
import { copy } from '../samples/maker.js';
import { misfitOf } from '../samples/misfit.js';
import type { LawFact, LawFinding } from './law.js';
import { reported } from './report.js';
import type { LawStage } from './stage.js';
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
  return [];
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
