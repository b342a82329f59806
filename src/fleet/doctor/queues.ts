import type { DoctorFacts, QueueSeen } from './facts.js';
import { few, fine, type Finding } from './finding.js';
import { harmsOf } from './harms.js';
import { queueNameOf, type QueueKind } from './names.js';
import { LOOK } from './words.js';

const LIST = 'rabbitmqctl list_queues name type durable arguments';

/** Queues that are of the wrong kind, or were created with arguments that do harm. */
export function queueFindings({ namespace, management }: DoctorFacts): readonly Finding[] {
  if ('unreachable' in management) {
    const look = { remedy: LOOK, command: LIST };
    return [{ id: 'queues', severity: 'not checked', about: '', seen: management.unreachable, causes: '', ...look }];
  }
  const { queues, nodes } = management;
  if (!queues.known) {
    const look = { remedy: 'ask with an account that has the tag management, or look at them', command: LIST };
    return [{ id: 'queues', severity: 'not checked', about: '', seen: queues.why, causes: '', ...look }];
  }
  const of = (kind: QueueKind): readonly QueueSeen[] => queues.list.filter(({ name }) => queueNameOf(name, namespace)?.kind === kind);
  const lanes = of('lane');
  const findings = [
    ...typeFindings(of('presence'), 'classic', {
      causes:
        'counts of different kinds of queue cannot be compared, and a quorum queue goes on counting a consumer that is cancelled: pins are wrong',
      remedy: 'stop the servers of the topic, delete it, and start them again: they create it anew',
    }),
    ...typeFindings(of('ledger'), 'stream', {
      causes: 'nothing can be held or finalized, and servers cannot join the ledger: PROTOCOL',
      remedy: 'delete it, so that it is created as a stream; or use another namespace',
    }),
    ...laneFindings(lanes, nodes.known ? nodes.list.length : undefined),
    ...queues.list.flatMap((queue) => argumentFindings(queue, queueNameOf(queue.name, namespace)?.kind ?? 'other')),
  ];
  if (findings.length > 0) return findings;
  return [fine('queues', queues.list.length === 0 ? 'there are none yet' : `${queues.list.length} queues are of the right kind`)];
}

function typeFindings(
  queues: readonly QueueSeen[],
  wanted: string,
  { causes, remedy }: { readonly causes: string; readonly remedy: string },
): readonly Finding[] {
  return queues
    .filter(({ type }) => type !== wanted)
    .map(({ name, type }) => ({
      id: 'queues/type',
      severity: 'error',
      about: name,
      seen: `it is a ${type} queue, and not ${wanted}`,
      causes,
      remedy,
    }));
}

function laneFindings(lanes: readonly QueueSeen[], nodes: number | undefined): readonly Finding[] {
  const classic = lanes.filter(({ type }) => type === 'classic').map(({ name }) => name);
  const loose = lanes.filter(({ type, arguments: given }) => type === 'quorum' && given['x-dead-letter-routing-key'] === undefined);
  const streams = lanes.filter(({ type }) => type !== 'classic' && type !== 'quorum').map(({ name }) => name);
  const found: Finding[] = [];
  if (streams.length > 0) {
    found.push({
      id: 'queues/lane-type',
      severity: 'error',
      about: few(streams),
      seen: 'a lane that is neither classic nor quorum',
      causes: 'nothing is ever taken off it: every server is handed every message, again and again',
      remedy: 'move what is on it, delete it, and let a server create it anew',
    });
  }
  if (nodes !== undefined && nodes > 1 && classic.length > 0) {
    found.push({
      id: 'queues/lane-type',
      severity: 'warning',
      about: few(classic),
      seen: `classic lanes on a cluster of ${nodes} nodes`,
      causes: 'a classic lane is on one node: while that is down its messages are out of reach, and new ones wait with their senders',
      remedy: "say lanes: 'quorum' to connect; lanes that exist stay as they are until they are empty and deleted",
    });
  }
  if (loose.length > 0) {
    found.push({
      id: 'queues/lane-dead-letters',
      severity: 'warning',
      about: few(loose.map(({ name }) => name)),
      seen: 'quorum lanes without a queue for what was returned too often',
      causes: 'RabbitMQ 4 drops a message after twenty returns',
      remedy:
        'let Lynchpin create lanes, or create them with x-dead-letter-exchange "" and x-dead-letter-routing-key, the queue for the dead',
    });
  }
  return found;
}

function argumentFindings({ name, durable, type, arguments: given }: QueueSeen, kind: QueueKind): readonly Finding[] {
  const plain = Object.fromEntries(Object.entries(given).map(([key, value]) => [key.replace(/^x-/, ''), value]));
  // A dead-letter exchange of its own is what keeps a quorum lane from dropping what was returned too often.
  if (type === 'quorum') delete plain['dead-letter-exchange'];
  const remedy = 'a queue keeps its arguments: move what is on it, delete it while nothing uses it, and let Lynchpin create it anew';
  const found = harmsOf(plain, kind).map(({ key, severity, causes }): Finding => {
    return { id: `queues/${key}`, severity, about: name, seen: `created with x-${key} = ${JSON.stringify(plain[key])}`, causes, remedy };
  });
  if (durable || kind === 'other') return found;
  const lost: Finding = {
    id: 'queues/durable',
    severity: kind === 'presence' ? 'warning' : 'error',
    about: name,
    seen: 'it is not durable',
    causes: 'it is gone after the broker was restarted, with all that was on it',
    remedy,
  };
  return [...found, lost];
}
