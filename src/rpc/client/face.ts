import type { Input } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import type { MethodsOf, ResultOf } from '../contract/index.js';
import type { Pin } from '../pin-source.js';
import type { CallOptions, CastOptions } from './options.js';

/** What a caller writes before the options: nothing, or a request that may be left out when all of it may. */
type RequestOf<Function> = Function extends (...parameters: infer Parameters) => unknown
  ? Parameters extends [infer Request]
    ? {} extends Input<Request>
      ? [request?: Input<Request>]
      : [request: Input<Request>]
    : []
  : never;

type WithOptions<Request extends readonly unknown[], Options> = Request extends []
  ? [request?: undefined, options?: Options]
  : [...Request, options?: Options];
type IsSilent<Function> = [ResultOf<Function>] extends [void] ? true : false;

/** Every method: sends, waits, answers. */
export type CallSide<Api> = {
  readonly [Key in keyof MethodsOf<Api>]: (...parameters: WithOptions<RequestOf<Api[Key]>, CallOptions>) => Promise<ResultOf<Api[Key]>>;
};

/** The methods that answer nothing: sends, and resolves when the broker has taken responsibility. */
export type CastSide<Api> = {
  readonly [Key in keyof MethodsOf<Api> as IsSilent<Api[Key]> extends true ? Key : never]: (
    ...parameters: WithOptions<RequestOf<Api[Key]>, CastOptions>
  ) => Promise<void>;
};

/** A client that addresses one server by name. */
export interface OneServer<Api> {
  /** That server does it and answers. */
  readonly call: CallSide<Api>;
  /** That server does it; what is cast while it restarts waits for it. */
  readonly cast: CastSide<Api>;
}

/** A client of one contract. */
export interface RpcClient<Api> {
  /** One server does it and answers. */
  readonly call: CallSide<Api>;
  /** One server does it; the promise resolves when the broker holds the message safely. */
  readonly cast: CastSide<Api>;
  /** Every server does it. */
  readonly fanout: CastSide<Api>;
  /** The server of this name, and no other. What is sent while it restarts waits for it. */
  at(server: string): OneServer<Api>;
  /** The version that is sent now, its state, and who holds it. */
  readonly pin: Pin;
  /** Whether what the version brought may be sent now. */
  canSend(version: Version): boolean;
  /** Called whenever the pin changes; answers a function that stops it. */
  watchPin(listener: (now: Pin, before: Pin) => void): () => void;
  /** Waits for what is under way (bounded by `timeout` ms, default 5,000), fails the rest with `CLOSED`, and stops. */
  close(options?: { readonly timeout?: number }): Promise<void>;
}
