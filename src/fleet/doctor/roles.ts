import { releaseWithin } from '../../versions/index.js';
import type { AccountRole } from './facts.js';
import { literal } from './names.js';
import { quoted } from './words.js';

/** What an account may do: regular expressions for the names of queues and exchanges, as RabbitMQ takes them. */
export interface Permissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

/** What suffices for a role: no more than that for a client; for servers and operators everything in the namespace. */
export function permissionsFor(role: AccountRole, namespace: string, version = ''): Permissions {
  const name = literal(namespace);
  const inboxes = String.raw`amq\.gen-.*`;
  if (role !== 'client') {
    const own = String.raw`${name}[.:].*|${inboxes}`;
    return { configure: `^(${own})$`, write: String.raw`^(${own}|amq\.default)$`, read: `^(${own})$` };
  }
  const topic = String.raw`${name}\.[^.@]+`;
  const own = String.raw`${inboxes}|${name}:life\..*`;
  const rolls = String.raw`${topic}\.roll(@.*)?`;
  // These two want for a passive declaration what others want for an active one.
  const counts = releaseWithin(version, '4.2.6 || 4.3.0') === true ? `|${rolls}` : '';
  return {
    configure: `^(${own}${counts})$`,
    write: String.raw`^(amq\.default|${own}|${topic}(\.(fanout|control))?)$`,
    read: String.raw`^(${own}|${name}:fleet|${topic}(@.*|\.(notices|ledger|holds))|${rolls})$`,
  };
}

/** The command that gives an account what suffices for a role, ready to paste into a shell. */
export function permissionsCommand(account: string, virtualHost: string, { configure, write, read }: Permissions): string {
  return ['rabbitmqctl set_permissions -p', ...[virtualHost, account, configure, write, read].map(quoted)].join(' ');
}
