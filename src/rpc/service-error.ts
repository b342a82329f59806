/**
 * The base of the errors that a service declares. One that is named in the contract's `errors` crosses the wire with
 * its name, message and data, never with its stack, and is an instance of the same class on the caller's side.
 *
 * @example
 * class VolumeBusy extends ServiceError<{ id: string }> {}
 * // in the contract: @RpcApi({ ..., errors: [VolumeBusy] })
 * // in the handler:  throw new VolumeBusy('the volume is attached', { id });
 * // at the caller:   catch (error) { if (error instanceof VolumeBusy) retryLater(error.data.id); }
 */
export class ServiceError<Data = unknown> extends Error {
  /** Facts for the caller. Plain JSON: it crosses the wire as it is. */
  readonly data: Data;

  constructor(message: string, ...[data]: undefined extends Data ? [data?: Data] : [data: Data]) {
    super(message);
    this.name = new.target.name;
    this.data = data as Data;
  }
}

/** A class of declared errors, as `errors` of a contract lists it. */
// The data of each error is its own business; only `never` lets every one of them in.
export type ServiceErrorClass = new (message: string, data: never) => ServiceError<unknown>;

/** An error that a newer server declares and this build's contract does not know: its name, message and data as they came. */
export class UnknownServiceError extends ServiceError<unknown> {
  constructor(name: string, message: string, data: unknown) {
    super(message, data);
    this.name = name;
  }
}
