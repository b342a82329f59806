import type { ObjectRecord, Stage } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import { Chance, seedOf } from '../samples/chance.js';
import type { Maker } from '../samples/maker.js';
import type { Makers } from '../samples/makers.js';

/** A point at which values of one class are made and judged. */
export interface LawStage extends Stage {
  /** The version of the class that is looked at. */
  readonly version: Version;
  readonly makers: Makers;
  /** Makes values of the class as they are at this stage. */
  readonly maker: Maker;
}

/** How many values go through a pair of stages. */
export interface Amount {
  readonly edges: number;
  readonly runs: number;
}

/**
 * The most objects that nest in a value, itself counted. Functions get what nests deeper, because they may go that far; the
 * declarations are Lynchpin's own work, and what is inside of an object has laws of its own.
 */
const ROOM = { declared: 2, functions: 3 };

/** The values of a stage, each made once however many pairs it is part of. */
export class Pool {
  readonly #edges: readonly unknown[];
  readonly #corpus: readonly unknown[];
  readonly #made: unknown[] = [];
  readonly #chance: Chance;
  readonly #room: number;

  constructor(
    readonly stage: LawStage,
    record: ObjectRecord,
    seed: number,
    corpus: readonly unknown[],
  ) {
    this.#room = record.steps.length > 0 ? ROOM.functions : ROOM.declared;
    this.#edges = stage.maker.edges(this.#room);
    this.#corpus = corpus;
    this.#chance = new Chance(seed ^ seedOf(`${record.name} ${stage.key}`));
  }

  /** The edges first, then what was kept, then what chance gives. */
  values({ edges, runs }: Amount): readonly unknown[] {
    return [...this.#edges.slice(0, edges), ...this.#corpus, ...Array.from({ length: runs }, (_, at) => this.#run(at))];
  }

  /** The same value for the same number; any number does. */
  one(number: number): unknown {
    const at = number % (this.#edges.length + 20);
    return at < this.#edges.length ? this.#edges[at] : this.#run(at - this.#edges.length);
  }

  /** One that is made by chance, the same for the same number. */
  random(number: number): unknown {
    return this.#run(number % 20);
  }

  #run(at: number): unknown {
    while (this.#made.length <= at) this.#made.push(this.stage.maker.make(this.#chance, this.#room));
    return this.#made[at];
  }
}
