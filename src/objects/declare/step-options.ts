import type { Version } from '../../versions/index.js';
import type { Class, InstanceOf } from '../types/class.js';
import type { Wire } from '../types/values.js';

/** Which version a function converts from, and to which neighbour. */
export interface StepOptions {
  /** The version of the data that the function gets. */
  readonly from: Version;
  /** Its neighbour: the version of the data that it gives. */
  readonly to: Version;
}

/** What is lost between two versions, and why that is right. */
export interface LossOptions extends StepOptions {
  /** The fields that do not survive, by today's names. */
  readonly fields: readonly string[];
  /** Why: it is shown to whoever asks what a pin costs. */
  readonly reason: string;
}

/** Why the function `F` cannot be a backport of the class `C`; never when it can. */
export type BackportProblem<C, F> = StepProblem<InstanceOf<C>, Wire<InstanceOf<C>>, F, 'Wire<...> of this class'>;

/** Why the function `F` cannot be an upgrade of the class `C`; never when it can. */
export type UpgradeProblem<C, F> = StepProblem<InstanceOf<C>, Partial<Wire<InstanceOf<C>>>, F, 'Older<...> of this class'>;

type StepProblem<I, Data, F, Expected> = F extends (data: infer Taken) => infer Given
  ? Takes<Data, Taken> extends true
    ? ResultProblem<Wire<I>, Given>
    : { readonly takes: Taken; readonly mustTake: Expected }
  : 'not a function';

// Fields that had another type are compared by name alone: `Older<Volume, { sizeGb: string }>`.
type Takes<Data, Taken> = [Data] extends [Taken]
  ? true
  : [Partial<Data>] extends [Partial<Pick<Taken, SameType<Data, Taken>>>]
    ? [Exclude<keyof Taken, keyof Data>] extends [never]
      ? IsOlder<Taken>
      : false
    : false;
type SameType<Data, Taken> = {
  [K in keyof Taken]-?: K extends keyof Data ? ([Exclude<Data[K], undefined>] extends [Exclude<Taken[K], undefined>] ? K : never) : K;
}[keyof Taken];
type IsOlder<Taken> = {} extends Taken ? true : false;

type ResultProblem<W, Given> = [Exclude<keyof Given, keyof W>] extends [never]
  ? [Given] extends [Partial<W>]
    ? never
    : { readonly returns: Given; readonly mustReturn: 'fields of this class, in their plain form' }
  : { readonly unknownFields: Exclude<keyof Given, keyof W> };

// The compiler's own ClassMethodDecoratorContext demands `any` parameters of the method it stands for.
// oxlint-disable-next-line typescript/no-explicit-any
type StepFunction = (data: any) => object;

/** Decorates the static method that takes an object down a version. */
export type BackportDecorator = <C extends Class, F extends StepFunction>(
  target: C | F,
  where: BackportProblem<C, F> extends infer P
    ? [P] extends [never]
      ? string | ClassMethodDecoratorContext<C, F>
      : { readonly problem: P }
    : never,
  descriptor?: TypedPropertyDescriptor<F>,
) => void;

/** Decorates the static method that takes an object up a version. */
export type UpgradeDecorator = <C extends Class, F extends StepFunction>(
  target: C | F,
  where: UpgradeProblem<C, F> extends infer P
    ? [P] extends [never]
      ? string | ClassMethodDecoratorContext<C, F>
      : { readonly problem: P }
    : never,
  descriptor?: TypedPropertyDescriptor<F>,
) => void;
