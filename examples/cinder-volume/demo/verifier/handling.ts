import type { Account, Run } from './accounts.js';
import { type Finding, grouped } from './finding.js';

/** What was sent was done: calls and casts exactly once, fanouts once by each server; what was refused never. */
export function checkHandling(accounts: readonly Account[], servers: readonly string[]): Finding[] {
  const once: string[] = [];
  const every: string[] = [];
  const never: string[] = [];
  const counts = { once: 0, every: 0, never: 0, codes: new Map<string, number>() };
  for (const account of accounts) {
    const [first] = account.sent;
    const [outcome] = account.outcomes;
    if (first === undefined || outcome === undefined) continue;
    const name = `${account.id} (${first.entry.form} of ${first.entry.method} by ${first.by.process})`;
    if (outcome.kind === 'refused') {
      counts.never += 1;
      counts.codes.set(outcome.code, (counts.codes.get(outcome.code) ?? 0) + 1);
      if (account.runs.length > 0) never.push(`${name}: was refused, and ran on ${processes(account.runs)}`);
    } else if (first.entry.form === 'fanout') {
      counts.every += 1;
      every.push(...byEach(name, account.runs, servers));
    } else {
      counts.once += 1;
      if (account.runs.length !== 1)
        once.push(`${name}: ran ${account.runs.length} times${account.runs.length > 0 ? `, on ${processes(account.runs)}` : ''}`);
    }
    const bad = first.entry.form === 'fanout' ? every : once;
    for (const run of account.runs) bad.push(...unsound(name, first.entry.method, run));
  }
  const codes = [...counts.codes].map(([code, count]) => `${grouped(count)} ${code}`).join(', ');
  return [
    { text: `${grouped(counts.once)} calls and casts were handled, each by one server, once, to its end`, violations: once },
    { text: `${grouped(counts.every)} fanouts were handled by each of ${servers.length} servers, once`, violations: every },
    {
      text: `${grouped(counts.never)} were refused (${codes || 'none'}), and no server has seen any of them`,
      violations: never,
    },
  ];
}

function byEach(name: string, runs: readonly Run[], servers: readonly string[]): string[] {
  return servers.flatMap((server) => {
    const times = runs.filter(({ by }) => by.name === server).length;
    return times === 1 ? [] : [`${name}: ${server} handled it ${times} times`];
  });
}

function unsound(name: string, method: string, { by, begin, end }: Run): string[] {
  if (begin.kind !== 'handling') return [`${name}: ${by.process} ended what it had not begun`];
  if (end === undefined) return [`${name}: ${by.process} began it and never ended it`];
  const different = end.message !== begin.message || end.version !== begin.version || begin.method !== method || end.method !== method;
  return [
    ...(end.kind === 'threw' ? [`${name}: it threw on ${by.process}`] : []),
    ...(different ? [`${name}: ${by.process} handled ${begin.method} at ${begin.version} and ended ${end.method} at ${end.version}`] : []),
  ];
}

function processes(runs: readonly Run[]): string {
  return runs.map(({ by }) => by.process).join(', ');
}
