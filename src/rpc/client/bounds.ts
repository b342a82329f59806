import { LynchpinError } from '../../errors/index.js';
import type { CallContext } from '../context.js';
import type { MethodRecord } from '../contract/index.js';
import { HEADERS } from '../wire/index.js';
import type { CallOptions } from './options.js';

/** How long a call may take and be silent. */
export interface Bounds {
  /** On the scale of `performance.now()`; Infinity when only silence is bounded. */
  readonly deadline: number;
  /** In ms; undefined when only the length is bounded. */
  readonly silence: number | undefined;
}

const LEAST_SILENCE = 1_000;
const MOST = 2 ** 31 - 1;

/**
 * Puts together what bounds a call: its own options, its method's, its client's, and the deadline of the request being
 * served here, which nothing outlives.
 * @throws LynchpinError `INVALID` for bounds that are none.
 */
export function boundsOf(
  options: CallOptions,
  method: MethodRecord,
  fallback: number,
  parent: CallContext | undefined,
  now: number,
): Bounds {
  const { silence } = options;
  if (silence !== undefined && !(silence >= LEAST_SILENCE && silence <= MOST)) {
    throw new LynchpinError(
      'INVALID',
      `silence must be ${LEAST_SILENCE} to ${MOST} ms, got ${silence}: a server gives a sign of life every few seconds`,
      { silence },
    );
  }
  const timeout = options.timeout ?? (silence === undefined ? (method.timeout ?? fallback) : Infinity);
  if (!(timeout > 0) || (timeout > MOST && timeout !== Infinity)) {
    throw new LynchpinError('INVALID', `timeout must be above 0 and at most ${MOST} ms, got ${timeout}`, { timeout });
  }
  const deadline = Math.min(now + timeout, parent?.deadline ?? Infinity);
  if (deadline === Infinity && silence === undefined) {
    throw new LynchpinError('INVALID', 'a call without a timeout needs a bound on silence: set silence, for example to 15000', { timeout });
  }
  return { deadline, silence };
}

/** The life that a message has left, as AMQP wants it: whole ms, at least 1. */
export function expirationOf(ms: number): number {
  return Math.max(1, Math.ceil(ms));
}

/**
 * The headers of a call whose caller may bear silence for less long than it bears to wait: how long that is, and how long it
 * waits in all, for then its expiration says only for how long it may stand on a queue.
 */
export function boundHeaders(
  { deadline, silence }: Bounds,
  now: number,
  headers: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (silence === undefined || deadline - now <= silence) return headers;
  const timeout = deadline === Infinity ? {} : { [HEADERS.timeout]: expirationOf(deadline - now) };
  return { ...headers, [HEADERS.silence]: expirationOf(silence), ...timeout };
}
