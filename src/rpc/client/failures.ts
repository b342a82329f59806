import { LynchpinError } from '../../errors/index.js';
import type { Version } from '../../versions/index.js';

/** What the error of a call says of it. */
export interface Subject {
  /** Contract and method, as people know them: `VolumeApi.create`. */
  readonly name: string;
  readonly method: string;
  readonly topic: string;
  readonly id: string;
  /** The server that it is addressed to; undefined for any. */
  readonly server: string | undefined;
}

/** Nobody is there who would take it. */
export function noServer({ topic, server, method }: Subject, version: Version, pin: Version): LynchpinError {
  const nobody =
    server === undefined ? `no live server of topic ${topic} reads ${version}` : `server ${server} of topic ${topic} is not there`;
  return new LynchpinError('NO_SERVER', nobody, { topic, version, server, method, pin });
}

/** There is no queue for a server of that name. */
export function noSuchServer(topic: string, server: string): LynchpinError {
  return new LynchpinError('NO_SUCH_SERVER', `topic ${topic} has never had a server ${JSON.stringify(server)}`, { server, topic });
}

/** The way back for its answer is gone. */
export function connectionLost({ name, method, id }: Subject, cause: Error): LynchpinError {
  const details = { method, id };
  return new LynchpinError('CONNECTION', `the connection broke while ${name} was under way; it may have been executed`, details, { cause });
}

/** The caller's patience has ended; `sent` is false where it did not reach the broker. */
export function outOfTime(
  { name, method, id }: Subject,
  facts: { readonly version: Version | undefined; readonly silence: number | undefined; readonly sent: boolean; readonly silent: boolean },
): LynchpinError {
  const { version, silence, sent, silent } = facts;
  const details = { method, id, version, silence, sent };
  if (!sent) return new LynchpinError('CONNECTION', `${name} could not be sent before its deadline: the broker was out of reach`, details);
  const what = silent ? `no server gave a sign of life about ${name} for ${silence} ms` : `${name} was not answered before its deadline`;
  return new LynchpinError('TIMEOUT', what, details);
}

/** The request that it is part of serving had no time left. */
export function tooLate({ name, method, id }: Subject): LynchpinError {
  const details = { method, id, sent: false };
  return new LynchpinError('TIMEOUT', `${name} was not sent: the deadline of the request that it is part of has passed`, details);
}

/** The caller gave up, or whoever called the handler that makes the call. */
export function gaveUp({ name, method, id }: Subject, cause: unknown): LynchpinError {
  return new LynchpinError('CANCELLED', `the caller of ${name} gave up`, { method, id }, { cause });
}

/** A server that could read it had it in hand, and did not live to answer. */
export function maybeExecuted({ name, method, id }: Subject, server: string | undefined): LynchpinError {
  return new LynchpinError(
    'MAYBE_EXECUTED',
    `${name} may have been executed already, before server ${server} was replaced by an older build. It is not declared idempotent, so it is not sent again.`,
    { method, id, server },
  );
}

/** Servers go on handing it back, or one that does not say its name. */
export function handedBackTooOften({ name }: Subject, times: number, server: string | undefined): LynchpinError {
  return new LynchpinError('PROTOCOL', `${name} was handed back ${times} times as unreadable`, { server });
}

/** What came is no answer. */
export function noAnswer({ name }: Subject, type: string | undefined, from: string | undefined): LynchpinError {
  return new LynchpinError('PROTOCOL', `the answer of ${from ?? 'a server'} to ${name} has the unknown type ${JSON.stringify(type)}`);
}

/** The answer is written in a version that this client does not read. */
export function foreignAnswer({ name }: Subject, version: Version, line: string): LynchpinError {
  return new LynchpinError('PROTOCOL', `the answer to ${name} is written in ${version}; this client reads ${line}`, { version });
}
