import { edgesOf, sampleOf, shapesOfApi, surfaceOf, type MethodFacts, type Shapes, type Surface } from '../../../compat/index.js';
import type { Json } from '../../../objects/index.js';
import type { Contract, MethodRecord } from '../../../rpc/index.js';
import type { Version } from '../../../versions/index.js';

/** A value in plain JSON, and the version that it is of. */
export interface Sample {
  readonly version: Version;
  readonly json: Json;
}

/** How many values are taken of the newest version, and how many of the one that is sent, which no conversion has thinned out. */
const NEWEST = 4;
const SENT = 2;

/** A class that holds what a method answers, which need not be a class itself. No class can have this name. */
const HOLDER = '';

/** Requests and results of one contract, made from what it says on the wire: the same ones every time. */
export class Samples {
  readonly #surface: Surface;
  readonly #shapes = new Map<Version, Shapes>();
  readonly #made = new Map<string, readonly Sample[]>();

  constructor(readonly contract: Contract) {
    this.#surface = surfaceOf({ contracts: [contract], objects: [] });
  }

  /** The newest version that has a method. */
  newest(method: MethodRecord): Version | undefined {
    return this.contract.line.versions.findLast((version) => this.contract.wireName(method, version) !== undefined);
  }

  requests(method: MethodRecord, version: Version): readonly Sample[] {
    return this.#of('takes', method, version, ({ takes }, shapes) =>
      takes === undefined ? [] : unique([...edgesOf({ name: takes, shapes }), sampleOf({ name: takes, shapes })]),
    );
  }

  results(method: MethodRecord, version: Version): readonly Sample[] {
    return this.#of('returns', method, version, ({ returns }, shapes) => {
      if (returns === undefined) return [];
      const held: Shapes = { ...shapes, [HOLDER]: { value: { type: returns, presence: 'required' } } };
      const all = [...edgesOf({ name: HOLDER, shapes: held }), sampleOf({ name: HOLDER, shapes: held })];
      return unique(all.map((holder) => (holder as { readonly value: Json }).value));
    });
  }

  #of(
    part: string,
    method: MethodRecord,
    version: Version,
    make: (facts: MethodFacts, shapes: Shapes) => readonly Json[],
  ): readonly Sample[] {
    const key = `${part} ${method.property} ${version}`;
    let made = this.#made.get(key);
    if (made === undefined) {
      const newest = this.newest(method);
      const versions = new Map(newest === undefined ? [] : [[newest, NEWEST]]);
      if (this.contract.wireName(method, version) !== undefined && version !== newest) versions.set(version, SENT);
      made = [...versions].flatMap(([at, most]) => {
        const name = this.contract.wireName(method, at);
        const facts = name === undefined ? undefined : this.#api?.entries.get(at)?.facts.methods[name];
        const values = facts === undefined ? [] : make(facts, this.#shapesAt(at));
        return some(values, most).map((json) => ({ version: at, json }));
      });
      this.#made.set(key, made);
    }
    return made;
  }

  get #api(): Surface['apis'][number] | undefined {
    return this.#surface.apis[0];
  }

  #shapesAt(version: Version): Shapes {
    let shapes = this.#shapes.get(version);
    if (shapes === undefined) {
      const facts = this.#api?.entries.get(version)?.facts;
      const find = (name: string, at: Version) => this.#surface.objects.find((object) => object.name === name)?.entries.get(at)?.facts;
      this.#shapes.set(version, (shapes = facts === undefined ? {} : shapesOfApi(facts, find)));
    }
    return shapes;
  }
}

/** Each value once. */
function unique(values: readonly Json[]): readonly Json[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** So many of a list, the first, the last and what lies evenly between. */
function some<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, at) => list[list.length - 1 - Math.round((at * (list.length - 1)) / (most - 1))] as T);
}
