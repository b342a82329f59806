import type { AnyFieldType, Class, Deprecation } from '../../objects/index.js';
import type { ServiceErrorClass } from '../service-error.js';
import type { Version } from '../../versions/index.js';
import type { MethodRename } from './records.js';

/** Options of {@link RpcApi} and {@link defineApi}. */
export interface ApiOptions {
  /** Names the exchange and the lanes: letters, digits, `-` and `_`. */
  readonly topic: string;
  /** The newest version that this build speaks. */
  readonly version: Version;
  /** The oldest version that this build still reads. Default: the first of its major. */
  readonly floor?: Version;
  /** Where the floor lies in an earlier major: the last minor of each earlier one, `{ 2: '2.17' }`. */
  readonly previous?: Readonly<Record<number, Version>>;
  /** A history with holes lists its versions; by default every minor from floor to version exists. */
  readonly versions?: readonly Version[];
  /** Which version of each object an API version carries, from that version on. Before its first entry an object is carried at its first version; what entries below the floor began to carry, the floor carries on. */
  readonly carries?: Readonly<Record<Version, Readonly<Record<string, Version>>>>;
  /** The errors that its handlers may throw so that callers get them. */
  readonly errors?: readonly ServiceErrorClass[];
}

/** Options of {@link Rpc}. */
export interface RpcOptions {
  /** Its name on the wire. Default: the property's name. Two methods may share one when their versions do not overlap. */
  readonly name?: string;
  /** The first version that has it. Default: the API's floor; once the floor has passed it, it is to be deleted. */
  readonly since?: Version;
  /** The first version that no longer has it. Once the floor has reached it, the method is to be deleted. */
  readonly until?: Version;
  /** An earlier name, or several: `{ until: '3.8', name: 'failover_host' }` for a method renamed in 3.8. */
  readonly was?: MethodRename | readonly MethodRename[];
  /** The message class of its arguments. */
  readonly takes?: Class<object>;
  /** An object class or a `t` type. Without it the method answers nothing, and may be cast and fanned out. */
  readonly returns?: Class<object> | AnyFieldType;
  /** Running it twice does no more than running it once: it may run again after a crash. Default false. */
  readonly idempotent?: boolean;
  /** It writes nothing that an older server could stumble over: it may be sent to those that have it while the pin is lower. Default false. */
  readonly early?: boolean;
  /** That the method is to be removed: since when, what to use instead, and in which version. */
  readonly deprecated?: Deprecation;
  /** How long a call may take when the caller does not say, in ms. Default: the client's. */
  readonly timeout?: number;
}
