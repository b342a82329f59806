import { reachOfShape, Snapshots, type Class, type ObjectRecord } from '../../objects/index.js';
import type { Contract } from '../../rpc/index.js';
import { apiSurface } from './api-surface.js';
import type { Declared } from './declared.js';
import type { DirectionFacts } from './facts.js';
import { objectSurface } from './object-surface.js';
import type { NameClash, Surface } from './surface.js';

/**
 * What declarations say on the wire, at every version of their lines. An object that several contracts reach is one. Where
 * two classes have one name, the first is in the surface and both are in `clashes`.
 */
export function surfaceOf(declared: Declared): Surface {
  const objects = new Map<ObjectRecord, Ways>();
  const met = (record: ObjectRecord): Ways => {
    let ways = objects.get(record);
    if (ways === undefined) objects.set(record, (ways = { in: false, out: false }));
    return ways;
  };
  for (const contract of declared.contracts) {
    for (const [record, ways] of waysOf(contract)) {
      const known = met(record);
      known.in ||= ways.in;
      known.out ||= ways.out;
    }
  }
  for (const owner of declared.objects) for (const record of standalone(owner)) met(record);
  const apis = unique(
    'api',
    [...declared.contracts],
    (contract) => contract.topic,
    (contract) => contract.record.name,
  );
  const alone = new Snapshots('a stand-alone object', undefined);
  const unlike = unique(
    'object',
    [...objects.keys()],
    (record) => record.name,
    (record) => record.class.name,
  );
  return {
    objects: byName(unlike.first.map((record) => objectSurface(record, alone, directionOf(met(record))))),
    apis: byName(apis.first.map((contract) => apiSurface(contract, new Snapshots(contract.record.name, contract.line)))),
    clashes: [...apis.clashes, ...unlike.clashes],
  };
}

interface Ways {
  in: boolean;
  out: boolean;
}

/** Which objects a contract reaches, and which way they travel. */
function waysOf(contract: Contract): ReadonlyMap<ObjectRecord, Ways> {
  const found = new Map<ObjectRecord, Ways>();
  for (const { property, takes, returns } of contract.methods) {
    const where = `${contract.record.name}.${property}`;
    for (const [way, shape] of [
      ['in', takes],
      ['out', returns],
    ] as const) {
      if (shape === undefined) continue;
      for (const record of reachOfShape(shape, where)) {
        if (record.kind === 'message') continue;
        const ways = found.get(record) ?? { in: false, out: false };
        ways[way] = true;
        found.set(record, ways);
      }
    }
  }
  return found;
}

/** An exported object and the objects in it. */
function standalone(owner: Class): readonly ObjectRecord[] {
  return reachOfShape(owner, 'an exported object').filter(({ kind }) => kind === 'object');
}

function directionOf(ways: Ways): DirectionFacts {
  if (ways.in && ways.out) return 'both';
  return ways.in ? 'in' : ways.out ? 'out' : 'none';
}

function unique<T>(
  kind: NameClash['kind'],
  all: readonly T[],
  nameOf: (item: T) => string,
  classOf: (item: T) => string,
): { readonly first: readonly T[]; readonly clashes: readonly NameClash[] } {
  const groups = new Map<string, T[]>();
  for (const item of all) groups.set(nameOf(item), [...(groups.get(nameOf(item)) ?? []), item]);
  return {
    first: [...groups.values()].flatMap((items) => items.slice(0, 1)),
    clashes: [...groups].filter(([, items]) => items.length > 1).map(([name, items]) => ({ kind, name, classNames: items.map(classOf) })),
  };
}

function byName<T extends { readonly name: string }>(list: readonly T[]): readonly T[] {
  return [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
}
