import { currentContext } from '../context.js';
import type { Post } from '../post.js';
import { HEADERS } from '../wire/index.js';

/** The `appId` of a request: the sender's name, and behind it, when the request is part of serving another, where the chain began. */
export function originOf(name: string): string {
  const origin = currentContext()?.origin;
  return origin === undefined || origin === name ? name : `${name};${origin}`;
}

/** Reads an `appId` as {@link originOf} writes it. */
export function readOrigin(appId: string | undefined): { readonly caller: string; readonly origin: string } {
  const [caller = '', origin = caller] = (appId ?? '').split(';');
  return { caller, origin };
}

/** The trace context that a request carries: what the caller hands in, else that of the request being served, else the bus's own. */
export function traceHeaders(given: string | undefined, post: Post): Record<string, string> | undefined {
  if (given !== undefined) return { [HEADERS.traceparent]: given };
  const context = currentContext();
  const traced = context?.traceparent === undefined ? post.trace() : { traceparent: context.traceparent, tracestate: context.tracestate };
  if (traced === undefined) return undefined;
  return {
    [HEADERS.traceparent]: traced.traceparent,
    ...(traced.tracestate === undefined ? {} : { [HEADERS.tracestate]: traced.tracestate }),
  };
}
