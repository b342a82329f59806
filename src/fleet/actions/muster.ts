import type { LedgerState, Member } from '../../pin/index.js';
import type { InstanceReport, ServerReport } from '../../rpc/index.js';
import type { FleetParts } from '../parts.js';
import { callRoll } from '../roll-call.js';

/** Who is there of a topic, as far as can be known. */
export interface Muster {
  /** What the ledger comes to; its lists are empty where the broker has none. */
  readonly state: LedgerState;
  /** Every process that answered. */
  readonly reports: readonly InstanceReport[];
  /** Servers of the topic in those, except those that have left. */
  readonly servers: readonly ServerReport[];
  /** Members that are connected and did not answer: they may be frozen. */
  readonly silent: readonly Member[];
  /** Members of whom nobody can tell whether they are connected: a node is down, or the account may not ask. */
  readonly unknown: readonly Member[];
  /** Members that are not connected now. They may come back. */
  readonly down: readonly Member[];
}

/** Calls the roll and holds it against the ledger. @throws LynchpinError `CONNECTION`, `FORBIDDEN`, `CLOSED`; the signal's reason. */
export async function muster({ broker, names, ledger: ledgerOf }: FleetParts, topic: string, signal: AbortSignal): Promise<Muster> {
  const ledger = ledgerOf(topic);
  const before = await ledger.look(signal);
  const { reports } = await callRoll(broker, names, {
    complete: (answered) => {
      const there = new Set(answered.map(({ instance }) => instance));
      return before.members.length > 0 && before.members.every(({ instance }) => there.has(processOf(instance)));
    },
  });
  const there = new Set(reports.map(({ instance }) => instance));
  const quiet = ledger.state.members.filter(({ instance }) => !there.has(processOf(instance)));
  const counts = await Promise.all(quiet.map(({ queue }) => broker.count(queue)));
  const are = (test: (reason: string) => boolean): readonly Member[] =>
    quiet.filter((_, at) => {
      const count = counts[at];
      return count !== undefined && test(count.known ? 'taken' : count.reason);
    });
  return {
    state: ledger.state,
    reports,
    servers: reports
      .flatMap(({ servers }) => servers)
      .filter((one) => one.topic === topic && one.state !== 'left' && one.state !== 'refused'),
    silent: are((reason) => reason === 'taken'),
    unknown: are((reason) => reason !== 'taken' && reason !== 'missing'),
    down: are((reason) => reason === 'missing'),
  };
}

/** The process that a participant belongs to, as the roll call knows it. */
export function processOf(instance: string): string {
  const at = instance.lastIndexOf('/');
  return at < 0 ? instance : instance.slice(0, at);
}
