import { LynchpinError } from '../../../errors/index.js';
import type { Json } from '../../../objects/index.js';
import { checkMove, type Contract, type MethodRecord } from '../../../rpc/index.js';
import { compareVersions, type Version } from '../../../versions/index.js';
import type { Item } from '../messages.js';
import { undeclaredLoss } from './loss.js';
import { Samples, type Sample } from './samples.js';

type Shape = NonNullable<MethodRecord['takes'] | MethodRecord['returns']>;

/** A value in the version of a message, and what was lost on the way there without a word. */
export interface Written {
  readonly json?: Json;
  readonly lost?: string;
}

/** What one release says: samples of its requests and results, and the plain JSON of both at each version. */
export class Speech {
  readonly #samples: Samples;
  /** Samples are read once: every cell sends the same ones. */
  readonly #values = new Map<string, unknown>();
  /** What is known of how a sample is written, by version and direction. */
  readonly #written = new WeakMap<object, Map<string, Written>>();

  /** @param requests given by hand, by method, in the newest form. */
  constructor(
    readonly contract: Contract,
    readonly requests: Readonly<Record<string, readonly Json[]>>,
  ) {
    this.#samples = new Samples(contract);
  }

  /** Which samples of a method make sense at a version: those that fit the release's own schema. */
  samplesOf(method: MethodRecord, version: Version): readonly number[] {
    if (method.takes === undefined) return this.#samples.newest(method) === undefined ? [] : [0];
    return [...this.#requests(method, version).keys()].filter((sample) => this.#fits(method, version, sample));
  }

  /** The methods of which no sample fits. */
  unsampled(): readonly string[] {
    return this.contract.methods
      .filter((method) => this.#samples.newest(method) !== undefined && this.samplesOf(method, this.contract.head).length === 0)
      .map(({ property }) => property);
  }

  /** A request as a caller would hold it. @throws LynchpinError `INVALID` for one that was given by hand and does not fit. */
  request(method: MethodRecord, version: Version, sample: number): unknown {
    const { takes } = method;
    const one = this.#requests(method, version)[sample];
    return takes === undefined || one === undefined ? undefined : this.#read(`takes ${method.property} ${version} ${sample}`, takes, one);
  }

  /** A result as a handler would give it. */
  result(method: MethodRecord, version: Version, sample: number): unknown {
    const { returns } = method;
    const samples = this.#samples.results(method, version);
    const which = sample % samples.length;
    const one = samples[which];
    return returns === undefined || one === undefined
      ? undefined
      : this.#read(`returns ${method.property} ${version} ${which}`, returns, one);
  }

  /** A value that a program holds, in the version of a message. @throws LynchpinError `INVALID`, `CONVERSION`. */
  plain(shape: Shape | undefined, version: Version, value: unknown): Json | undefined {
    return shape === undefined ? undefined : (this.contract.graph.writer(shape, version, 'out')(value) as Json);
  }

  /**
   * The same, and what is lost on the way.
   * @param direction `in` also refuses what a request may not lose, as sending does.
   * @throws LynchpinError `PINNED`, `INVALID`, `CONVERSION`.
   */
  written(shape: Shape | undefined, version: Version, value: unknown, direction: 'in' | 'out'): Written {
    if (shape === undefined) return {};
    const known = typeof value === 'object' && value !== null ? this.#known(value) : undefined;
    const key = `${version} ${direction}`;
    const found = known?.get(key);
    if (found !== undefined) return found;
    const { graph, head } = this.contract;
    const json = graph.writer(shape, version, direction)(value) as Json;
    const before = graph.writer(shape, head, 'out')(value);
    const lost = undeclaredLoss(this.contract, shape, version, before, graph.converter(shape, version, head)(json));
    const written = lost === undefined ? { json } : { json, lost };
    known?.set(key, written);
    return written;
  }

  /** A request of one version as another has it. @throws LynchpinError `UNKNOWN_METHOD`, `CONVERSION`, `PINNED`. */
  moved(method: MethodRecord, from: Version, to: Version, json: Json | undefined): Json | undefined {
    if (this.contract.wireName(method, to) === undefined) throw new LynchpinError('UNKNOWN_METHOD', `${method.property} is not at ${to}`);
    if (method.takes === undefined) return undefined;
    const moved = this.contract.graph.converter(method.takes, from, to)(json) as Json;
    if (compareVersions(to, from) < 0) checkMove(this.contract, method.takes, json, from, to);
    return moved;
  }

  /** Whether a request that is sent at one version can be moved to another. */
  canMove({ method: property, sample }: Omit<Item, 'mark'>, from: Version, to: Version): boolean {
    const method = this.contract.method(property) as MethodRecord;
    try {
      this.moved(method, from, to, this.written(method.takes, from, this.request(method, from, sample), 'in').json);
      return true;
    } catch (error) {
      if (LynchpinError.is(error)) return false;
      throw error;
    }
  }

  #read(key: string, shape: Shape, { version, json }: Sample): unknown {
    if (!this.#values.has(key)) this.#values.set(key, this.contract.graph.reader(shape, version)(json));
    return this.#values.get(key);
  }

  #known(value: object): Map<string, Written> {
    let known = this.#written.get(value);
    if (known === undefined) this.#written.set(value, (known = new Map()));
    return known;
  }

  #requests(method: MethodRecord, version: Version): readonly Sample[] {
    const given = this.requests[method.property];
    if (given === undefined) return this.#samples.requests(method, version);
    const newest = this.#samples.newest(method) ?? version;
    return given.map((json) => ({ version: newest, json }));
  }

  #fits(method: MethodRecord, version: Version, sample: number): boolean {
    try {
      this.request(method, version, sample);
      return true;
    } catch (error) {
      if (LynchpinError.is(error, 'INVALID')) return false;
      throw error;
    }
  }
}
