import type { Account } from './accounts.js';
import { type Finding, grouped } from './finding.js';

/** Every message was sent once and ended once for its sender, and none failed. */
export function checkSending(accounts: readonly Account[], leastCalls: number): Finding {
  const violations: string[] = [];
  const ended = { call: 0, cast: 0, fanout: 0, refused: 0 };
  for (const { id, sent, outcomes, runs } of accounts) {
    const [first] = sent;
    if (first === undefined) {
      const writers = [...new Set(runs.map(({ by }) => by.process))].join(', ') || 'a client';
      violations.push(`${id === '' ? 'a message without an id' : id}: nobody sent it, and ${writers} wrote of it`);
      continue;
    }
    const { form, method } = first.entry;
    const name = `${id} (${form} of ${method} by ${first.by.process})`;
    if (sent.length > 1) violations.push(`${name}: sent ${sent.length} times`);
    if (outcomes.length !== 1) violations.push(`${name}: ended ${outcomes.length} times for its sender`);
    for (const outcome of outcomes) {
      const due = form === 'call' ? 'answered' : 'confirmed';
      if (outcome.kind === 'failed') violations.push(`${name}: failed: ${outcome.text}`);
      else if (outcome.kind !== 'refused' && outcome.kind !== due) violations.push(`${name}: was ${outcome.kind}, which a ${form} is not`);
      if (outcome.method !== method) violations.push(`${name}: ended as ${outcome.method}`);
      if (outcome.kind === 'refused') ended.refused += 1;
      else ended[form] += 1;
    }
  }
  if (ended.call < leastCalls) violations.push(`${ended.call} calls were answered; there should be at least ${leastCalls}`);
  return {
    text: `${grouped(accounts.length)} ids, each sent once and ended exactly once for its sender: ${grouped(ended.call)} calls answered, ${grouped(ended.cast)} casts and ${grouped(ended.fanout)} fanouts taken by the broker, ${grouped(ended.refused)} refused, none failed`,
    violations,
  };
}
