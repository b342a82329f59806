import type { Severity } from './finding.js';

/** Something that is known of some releases of RabbitMQ. */
export interface Fault {
  readonly id: string;
  /** Which releases have it, as a range of `semver`. */
  readonly releases: string;
  readonly severity: Extract<Severity, 'error' | 'warning'>;
  /** Where it matters: with lanes that are quorum queues, on a cluster, or always. */
  readonly where: 'quorum lanes' | 'cluster' | 'always';
  readonly causes: string;
  readonly remedy: string;
  /** Who says so. */
  readonly source: string;
}

const SERVER = 'https://github.com/rabbitmq/rabbitmq-server';

/** What is known of RabbitMQ, the oldest first. Each is what its makers say of it in the place that `source` names. */
export const FAULTS: readonly Fault[] = [
  {
    id: 'no-streams',
    releases: '<3.9.0',
    severity: 'warning',
    where: 'always',
    causes: 'there are no streams, and so no ledger: holds and pins work, finalizing a version does not',
    remedy: 'upgrade RabbitMQ to a release that is supported',
    source: `${SERVER}/releases/tag/v3.9.0`,
  },
  {
    id: 'quorum-cancel',
    releases: '<3.10.0',
    severity: 'warning',
    where: 'quorum lanes',
    causes: 'cancelling a consumer of a quorum queue that holds messages can fail, so that servers do not leave their lanes in order',
    remedy: 'upgrade RabbitMQ to 3.10 or later, or use classic lanes',
    source: `${SERVER}/issues/3729`,
  },
  {
    id: 'reply-lost',
    releases: '>=3.13.0 <3.13.4',
    severity: 'error',
    where: 'cluster',
    causes: 'while 3.12 and 3.13 run in one cluster, answers to callers on the other release are lost, and their calls time out',
    remedy: 'upgrade to 3.13.4 or later, all nodes',
    source: `${SERVER}/pull/11401`,
  },
  {
    id: 'reply-traced',
    releases: '>=3.13.0 <3.13.5',
    severity: 'warning',
    where: 'always',
    causes: 'while the firehose tracer is on, every answer to a caller ends the channel that it is sent on',
    remedy: 'upgrade to 3.13.6 or later; until then do not call rabbitmqctl trace_on on this virtual host',
    source: `${SERVER}/pull/11666`,
  },
  {
    id: 'classic-crash',
    releases: '>=3.13.0 <4.1.1',
    severity: 'warning',
    where: 'always',
    causes: 'a classic queue can crash while it reads from its message store (rarely), and comes back without what was on it',
    remedy: 'upgrade to 4.1.1 or later; on a cluster use lanes of type quorum',
    source: `${SERVER}/pull/13771`,
  },
  {
    id: 'quorum-upgrade',
    releases: '>=4.0.0 <4.3.0',
    severity: 'warning',
    where: 'quorum lanes',
    causes:
      'where the feature flag rabbitmq_4.0.0 is enabled while a quorum queue still runs the state machine of 3.13, that queue crashes for good, and what is published to it is confirmed and lost',
    remedy: 'before you enable rabbitmq_4.0.0, make sure that all nodes run 4.x and every quorum queue has restarted on it',
    source: `${SERVER}/issues/17504`,
  },
  {
    id: 'passive-configure',
    releases: '4.2.6 || 4.3.0',
    severity: 'warning',
    where: 'always',
    causes:
      'looking at a queue or an exchange takes the right to configure it: clients without that right cannot count, so their pins stay where they are',
    remedy: 'upgrade to 4.2.7 or 4.3.1, or give clients the right to configure the namespace',
    source: `${SERVER}/pull/16272`,
  },
  {
    // The repair went in days before 4.3.0; that release does not say whether it has it.
    id: 'quorum-count',
    releases: '>=4.3.0-0 <4.3.1',
    severity: 'warning',
    where: 'quorum lanes',
    causes:
      'a declaration of a quorum queue can answer how many messages are in hand instead of how many consumers there are. The census counts on classic queues alone and is not affected; figures for lanes are wrong',
    remedy: 'upgrade to 4.3.1 or later',
    source: `${SERVER}/pull/16185`,
  },
];
