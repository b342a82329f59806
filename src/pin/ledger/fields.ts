import { LynchpinError } from '../../errors/index.js';
import { isVersion, type Version } from '../../versions/index.js';

/** No name is longer; nor is any reason. */
const LONGEST_NAME = 255;
const LONGEST_REASON = 4_000;
/** No list in a snapshot is longer: a ledger is written by processes that start and people who decide. */
const LONGEST_LIST = 20_000;

/** Reads the fields of what somebody else wrote, and refuses what is not as it must be. Unknown fields are ignored. */
export class Fields {
  readonly #record: Readonly<Record<string, unknown>>;

  /** @throws LynchpinError `PROTOCOL` when the value is no JSON object. */
  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('it', 'a JSON object');
    this.#record = value as Readonly<Record<string, unknown>>;
  }

  get(key: string): unknown {
    return Object.hasOwn(this.#record, key) ? this.#record[key] : undefined;
  }

  /** A name: text that is not empty. */
  name(key: string): string {
    const value = this.get(key);
    if (typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME) return value;
    throw wrong(key, `text of 1 to ${LONGEST_NAME} characters`);
  }

  /** A reason: any text, also none. */
  reason(key: string): string {
    const value = this.get(key) ?? '';
    if (typeof value === 'string' && value.length <= LONGEST_REASON) return value;
    throw wrong(key, `text of at most ${LONGEST_REASON} characters`);
  }

  optionalName(key: string): string | undefined {
    return this.get(key) === undefined ? undefined : this.name(key);
  }

  whole(key: string, least: number): number {
    const value = this.get(key);
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    throw wrong(key, `a whole number of at least ${least}`);
  }

  optionalWhole(key: string, least: number): number | undefined {
    return this.get(key) === undefined ? undefined : this.whole(key, least);
  }

  version(key: string): Version {
    const value = this.get(key);
    if (isVersion(value)) return value;
    throw wrong(key, 'a version, MAJOR.MINOR');
  }

  optionalVersion(key: string): Version | undefined {
    return this.get(key) === undefined ? undefined : this.version(key);
  }

  oneOf<const T extends string>(key: string, values: readonly T[]): T {
    const found = values.find((value) => value === this.get(key));
    if (found !== undefined) return found;
    throw wrong(key, `one of ${values.join(', ')}`);
  }

  fields(key: string): Fields {
    return new Fields(this.get(key));
  }

  list<T>(key: string, read: (item: unknown) => T): readonly T[] {
    const value = this.get(key);
    if (Array.isArray(value) && value.length <= LONGEST_LIST) return (value as readonly unknown[]).map(read);
    throw wrong(key, `a list of at most ${LONGEST_LIST}`);
  }
}

/** The error for a field that is not what it must be. It never leaves the room: an entry that is not read is skipped. */
export function wrong(key: string, must: string): LynchpinError {
  return new LynchpinError('PROTOCOL', `${key} must be ${must}`, { field: key });
}
