import { isDeepStrictEqual } from 'node:util';
import type { Handling, Sent, Window } from '../journal/index.js';
import type { Evidence, Finding } from './evidence.js';
import { of } from './select.js';

/** A message on its way from one release to another. */
export interface Passage {
  readonly method: string;
  /** The arguments as the sender wrote them. */
  readonly body: unknown;
  readonly sender: Window;
  /** The version of the payload on the wire. */
  readonly version: string;
  readonly receiver: Window;
}

export interface LossOptions {
  /** What a handler must get, stated by hand for this contract; `undefined` when nothing is claimed. */
  readonly expected: (passage: Passage) => unknown;
}

/** 2: what a handler gets is what its sender wrote, less exactly what is declared to be lost on the way. */
export function checkLoss({ journals }: Evidence, { expected }: LossOptions): Finding {
  const senders = new Map(
    journals.flatMap(({ window, entries }) => of<Sent>(entries, 'sent').map((sent) => [sent.reference, { sent, window }] as const)),
  );
  const violations: string[] = [];
  let observed = 0;
  for (const { process, window, entries } of journals) {
    for (const { reference, method, version, body } of of<Handling>(entries, 'handling')) {
      const origin = senders.get(reference);
      if (origin === undefined) continue;
      const wanted = expected({ method, body: origin.sent.body, sender: origin.window, version, receiver: window });
      if (wanted === undefined) continue;
      observed += 1;
      if (!isDeepStrictEqual(body, wanted))
        violations.push(
          `${process} got ${reference} (${method} at ${version}) as ${JSON.stringify(body)}, not as ${JSON.stringify(wanted)}`,
        );
    }
  }
  return { invariant: '2 loss', observed, violations };
}
