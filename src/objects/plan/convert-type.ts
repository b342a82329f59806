import type { Line, Version } from '../../versions/index.js';
import type { Class } from '../types/class.js';
import type { EnumNode, TypeNode, UnionNode } from '../types/field-type.js';
import { refuse, type Place, type Purpose } from './refusal.js';

/** Turns a value at one version into the same at another. Never changes its input. Undefined where nothing is to be done. */
export type Convert = ((value: unknown) => unknown) | undefined;

/** Where a conversion leads, on one line. */
export interface Span {
  readonly line: Line;
  readonly from: Version;
  readonly to: Version;
}

/** What a type's conversion needs to know around it. */
export interface TypeContext {
  readonly span: Span;
  readonly place: Place;
  readonly purpose: Purpose;
  /** The conversion of the objects of a class. */
  readonly child: (owner: Class) => Convert;
}

/** The conversion of the values of a type: its enums and unions along the span, its objects as the context says. */
export function convertType(type: TypeNode, context: TypeContext): Convert {
  switch (type.kind) {
    case 'enum':
      return convertEnum(type, context);
    case 'union':
      return convertUnion(type, context);
    case 'object':
      return context.child(type.of());
    case 'list': {
      const item = convertType(type.item, context);
      return item && ((value) => (Array.isArray(value) ? value.map((entry) => item(entry)) : value));
    }
    case 'map': {
      const entry = convertType(type.value, context);
      return entry && ((value) => (isPlain(value) ? convertMap(value, entry) : value));
    }
    case 'nullable': {
      const inner = convertType(type.inner, context);
      return inner && ((value) => (value === null ? null : inner(value)));
    }
    case 'either': {
      const options = type.options.map((option) => convertType(option, context)).filter((option) => option !== undefined);
      return options.length === 0 ? undefined : (value) => options.reduce((at, option) => option(at), value);
    }
    default:
      return undefined;
  }
}

/** Whether the value is an object in the sense of JSON. */
export function isPlain(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function convertMap(value: object, entry: NonNullable<Convert>): object {
  const result: { [key: string]: unknown } = {};
  for (const [key, item] of Object.entries(value)) {
    // Assigning to this one key would change the prototype; what is read is refused long before.
    if (key !== '__proto__') result[key] = entry(item);
  }
  return result;
}

/** Values that the target does not know, each with what to send instead: fallbacks are followed until one is known. */
function convertEnum(type: EnumNode, { span, place, purpose }: TypeContext): Convert {
  const to = span.line.indexOf(span.to);
  const newer = type.added.filter((added) => span.line.indexOf(added.since) > to);
  if (newer.length === 0 || span.line.indexOf(span.from) <= to) return undefined;
  const instead = new Map<unknown, string | undefined>();
  for (const added of newer) {
    let value: string | undefined = added.value;
    for (let hops = 0; value !== undefined && hops <= newer.length; hops++) {
      const later = newer.find((other) => other.value === value);
      if (later === undefined) break;
      value = later.fallback;
    }
    instead.set(added.value, newer.some((other) => other.value === value) ? undefined : value);
  }
  return (value) => {
    if (!instead.has(value)) return value;
    const fallback = instead.get(value);
    if (fallback !== undefined) return fallback;
    const since = (newer.find((added) => added.value === value) as (typeof newer)[number]).since;
    return refuse(purpose, place, `being ${JSON.stringify(value)}`, since, span.to);
  };
}

function convertUnion(type: UnionNode, context: TypeContext): Convert {
  const { span, place, purpose } = context;
  const to = span.line.indexOf(span.to);
  const down = span.line.indexOf(span.from) > to;
  const variants = new Map<unknown, { readonly convert: Convert; readonly missingSince: Version | undefined }>();
  for (const variant of type.variants) {
    const missing = down && variant.since !== undefined && span.line.indexOf(variant.since) > to;
    variants.set(variant.name, { convert: context.child(variant.of()), missingSince: missing ? variant.since : undefined });
  }
  if ([...variants.values()].every((variant) => variant.convert === undefined && variant.missingSince === undefined)) return undefined;
  return (value) => {
    const variant = isPlain(value) ? variants.get(value[type.tag]) : undefined;
    if (variant === undefined) return value;
    if (variant.missingSince !== undefined)
      return refuse(
        purpose,
        place,
        `with the variant ${String((value as { [key: string]: unknown })[type.tag])}`,
        variant.missingSince,
        span.to,
      );
    return variant.convert === undefined ? value : variant.convert(value);
  };
}
