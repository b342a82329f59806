import { LynchpinError } from '../errors/index.js';

/** The broker was closed by its owner. */
export function closedError(address: string): LynchpinError {
  return new LynchpinError('CLOSED', `the connection to ${address} was closed`, { address });
}

/** The connection, or the channel that the work hung on, is gone. */
export function lostError(address: string, what: string, cause?: unknown): LynchpinError {
  return new LynchpinError('CONNECTION', `${what} at ${address}`, { address }, cause === undefined ? {} : { cause });
}

/** Another consumer holds the queue, or this one asked for it alone while others are there. */
export function inUseError(address: string, queue: string): LynchpinError {
  return new LynchpinError(
    'NAME_IN_USE',
    `the queue ${queue} at ${address} has a consumer that does not share it: another live process has this name`,
    { address, queue },
  );
}

/** There is a queue of the log's name that is none. */
export function notALogError(address: string, name: string): LynchpinError {
  return new LynchpinError(
    'PROTOCOL',
    `the queue ${name} at ${address} is not a log: delete it, so that it can be created as a stream, or use another namespace`,
    { address, name },
  );
}

/** The entry that a reader was to begin behind is not in the log. */
export function otherLogError(address: string, name: string, offset: number): LynchpinError {
  return new LynchpinError(
    'PROTOCOL',
    `the log ${name} at ${address} no longer has the entry that was read at ${offset}: it was deleted and created anew, or a policy drops old entries`,
    { address, name, offset },
  );
}

/** The account may not do this. */
export function forbiddenError(address: string, what: string): LynchpinError {
  return new LynchpinError('FORBIDDEN', `the account at ${address} may not ${what}: grant it that right, or use another account`, {
    address,
  });
}
