/** The trace that all requests of a run belong to. */
const TRACE = '6c796e636870696e736b65776c796e63';

/** A mark for the n-th request: 16 hexadecimal digits. */
export function markAt(number: number): string {
  return number.toString(16).padStart(16, '0');
}

/** The trace context by which a request carries its mark, past any broker and any conversion. */
export function traceOf(mark: string): string {
  return `00-${TRACE}-${mark}-01`;
}

/** The mark that a request carries; empty where it has none. */
export function markOf(traceparent: string | undefined): string {
  return traceparent?.split('-')[2] ?? '';
}

/** Which sample a handler answers to the request of a mark. */
export function sampleNumberOf(mark: string): number {
  return Number.parseInt(mark, 16) || 0;
}
