import { LynchpinError } from '../../errors/index.js';
import { siteOf, type Class, type ClassDeclaration, type InstanceOf, type ShapeValue, type Unless } from '../../objects/index.js';
import { declareApi, declareMethod, drafts } from './drafts.js';
import type { ApiOptions, RpcOptions } from './options.js';
import { recordApi } from './record-api.js';

type Takes<Options> = Options extends { readonly takes: infer C extends Class } ? [request: InstanceOf<C>] : [];
type Returns<Options> = Options extends { readonly returns: infer S } ? ShapeValue<S> : void;
type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** What is wrong between a method's options and its declared type; never when nothing is. */
export type RpcProblem<Options, Declared> = Declared extends (...parameters: infer Parameters) => infer Result
  ? Mutual<Parameters, Takes<Options>> extends true
    ? Mutual<Result, Promise<Returns<Options>>> extends true
      ? never
      : { readonly declaredResult: Result; readonly returns: Promise<Returns<Options>> }
    : { readonly declaredParameters: Parameters; readonly takes: Takes<Options> }
  : 'declare it as Method<Request, Result>';

type ProblemAt<Options, T, K> = K extends keyof T ? RpcProblem<Options, T[K]> : 'a method must be public';

/** A method decorator of either dialect; it refuses a declaration that does not match `takes` and `returns`. */
// The standard library bounds a decorated method with `any`, and takes nothing stricter; nothing of it reaches the result.
// oxlint-disable-next-line typescript/no-explicit-any
export type RpcDecorator<Options> = <T extends object, F extends (this: T, ...parameters: any) => any, const K extends string>(
  target: T | F | undefined,
  where: Unless<ProblemAt<Options, T, K>, K | ((ClassFieldDecoratorContext<T, F> | ClassMethodDecoratorContext<T, F>) & { name: K })>,
  descriptor?: TypedPropertyDescriptor<F>,
) => void;

/**
 * Declares a contract: the versioned methods of one topic.
 * @throws LynchpinError `DECLARATION` when the declaration cannot work.
 */
export function RpcApi(options: ApiOptions): ClassDeclaration {
  return (value, context) => {
    const site = siteOf(value, context);
    if (site.kind !== 'class') throw new LynchpinError('DECLARATION', `@RpcApi on ${site.name}: it belongs on a class`);
    const draft = drafts.at(site);
    declareApi(draft, site.name, options);
    recordApi(value);
  };
}

/** Declares a method of a contract: on a property of type `Method<Request, Result>`, or on a method that is one. */
export function Rpc<const Options extends RpcOptions = {}>(options?: Options): RpcDecorator<Options> {
  return ((target: unknown, where: unknown): void => {
    const site = siteOf(target, where);
    if (site.kind !== 'member' || site.static)
      throw new LynchpinError('DECLARATION', `@Rpc on ${site.name}: it belongs on a member of a contract's instances`);
    declareMethod(drafts.at(site), site.name, options ?? {});
  }) as RpcDecorator<Options>;
}
