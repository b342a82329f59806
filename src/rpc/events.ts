import { channel, tracingChannel, type Channel, type TracingChannel } from 'node:diagnostics_channel';
import type { ClientCall, ServerCall } from './interceptor.js';

/** A server's own news, on channel `lynchpin:server`. */
export type ServerEvent =
  | { readonly kind: 'joined' | 'left'; readonly topic: string; readonly server: string }
  | { readonly kind: 'lost' | 'refused'; readonly topic: string; readonly server: string; readonly cause: Error }
  | {
      readonly kind: 'failed';
      readonly topic: string;
      readonly server: string;
      readonly method: string;
      readonly id: string;
      readonly error: unknown;
    }
  | {
      readonly kind: 'dead-letter' | 'parked' | 'handed-back';
      readonly topic: string;
      readonly server: string;
      readonly id: string | undefined;
      readonly type: string | undefined;
      readonly reason: string;
    };

/**
 * The diagnostics channels of this room. `tracing:lynchpin:client:*` and `tracing:lynchpin:handler:*` stand around every
 * call and every handler; `lynchpin:server` tells a server's own news. Nothing is spent on them while nobody listens.
 */
export const EVENTS = {
  client: tracingChannel('lynchpin:client') as TracingChannel<unknown, ClientCall> & { readonly hasSubscribers: boolean },
  handler: tracingChannel('lynchpin:handler') as TracingChannel<unknown, ServerCall> & { readonly hasSubscribers: boolean },
  server: channel('lynchpin:server') as Channel<unknown, ServerEvent>,
};
