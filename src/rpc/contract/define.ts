import type { Class, InstanceOf } from '../../objects/index.js';
import type { RpcProblem } from './decorators.js';
import { declareApi, declareMethod, drafts } from './drafts.js';
import type { MethodsOf } from './method.js';
import type { ApiOptions, RpcOptions } from './options.js';
import { recordApi } from './record-api.js';

/** `M`, or for each method that does not match its property a type that spells the problem out. */
type CheckedMethods<Api, M> = {
  readonly [K in keyof M]: K extends keyof Api
    ? RpcProblem<M[K], Api[K]> extends infer P
      ? [P] extends [never]
        ? M[K]
        : { readonly problem: P }
      : never
    : { readonly problem: 'the class has no such method' };
};

/**
 * Declares a contract without decorators; the same as {@link RpcApi} and {@link Rpc} on the class.
 * @returns the class.
 * @throws LynchpinError `DECLARATION` when the declaration cannot work.
 */
export function defineApi<C extends Class<object>, const M extends { readonly [K in keyof MethodsOf<InstanceOf<C>>]: RpcOptions }>(
  owner: C,
  definition: ApiOptions & { readonly methods: M & CheckedMethods<InstanceOf<C>, M> },
): C {
  const { methods, ...options } = definition;
  const draft = drafts.for(owner);
  declareApi(draft, owner.name, options);
  for (const [property, method] of Object.entries<RpcOptions>(methods)) declareMethod(draft, property, method);
  recordApi(owner);
  return owner;
}
