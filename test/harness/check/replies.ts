import type { Answered, Confirmed, Failed, Handling, Sent } from '../journal/index.js';
import type { Published } from '../proxy/index.js';
import type { Evidence, Finding, Performed } from './evidence.js';
import { groupBy, of } from './select.js';
import { compareVersions, requestOf, resultVersion } from './version.js';

export interface ReplyOptions {
  /** How much later than its deadline a caller may have its outcome, in ms. Default 500. */
  readonly slack?: number;
}

/** Codes by which a caller has given up: nothing may start to run for it afterwards. */
const GIVEN_UP: ReadonlySet<string> = new Set(['TIMEOUT', 'CANCELLED', 'NO_SERVER']);

/** 8: a reply never exceeds what the request accepts, no caller waits past its deadline, and nothing starts to run after its caller gave up. */
export function checkReplies(evidence: Evidence, { slack = 500 }: ReplyOptions = {}): Finding {
  const published = evidence.wires.flatMap(({ process, entries }) =>
    of<Published>(entries, 'published').map(({ message }) => ({ process, message })),
  );
  const requests = new Map(
    published.flatMap(({ message }) => (message.id === undefined ? [] : [[message.id, requestOf(message)] as const])),
  );
  const violations: string[] = [];
  let observed = 0;
  for (const { process, message } of published) {
    const version = resultVersion(message);
    const request = requests.get(message.correlation ?? '');
    if (version === undefined || request === undefined) continue;
    observed += 1;
    if (compareVersions(version, request.accept) > 0)
      violations.push(
        `${process} answered ${message.correlation} (${request.method}) at ${version}; its sender reads up to ${request.accept}`,
      );
  }
  violations.push(...overdue(evidence, slack), ...lateRuns(evidence, slack));
  return { invariant: '8 replies', observed, violations };
}

function overdue({ journals, actions }: Evidence, slack: number): string[] {
  return journals.flatMap(({ process, name, entries }) => {
    const ends = new Map(
      of<Answered | Confirmed | Failed>(entries, 'answered', 'confirmed', 'failed').map((entry) => [entry.reference, entry.at]),
    );
    return of<Sent>(entries, 'sent').flatMap(({ reference, method, deadline, at }) => {
      const end = ends.get(reference);
      if (deadline === undefined || end === undefined) return [];
      const late = end - deadline - stoodStill(actions, name, at, end);
      return late > slack ? [`${process} waited ${Math.round(late)} ms longer than it had said for ${reference} (${method})`] : [];
    });
  });
}

/** How long a process was frozen between two moments: it could not have noticed anything. */
function stoodStill(actions: readonly Performed[], name: string, from: number, until: number): number {
  let since: number | undefined;
  let sum = 0;
  for (const { at, action } of actions) {
    if (!('name' in action) || action.name !== name) continue;
    if (action.do === 'freeze') since ??= at;
    if (action.do !== 'thaw' || since === undefined) continue;
    sum += Math.max(0, Math.min(at, until) - Math.max(since, from));
    since = undefined;
  }
  return sum;
}

function lateRuns({ journals }: Evidence, slack: number): string[] {
  const runs = groupBy(
    journals.flatMap(({ process, entries }) => of<Handling>(entries, 'handling').map((entry) => ({ process, entry }))),
    ({ entry }) => entry.reference,
  );
  const calls = new Set(
    journals.flatMap(({ entries }) =>
      of<Sent>(entries, 'sent')
        .filter(({ form }) => form === 'call')
        .map(({ reference }) => reference),
    ),
  );
  return journals.flatMap(({ entries }) =>
    of<Failed>(entries, 'failed')
      .filter(({ reference, code }) => calls.has(reference) && code !== undefined && GIVEN_UP.has(code))
      .flatMap(({ reference, at, code }) =>
        (runs.get(reference) ?? [])
          .filter((run) => run.entry.at > at + slack)
          .map(
            (run) =>
              `${reference} began to run on ${run.process} ${Math.round(run.entry.at - at)} ms after its caller had given up (${code})`,
          ),
      ),
  );
}
