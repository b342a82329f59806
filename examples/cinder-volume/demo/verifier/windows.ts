import type { Account } from './accounts.js';
import type { Book } from './books.js';
import { compare, type Finding, grouped, within } from './finding.js';

/** No handler ran with a version outside what its build reads, or newer than its sender speaks. One finding for each release. */
export function checkWindows(accounts: readonly Account[], books: readonly Book[]): Finding[] {
  const servers = books.filter(({ by }) => by.role === 'server').map(({ by }) => by);
  const releases = [...new Set(servers.map(({ release }) => release))];
  return releases.map((release) => {
    const of = servers.filter((each) => each.release === release);
    const windows = new Set(of.map(({ floor, newest }) => `${floor} to ${newest}`));
    const violations = windows.size > 1 ? [`the processes of ${release} do not agree on what it reads: ${[...windows].join('; ')}`] : [];
    const byVersion = new Map<string, number>();
    for (const { id, sent, runs } of accounts) {
      for (const { by, begin } of runs) {
        if (by.release !== release) continue;
        const { version, method } = begin;
        byVersion.set(version, (byVersion.get(version) ?? 0) + 1);
        const ran = `${id}: ${by.process} reads ${by.floor} to ${by.newest} and ran ${method} at ${version}`;
        if (!within(version, by)) violations.push(ran);
        if (begin.floor !== by.floor || begin.newest !== by.newest)
          violations.push(`${id}: ${by.process} says that it reads ${begin.floor} to ${begin.newest}, and began otherwise`);
        const sender = sent[0]?.by;
        if (sender !== undefined && compare(version, sender.newest) > 0)
          violations.push(`${ran}, and ${sender.process} speaks ${sender.newest} at most`);
      }
    }
    const counts = [...byVersion]
      .sort(([one], [other]) => compare(one, other))
      .map(([version, count]) => `${grouped(count)} at ${version}`);
    return {
      text: `${release}: ${of.length} processes that read ${[...windows].join('; ')} handled ${counts.join(', ') || 'nothing'}; none outside`,
      violations,
    };
  });
}
