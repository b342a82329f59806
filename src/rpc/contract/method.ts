import type { Input } from '../../objects/index.js';
import type { CallContext } from '../context.js';

type AnyMethod = (...parameters: never[]) => Promise<unknown>;

/**
 * The type of a method's declaration: what it takes (a message class) and what it answers.
 *
 * @example
 * @Rpc({ takes: CreateVolume, returns: Volume }) create!: Method<CreateVolume, Volume>;
 */
export type Method<Request = void, Result = void> = [Request] extends [void]
  ? () => Promise<Result>
  : (request: Request) => Promise<Result>;

/** The methods of a contract class. */
export type MethodsOf<Api> = { [Key in keyof Api as Api[Key] extends AnyMethod ? Key : never]: Api[Key] };

/** What a method answers. */
export type ResultOf<Function> = Function extends (...parameters: never[]) => Promise<infer Result> ? Result : never;

/** What a handler may answer: a plain literal that leaves out defaulted fields, or an instance. */
export type Answer<Result> = [Result] extends [void] ? void : Input<Result>;

/**
 * What a server must provide: every method of the contract, each with the context of its call as a last parameter.
 * `implements Implements<VolumeApi>` makes the compiler demand each one; `bus.serve` checks again.
 */
export type Implements<Api> = {
  [Key in keyof MethodsOf<Api>]: Api[Key] extends (...parameters: infer Parameters) => Promise<infer Result>
    ? (...parameters: [...Parameters, context: CallContext]) => Promise<Answer<Result>> | Answer<Result>
    : never;
};
