import type { Answered, Confirmed, Failed, Handled, Handling, Journal, Sent } from '../journal/index.js';
import { copiesPublished } from './copies.js';
import type { Evidence, Finding, StandingMessage } from './evidence.js';
import { type Holding, holdingsOf } from './holdings.js';
import { groupBy, of } from './select.js';

/** Codes that promise that no handler ran. */
const NEVER_RAN: ReadonlySet<string> = new Set([
  'PINNED',
  'NO_SUCH_SERVER',
  'INVALID',
  'UNKNOWN_METHOD',
  'TOO_OLD',
  'TOO_NEW',
  'SPLIT',
  'DRAINING',
]);

/** An acknowledgement may not have reached the broker when the connection breaks within so many ms after it. */
const IN_FLIGHT = 2_000;

export interface OutcomeOptions {
  /** Methods that may run again after they may have run. */
  readonly idempotent?: ReadonlySet<string>;
}

interface Run {
  readonly process: string;
  readonly start: Handling;
  readonly end: Handled | undefined;
}

/**
 * 6: every message whose publish was confirmed is handled, or stands on a named queue, or its caller got a typed error:
 * exactly one of the three. And nothing ran twice that must not.
 */
export function checkOutcomes(evidence: Evidence, { idempotent = new Set() }: OutcomeOptions = {}): Finding {
  const facts = factsOf(evidence);
  const violations: string[] = [];
  let observed = 0;
  for (const journal of evidence.journals) {
    const outcomes = groupBy(
      of<Confirmed | Answered | Failed>(journal.entries, 'confirmed', 'answered', 'failed'),
      ({ reference }) => reference,
    );
    const complete = journal.entries.some(({ kind }) => kind === 'stopped');
    for (const sent of of<Sent>(journal.entries, 'sent')) {
      observed += 1;
      const report = (text: string): void =>
        void violations.push(`${sent.reference} (${sent.form} of ${sent.method} by ${journal.process}) ${text}`);
      const own = outcomes.get(sent.reference) ?? [];
      if (own.length === 0 && complete) report('never got an outcome');
      if (own.length > 1) report(`got ${own.length} outcomes: ${own.map(({ kind }) => kind).join(', ')}`);
      const outcome = own[0];
      if (outcome?.kind === 'failed' && outcome.code === undefined) report(`failed without a code: ${outcome.text}`);
      if (sent.form === 'fanout') continue;
      judge(sent, outcome, facts, idempotent.has(sent.method), report);
      const runs = facts.runs.get(sent.reference) ?? [];
      if (runs.length > copiesOf(sent, facts) && !idempotent.has(sent.method))
        report(`ran ${runs.length} times, on ${runs.map(({ process }) => process).join(', ')}`);
    }
  }
  return { invariant: '6 outcomes', observed, violations };
}

interface Facts {
  readonly runs: ReadonlyMap<string, readonly Run[]>;
  readonly acknowledged: ReadonlyMap<string, readonly Holding[]>;
  readonly standing: ReadonlyMap<string, readonly { readonly queue: string; readonly message: StandingMessage }[]>;
  readonly copies: ReadonlyMap<string, number>;
}

function factsOf({ journals, wires, queues }: Evidence): Facts {
  const acknowledged = holdingsOf(wires).filter(({ ending }) => ending === 'acked');
  const standing = queues.flatMap(({ queue, messages }) => messages.map((message) => ({ queue, message })));
  return {
    runs: groupBy(journals.flatMap(runsOf), ({ start }) => start.reference),
    acknowledged: groupBy(acknowledged, ({ delivery }) => delivery.message.reference),
    standing: groupBy(standing, ({ message }) => message.reference),
    copies: copiesPublished(wires),
  };
}

/** How many copies of a message there may rightly be. A call is never published again while it may run. */
function copiesOf({ form, reference }: Sent, { copies }: Facts): number {
  return form === 'call' ? 1 : (copies.get(reference) ?? 1);
}

function runsOf({ process, entries }: Journal): Run[] {
  const ends = groupBy(of<Handled>(entries, 'handled'), ({ reference }) => reference);
  return of<Handling>(entries, 'handling').map((start) => ({ process, start, end: ends.get(start.reference)?.shift() }));
}

function judge(
  sent: Sent,
  outcome: Confirmed | Answered | Failed | undefined,
  facts: Facts,
  mayRunAgain: boolean,
  report: (text: string) => void,
): void {
  const started = facts.runs.get(sent.reference) ?? [];
  const stands = facts.standing.get(sent.reference) ?? [];
  // Begun and ended while its process held it, and then acknowledged: the broker has let go of it because it was done.
  const done = started.flatMap(({ process, start, end }) => {
    const ended = end?.at ?? Infinity;
    const held = facts.acknowledged
      .get(sent.reference)
      ?.find((holding) => process === holding.process && holding.delivery.at <= start.at && ended <= holding.until);
    return held === undefined ? [] : [held];
  });
  switch (outcome?.kind) {
    case 'confirmed': {
      const begun = started.length === 0 ? 'nobody handled it' : 'it was begun, but not finished and acknowledged';
      if (done.length === 0 && stands.length === 0) report(`was confirmed and is gone: ${begun}, and it stands nowhere`);
      const extra = stands.filter((copy) => !mayStandAgain(copy, done));
      const counted = mayRunAgain ? done.slice(0, 1) : done;
      if (counted.length + extra.length > copiesOf(sent, facts)) {
        const places = [...counted.map(({ process }) => `done by ${process}`), ...extra.map(({ queue }) => `on ${queue}`)];
        report(`is there more than once: ${places.join(', ')}`);
      }
      break;
    }
    case 'answered':
      if (!started.some(({ end }) => end?.outcome === 'returned')) report('was answered, and no handler had returned');
      for (const { queue } of stands) report(`was answered and stands on ${queue}`);
      break;
    case 'failed':
      if (outcome.code !== undefined && NEVER_RAN.has(outcome.code) && started.length > 0)
        report(`failed with ${outcome.code}, and ran on ${started.map(({ process }) => process).join(', ')}`);
      break;
  }
}

/** Whether it can be in the dead letters rightly: its acknowledgement may have been lost with the connection, so it may have run. */
function mayStandAgain({ message }: { readonly message: StandingMessage }, done: readonly Holding[]): boolean {
  return message.headers['lynchpin-reason'] === 'MAYBE_EXECUTED' && done.some(({ until, brokenAt }) => brokenAt - until < IN_FLIGHT);
}
