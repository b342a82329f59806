import type { Failed } from '../journal/index.js';
import type { WireMessage } from '../proxy/index.js';
import type { Evidence, Finding } from './evidence.js';
import { of } from './select.js';
import { inWindow, requestOf } from './version.js';

export interface AcceptanceOptions {
  /** References of messages that were made to be refused. */
  readonly malformed?: ReadonlySet<string>;
}

/** Codes that say "I cannot read this". */
const UNREAD: ReadonlySet<unknown> = new Set(['INVALID', 'PROTOCOL', 'CONVERSION', 'UNKNOWN_METHOD', 'TOO_OLD', 'TOO_NEW']);

/**
 * 3: a receiver accepts everything that its build can read, whatever its pin: no server refuses, hands back or buries a
 * request of a version in its window, and no client fails to read its answer.
 */
export function checkAcceptance({ journals, wires }: Evidence, { malformed = new Set() }: AcceptanceOptions = {}): Finding {
  const windows = new Map(journals.map(({ process, window }) => [process, window]));
  const violations: string[] = [];
  let observed = 0;
  for (const wire of wires) {
    const window = windows.get(wire.process);
    if (window === undefined) continue;
    // Each delivery that the build cannot read allows one refusal of its id; the same message may come again, readable.
    const known = new Map<string, { readonly name: string; unreadable: number }>();
    for (const entry of wire.entries) {
      if (entry.kind === 'delivered') {
        const { message } = entry;
        const request = requestOf(message);
        if (request === undefined || message.id === undefined || malformed.has(message.reference ?? '')) continue;
        const seen = known.get(message.id) ?? { name: `${message.reference ?? message.id} (${message.type})`, unreadable: 0 };
        if (inWindow(window, request.version)) observed += 1;
        else seen.unreadable += 1;
        known.set(message.id, seen);
      } else if (entry.kind === 'published') {
        const refusal = refusalOf(entry.message);
        const refused = refusal === undefined ? undefined : known.get(entry.message.correlation ?? entry.message.id ?? '');
        if (refused === undefined) continue;
        if (refused.unreadable === 0)
          violations.push(`${wire.process} reads ${window.floor} to ${window.version} and refused ${refused.name}: ${refusal}`);
        else refused.unreadable -= 1;
      }
    }
  }
  for (const { process, entries } of journals) {
    for (const { reference, code, text } of of<Failed>(entries, 'failed'))
      if (UNREAD.has(code) && !malformed.has(reference)) violations.push(`${process} sent ${reference}, and it failed: ${text}`);
  }
  return { invariant: '3 acceptance', observed, violations };
}

/** Why a message says that another one was not read; `undefined` when it does not say so. */
function refusalOf(message: WireMessage): string | undefined {
  const reason = message.headers?.['lynchpin-reason'];
  if (UNREAD.has(reason)) return `buried it (${String(reason)})`;
  if (message.correlation === undefined) return undefined;
  if (message.type?.startsWith('unreadable@')) return `handed it back (${message.type})`;
  if (message.type !== 'error' || message.body === undefined) return undefined;
  const code = /"code":"([A-Z_]+)"/.exec(message.body)?.[1];
  return UNREAD.has(code) ? `answered ${code}` : undefined;
}
