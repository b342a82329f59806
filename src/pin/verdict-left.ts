import { carriedHeaders, type Delivery, type TopicNames } from '../broker/index.js';
import { LynchpinError, type ErrorCode } from '../errors/index.js';
import { HEADERS, lifeOf, markOf, parseRequestType, propertiesOf, wasDelivered } from '../rpc/index.js';
import { compareVersions, type Version } from '../versions/index.js';
import { bury, type Convert, type Verdict } from './verdict.js';

/** What decides over a message on the own or the parked queue of one server. */
export interface LeftRules {
  readonly names: TopicNames;
  /** The server that the message was sent to. Nobody else may run it. */
  readonly server: string;
  /** The queue that it stood on. */
  readonly queue: string;
  /** The versions that the server reads, oldest first; undefined when it is gone for good. */
  readonly reads: readonly Version[] | undefined;
  /** Whether whoever decides knows the version: what it does not know it leaves where it is. */
  readonly knows: (version: Version) => boolean;
  readonly convert: Convert;
}

/**
 * Decides what becomes of a message that one server was to have: written in a version that it reads it goes back to its own
 * queue; where there is none, or no such server any more, a cast goes to the dead letters and a call gets its error. Pure but for
 * `convert`.
 */
export function judgeLeft(message: Delivery, { names, server, queue, reads, knows, convert }: LeftRules): Verdict {
  const headers = { ...carriedHeaders(message.headers), ...markOf(wasDelivered(message)) };
  const grave = { names, queue, details: { server }, headers };
  const gone = (code: ErrorCode, reason: string): Verdict => bury(message, grave, { code, reason });
  if (reads === undefined) return gone('NO_SUCH_SERVER', `it was sent to ${server}, which is gone from ${names.topic}`);
  const from = parseRequestType(message.type)?.version;
  if (from === undefined) return gone('PROTOCOL', `it has the type ${JSON.stringify(message.type)}, which is no request`);
  const same = { ...propertiesOf(message), body: message.body, expiration: lifeOf(message), exchange: '' };
  const copy = { ...same, routingKey: names.server(server), headers: { ...headers, [HEADERS.from]: queue } };
  if (reads.includes(from)) return { kind: 'moved', copy };
  if (!knows(from)) return { kind: 'kept', copy: { ...same, routingKey: queue, headers } };
  let why: { readonly code: ErrorCode; readonly reason: string } | undefined;
  // The newest that fits: what was written for a newer version loses the least there.
  for (const to of [...reads].sort(compareVersions).reverse()) {
    try {
      const converted = convert({ from, type: message.type, body: message.body }, to);
      if ('type' in converted) return { kind: 'moved', copy: { ...copy, type: converted.type, body: converted.body } };
      why ??= converted;
    } catch (error) {
      why ??= LynchpinError.is(error)
        ? { code: error.code, reason: error.message }
        : { code: 'CONVERSION', reason: `the message could not be converted from ${from} to ${to}` };
    }
  }
  return gone(why?.code ?? 'CONVERSION', why?.reason ?? `${server} reads no version`);
}
