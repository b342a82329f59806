import { findRecord, isFieldType, type Class, type ObjectRecord, type TypeNode } from '../../../objects/index.js';
import type { Contract, MethodRecord } from '../../../rpc/index.js';
import type { Line, Version } from '../../../versions/index.js';
import { firstDifference, isRecord, own, type PlainRecord } from '../difference.js';

type Shape = NonNullable<MethodRecord['takes'] | MethodRecord['returns']>;

/** On which line the versions of what is looked at count, and where on it the message stands. */
interface Place {
  readonly line: Line;
  readonly version: Version;
}

/**
 * Finds what was lost on the way to an older version and back though no declaration says so: fields that began later or ended,
 * enum values that came later and what `@Lossy` names may be lost.
 * @param before plain JSON of the newest form.
 * @param after the same, after it was written at the version and read again.
 * @returns the path of the first loss.
 */
export function undeclaredLoss(contract: Contract, shape: Shape, version: Version, before: unknown, after: unknown): string | undefined {
  const manifest = contract.graph.manifest(version);
  return new Walk(contract, (record) => (record.kind === 'message' ? version : manifest[record.name])).type(
    isFieldType(shape) ? (shape as unknown as TypeNode) : { kind: 'object', of: () => shape as Class },
    { line: contract.line, version },
    before,
    after,
    '',
  );
}

class Walk {
  constructor(
    readonly contract: Contract,
    readonly versionOf: (record: ObjectRecord) => Version | undefined,
  ) {}

  type(type: TypeNode, place: Place, before: unknown, after: unknown, path: string): string | undefined {
    if (firstDifference(before, after) === undefined) return undefined;
    const at = path === '' ? 'the value' : path;
    switch (type.kind) {
      case 'nullable':
        return before === null || after === null ? at : this.type(type.inner, place, before, after, path);
      case 'enum':
        return type.added.some((added) => added.value === before && this.#isLater(added.since, place)) ? undefined : at;
      case 'object':
        return this.#object(type.of(), before, after, path);
      case 'union': {
        const variant = isRecord(before) ? type.variants.find(({ name }) => name === before[type.tag]) : undefined;
        return variant === undefined ? at : this.#object(variant.of(), before, after, path);
      }
      case 'list':
        if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return at;
        return first(before.map((item, index) => () => this.type(type.item, place, item, after[index], `${path}[${index}]`)));
      case 'map':
        if (!isRecord(before) || !isRecord(after)) return at;
        return first(
          keysOf(before, after).map((key) => () => this.type(type.value, place, own(before, key), own(after, key), join(path, key))),
        );
      case 'either':
        return type.options.some((option) => this.type(option, place, before, after, path) === undefined) ? undefined : at;
      default:
        return at;
    }
  }

  #object(owner: Class, before: unknown, after: unknown, path: string): string | undefined {
    const record = findRecord(owner);
    const version = record === undefined ? undefined : this.versionOf(record);
    if (record === undefined || version === undefined || !isRecord(before) || !isRecord(after)) return path;
    const place: Place = { line: record.line ?? this.contract.line, version };
    const lossy = new Set(record.losses.filter(({ from }) => this.#isLater(from, place)).flatMap(({ fields }) => fields));
    return first(
      record.fields.map(({ name, type, since, until }) => () => {
        const declared = this.#isLater(since, place) || (until !== undefined && !this.#isLater(until, place)) || lossy.has(name);
        if (declared) return undefined;
        const [had, has] = [own(before, name), own(after, name)];
        return had === undefined || has === undefined
          ? missing(had, has, join(path, name))
          : this.type(type, place, had, has, join(path, name));
      }),
    );
  }

  #isLater(version: Version | undefined, { line, version: at }: Place): boolean {
    return version !== undefined && line.indexOf(version) > line.indexOf(at);
  }
}

function first(looks: readonly (() => string | undefined)[]): string | undefined {
  for (const look of looks) {
    const found = look();
    if (found !== undefined) return found;
  }
  return undefined;
}

function missing(had: unknown, has: unknown, path: string): string | undefined {
  return had === has ? undefined : path;
}

function keysOf(before: PlainRecord, after: PlainRecord): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
