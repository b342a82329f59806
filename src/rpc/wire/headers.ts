/**
 * The headers that Lynchpin writes, all of them off the hot path: a call and its answer carry none unless tracing is on
 * or the caller bounds silence.
 */
export const HEADERS = {
  /** On a copy: the queue that the original stood on. */
  from: 'lynchpin-from',
  /** On a copy: the original had been delivered before, so a handler may have run. */
  redelivered: 'lynchpin-redelivered',
  /** On a dead letter: the error code. */
  reason: 'lynchpin-reason',
  /** On a dead letter: the message of the error. */
  detail: 'lynchpin-detail',
  /** On a message handed back: its original `type`. */
  type: 'lynchpin-type',
  /** On a call whose caller bears silence for less long than it waits: how long, in ms. */
  silence: 'lynchpin-silence',
  /** Beside it, where the length is bounded too: how long the caller waits in all, in ms. */
  timeout: 'lynchpin-timeout',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
} as const;

/** A header's text; undefined when it is missing or of another type. */
export function textHeader(headers: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const value = headers?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** A header's whole positive number; undefined when it is missing or anything else. */
export function countHeader(headers: Readonly<Record<string, unknown>> | undefined, name: string): number | undefined {
  const value = headers?.[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
