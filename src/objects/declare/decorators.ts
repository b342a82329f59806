import type { Version } from '../../versions/index.js';
import { LynchpinError } from '../../errors/index.js';
import { drafts, type Draft } from '../records/draft.js';
import { declare } from '../records/record-of.js';
import { rejectUnknownOptions } from '../records/suggest.js';
import type { Class } from '../types/class.js';
import type { FieldType } from '../types/field-type.js';
import { siteOf, type Site } from './dialect.js';
import type { FieldOptions, FieldProblem, Unless } from './field-options.js';
import type { BackportDecorator, LossOptions, StepOptions, UpgradeDecorator } from './step-options.js';

/** What `@VersionedObject` and `defineObject` take. */
export const OBJECT_OPTIONS = ['version', 'floor', 'previous', 'name'];
/** What `@Message` and `defineMessage` take. */
export const MESSAGE_OPTIONS = ['name'];
const STEP_OPTIONS = ['from', 'to'];

/** A class decorator of either dialect. */
export type ClassDeclaration = <C extends Class>(value: C, context?: ClassDecoratorContext<C>) => void;

/** A field decorator of either dialect; it refuses a property whose declared type does not match. */
export type FieldDecorator<V, O> = <T extends object, P, const K extends string>(
  target: T | undefined,
  where: Unless<FieldProblem<T, K, V, O>, K | (ClassFieldDecoratorContext<T, P> & { name: K })>,
) => void;

/** What `@VersionedObject` takes. */
export interface ObjectOptions {
  /** The newest version of the object. */
  readonly version: Version;
  /** The oldest version that this build still reads. Default: minor 0 of the same major. */
  readonly floor?: Version;
  /** Where the floor lies in an earlier major: the last minor of each earlier major, `{ 1: '1.7' }`. */
  readonly previous?: Readonly<Record<number, Version>>;
  /** The name on the wire. Default: the class's name; give it where a bundler may rename classes. */
  readonly name?: string;
}

/** What `@Message` takes. */
export interface MessageOptions {
  /** The name in schemas and messages. Default: the class's name. */
  readonly name?: string;
}

/**
 * Declares a class whose instances travel and are stored at versions of their own.
 * @throws LynchpinError `DECLARATION` when the declaration cannot work.
 */
export function VersionedObject(options: ObjectOptions): ClassDeclaration {
  return (value, context) => {
    const site = siteOf(value, context);
    rejectUnknownOptions(options, OBJECT_OPTIONS, `@VersionedObject of ${site.name}`, { class: site.name });
    declare(value, draftAt(site, 'class', '@VersionedObject'), { ...options, kind: 'object', name: options.name ?? site.name });
  };
}

/**
 * Declares the arguments or the result of a method, or a plain part of one. It has no version of its own: `since` and
 * `until` of its fields count on the line of the API that uses it.
 * @throws LynchpinError `DECLARATION` when the declaration cannot work.
 */
export function Message(options: MessageOptions = {}): ClassDeclaration {
  return (value, context) => {
    const site = siteOf(value, context);
    rejectUnknownOptions(options, MESSAGE_OPTIONS, `@Message of ${site.name}`, { class: site.name });
    declare(value, draftAt(site, 'class', '@Message'), { kind: 'message', name: options.name ?? site.name });
  };
}

/**
 * Declares a field of a {@link VersionedObject} or {@link Message}. A property whose type does not match is a compile error.
 * @param type what it holds, made with `t`.
 */
export function Field<V, const O extends FieldOptions<NoInfer<V>> = {}>(type: FieldType<V>, options?: O): FieldDecorator<V, O> {
  return ((target: unknown, where: unknown): void => {
    const site = siteOf(target, where);
    const draft = draftAt(site, 'member', '@Field');
    if (site.static) throw new LynchpinError('DECLARATION', `@Field on ${site.name}: a static property is not a field`);
    draft.fields.push({ name: site.name, type, options: options ?? {} });
  }) as FieldDecorator<V, O>;
}

/**
 * Declares the static method that takes an object down one version. It gets plain data in today's field names, with nested
 * objects in their newest form, and must give new plain data; what newer fields it leaves are dropped afterwards.
 */
export function Backport(options: StepOptions): BackportDecorator {
  return stepDecorator('down', options) as BackportDecorator;
}

/**
 * Declares the static method that takes an object up one version. It gets plain data in today's field names, in which any
 * field may be missing, and must give new plain data; missing new fields get their defaults afterwards.
 */
export function Upgrade(options: StepOptions): UpgradeDecorator {
  return stepDecorator('up', options) as UpgradeDecorator;
}

/** Declares what a class loses on a step down, beyond its newer fields, and why that is right. May be given more than once. */
export function Lossy(options: LossOptions): ClassDeclaration {
  return (value, context) => {
    const draft = draftAt(siteOf(value, context), 'class', '@Lossy');
    draft.losses.push(options);
  };
}

function stepDecorator(direction: 'down' | 'up', options: StepOptions): (target: unknown, where: unknown) => void {
  const what = direction === 'down' ? '@Backport' : '@Upgrade';
  return (target, where) => {
    const site = siteOf(target, where);
    const draft = draftAt(site, 'member', what);
    rejectUnknownOptions(options, STEP_OPTIONS, `${what} ${site.name}`);
    if (!site.static) throw new LynchpinError('DECLARATION', `${what} on ${site.name}: make it a static method`);
    draft.steps.push({ direction, from: options.from, to: options.to, name: site.name });
  };
}

function draftAt(site: Site, kind: Site['kind'], decorator: string): Draft {
  if (site.kind !== kind)
    throw new LynchpinError(
      'DECLARATION',
      `${decorator} on ${site.name}: it belongs on ${kind === 'class' ? 'a class' : 'a member of a class'}`,
    );
  const draft = drafts.at(site);
  draft.record = undefined;
  return draft;
}
