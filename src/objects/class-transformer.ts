// class-transformer reads the metadata that compilers emit, whether there is any or not.
import 'reflect-metadata';
import { Expose, Transform, Type } from 'class-transformer';
import { currentFields, Dehydrators } from './codec/dehydrate.js';
import { Hydrators } from './codec/hydrate.js';
import { isPlain } from './plan/convert-type.js';
import { reachOf } from './plan/reach.js';
import { recordOf } from './records/record-of.js';
import type { FieldRecord, ObjectRecord } from './records/record.js';
import type { Class } from './types/class.js';
import type { TypeNode } from './types/field-type.js';

// class-transformer keeps what it is told in one place for the whole process, so this file remembers it likewise.
const told = new WeakSet<Class>();

/**
 * Tells class-transformer about declared classes and all that they reach, so that `plainToInstance`, `instanceToPlain` and
 * the pipes of Nest work on them at the edge of an application: every field is exposed; nested objects, unions, dates,
 * bigints, bytes and defaults become what Lynchpin itself makes of them. It deals with the newest version alone, and does
 * not validate.
 *
 * It has an entry point of its own, `lynchpin/class-transformer`, and needs `class-transformer` and `reflect-metadata`,
 * which are not installed with Lynchpin. Call it once where the application starts; again does no harm.
 * @example
 * ```ts
 * import { forClassTransformer } from 'lynchpin/class-transformer';
 * forClassTransformer(Volume, CreateVolume);
 * ```
 * @throws LynchpinError `DECLARATION` when a class is not declared.
 */
export function forClassTransformer(...owners: readonly Class[]): void {
  const dehydrators = new Dehydrators();
  const hydrators = new Hydrators(dehydrators);
  for (const owner of owners) {
    for (const record of reachOf(recordOf(owner, 'forClassTransformer'))) {
      if (told.has(record.class)) continue;
      told.add(record.class);
      for (const field of currentFields(record)) tell(record, field, dehydrators, hydrators);
    }
  }
}

function tell(record: ObjectRecord, field: FieldRecord, dehydrators: Dehydrators, hydrators: Hydrators): void {
  const place = { class: record.name, field: field.name };
  const decorate = (decorator: PropertyDecorator): void => decorator(record.class.prototype as object, field.name);
  decorate(Expose());
  const leaf = leafOf(field.type);
  if (leaf?.kind === 'object') decorate(Type(() => leaf.of() as unknown as () => object));
  else if (leaf?.kind === 'datetime') decorate(Type(() => Date));
  else if (leaf?.kind === 'union') {
    const subTypes = leaf.variants.map((variant) => ({ name: variant.name, value: variant.of() as unknown as new () => object }));
    decorate(Type(() => Object, { discriminator: { property: leaf.tag, subTypes }, keepDiscriminatorProperty: true }));
  }
  const dehydrate = dehydrators.type(field.type, place);
  const hydrate = hydrators.type(field.type, place);
  const fill = dehydrators.fill(record, field);
  if (leaf === undefined && hydrate !== undefined) {
    decorate(Transform(({ obj, key }) => leniently(hydrate, (obj as Record<string, unknown>)[key]), { toClassOnly: true }));
    if (dehydrate !== undefined) decorate(Transform(({ value }) => leniently(dehydrate, value), { toPlainOnly: true }));
  }
  if (fill !== undefined) {
    const make = (): unknown => (hydrate === undefined ? fill() : hydrate(fill()));
    decorate(Transform(({ value }: { value: unknown }) => (value === undefined ? make() : value), { toClassOnly: true }));
  }
}

/** What class-transformer can do itself with a type that may be nullable or a list: objects, unions and dates. */
function leafOf(type: TypeNode): Extract<TypeNode, { kind: 'object' | 'union' }> | { readonly kind: 'datetime' } | undefined {
  const bare = type.kind === 'nullable' ? type.inner : type;
  const item = bare.kind === 'list' ? bare.item : bare;
  const leaf = item.kind === 'nullable' ? item.inner : item;
  return leaf.kind === 'object' || leaf.kind === 'union' ? leaf : leaf.kind === 'datetime' ? { kind: 'datetime' } : undefined;
}

/** What does not fit stays what it is: judging it is for whoever validates. */
function leniently(convert: (value: unknown) => unknown, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  try {
    const result = convert(value);
    // Text has keys as well: what was no object must not become one, unless it stands for bytes.
    return isPlain(result) && !isPlain(value) && !ArrayBuffer.isView(result) ? value : result;
  } catch {
    return value;
  }
}
