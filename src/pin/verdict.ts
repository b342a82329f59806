import { carriedHeaders, type Delivery, type Outgoing, type TopicNames } from '../broker/index.js';
import { LynchpinError, type ErrorCode } from '../errors/index.js';
import { encodeError, HEADERS, isCall, JSON_TYPE, lifeOf, markOf, propertiesOf, wasDelivered } from '../rpc/index.js';
import type { Version } from '../versions/index.js';

/** A message on a lane that nobody reads. */
export interface Stranded {
  /** The version of the lane that it stood on. */
  readonly from: Version;
  readonly type: string | undefined;
  readonly body: Buffer;
}

/** A message as another version has it, or why no version of it exists there. */
export type Converted = { readonly type: string; readonly body: Uint8Array } | { readonly code: ErrorCode; readonly reason: string };

/** Converts a message to another version. What it throws counts as the reason why it cannot. */
export type Convert = (message: Stranded, to: Version) => Converted;

/** What becomes of a fetched message: a copy goes somewhere, and then the original is acknowledged. */
export interface Verdict {
  /**
   * - `moved`: to the lane that is read.
   * - `kept`: back to the end of its own lane, because a server that reads it may yet return.
   * - `dead`: a cast that fits no version that is read goes to the dead letters, with its reason.
   * - `refused`: such a call is answered with its error.
   */
  readonly kind: 'moved' | 'kept' | 'dead' | 'refused';
  readonly copy: Outgoing;
}

/** What a verdict depends on besides the message. */
export interface VerdictRules {
  readonly names: TopicNames;
  readonly from: Version;
  readonly to: Version;
  readonly convert: Convert;
  /** Whether the readers of the lane have been gone for so long that nobody waits for them any more. */
  readonly forGood: boolean;
  /** How long a call's copy lives at most, in ms: what is left of the original's life is unknown. */
  readonly callLife: number;
}

/** Longer explanations are cut: they travel in a header. */
const LONGEST_DETAIL = 500;

/** Decides what becomes of one message that was fetched from a stranded lane. Pure but for `convert`. */
export function judge(message: Delivery, rules: VerdictRules): Verdict {
  const { names, from, to } = rules;
  const converted = attempt(message, rules);
  const call = isCall(message);
  const headers = { ...carriedHeaders(message.headers), ...markOf(wasDelivered(message)) };
  const own = lifeOf(message);
  const life = call ? Math.min(own ?? rules.callLife, rules.callLife) : own;
  const copy = { ...propertiesOf(message), body: message.body, expiration: life };
  if ('type' in converted) {
    return {
      kind: 'moved',
      copy: {
        ...copy,
        exchange: names.exchange,
        routingKey: to,
        type: converted.type,
        body: converted.body,
        headers: { ...headers, [HEADERS.from]: names.lane(from) },
      },
    };
  }
  if (!rules.forGood) return { kind: 'kept', copy: { ...copy, exchange: '', routingKey: names.lane(from), headers: hasAny(headers) } };
  return bury(message, { names, queue: names.lane(from), details: { from, to }, headers }, converted);
}

/** Where a message stood that no queue can take any more. */
export interface Grave {
  readonly names: TopicNames;
  /** The queue that it stood on. */
  readonly queue: string;
  /** What a caller is told besides its id. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A call gets its error; a cast becomes a dead letter: the message as it was, and why nobody may run it. */
export function bury(message: Delivery, { names, queue, details, headers }: Grave, why: Exclude<Converted, { type: string }>): Verdict {
  const { code, reason } = why;
  if (isCall(message)) {
    const body = encodeError(new LynchpinError(code, reason, { id: message.messageId, ...details }), new Map(), names.topic);
    return {
      kind: 'refused',
      copy: {
        exchange: '',
        routingKey: message.replyTo as string,
        type: 'error',
        correlationId: message.messageId,
        contentType: JSON_TYPE,
        persistent: false,
        body,
      },
    };
  }
  return {
    kind: 'dead',
    copy: {
      ...propertiesOf(message),
      body: message.body,
      exchange: '',
      routingKey: names.dead,
      persistent: true,
      expiration: undefined,
      headers: { ...headers, [HEADERS.from]: queue, [HEADERS.reason]: code, [HEADERS.detail]: reason.slice(0, LONGEST_DETAIL) },
    },
  };
}

function attempt(message: Delivery, { from, to, convert }: VerdictRules): Converted {
  try {
    return convert({ from, type: message.type, body: message.body }, to);
  } catch (error) {
    if (LynchpinError.is(error)) return { code: error.code, reason: error.message };
    return { code: 'CONVERSION', reason: `the message could not be converted from ${from} to ${to}` };
  }
}

function hasAny(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  return Object.keys(headers).length > 0 ? headers : undefined;
}
