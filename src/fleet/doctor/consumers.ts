import type { ConsumerSeen, DoctorFacts } from './facts.js';
import { few, fine, type Finding } from './finding.js';
import { queueNameOf } from './names.js';
import { LOOK } from './words.js';

const LIST = 'rabbitmqctl list_consumers';

/** Consumers that are not Lynchpin's, or that keep others away. */
export function consumerFindings({ namespace, management }: DoctorFacts): readonly Finding[] {
  const id = 'consumers';
  if ('unreachable' in management) {
    return [{ id, severity: 'not checked', about: '', seen: management.unreachable, causes: '', remedy: LOOK, command: LIST }];
  }
  const { consumers } = management;
  if (!consumers.known) {
    return [
      { id, severity: 'not checked', about: '', seen: consumers.why, causes: '', remedy: 'look at them: rabbitmqctl list_consumers' },
    ];
  }
  const shared = consumers.list.filter(({ queue }) => ['lane', 'presence'].includes(queueNameOf(queue, namespace)?.kind ?? ''));
  const found = [...foreign(shared, namespace), ...alone(shared), ...careless(shared, namespace)];
  const unseen = shared.filter(({ product }) => product === undefined);
  if (unseen.length > 0) {
    found.push({
      id,
      severity: 'not checked',
      about: few([...new Set(unseen.map(({ queue }) => queue))]),
      seen: `${unseen.length} consumers of connections that this account may not see`,
      causes: '',
      remedy: 'ask with an account that has the tag monitoring',
    });
  }
  return found.length > 0 ? found : [fine(id, `${shared.length} consumers of lanes and presence queues, all of Lynchpin`)];
}

function foreign(consumers: readonly ConsumerSeen[], namespace: string): Finding[] {
  return consumers
    .filter(({ product }) => product !== undefined && product !== 'lynchpin')
    .map(({ queue, product = '', connection }): Finding => {
      const presence = queueNameOf(queue, namespace)?.kind === 'presence';
      return {
        id: 'consumers/foreign',
        severity: 'error',
        about: queue,
        seen: `a consumer of ${product === '' ? 'a program that does not say what it is' : product}, at ${connection}`,
        causes: presence
          ? 'it is counted as a server: pins are held for ever on the roll, or raised too early on the roll of a version'
          : 'it takes messages away from the servers, and does not handle them as they would',
        remedy: 'stop that program; to look at a queue, ask for its count, or browse it and put everything back',
      };
    });
}

function alone(consumers: readonly ConsumerSeen[]): Finding[] {
  return consumers
    .filter(({ exclusive }) => exclusive)
    .map(({ queue, connection }) => ({
      id: 'consumers/exclusive',
      severity: 'error',
      about: queue,
      seen: `an exclusive consumer, at ${connection}`,
      causes: 'no other server can consume it: those that start are refused',
      remedy: 'stop that program; servers of Lynchpin consume only their own queues exclusively',
    }));
}

/** Those of Lynchpin's are right as they are: they acknowledge where there is something to lose. */
function careless(consumers: readonly ConsumerSeen[], namespace: string): Finding[] {
  return consumers
    .filter(({ queue, acknowledges }) => !acknowledges && queueNameOf(queue, namespace)?.kind === 'lane')
    .map(({ queue, connection }) => ({
      id: 'consumers/no-acknowledgement',
      severity: 'error',
      about: queue,
      seen: `a consumer that does not acknowledge, at ${connection}`,
      causes: 'what it was handed is lost when it stops',
      remedy: 'stop that program',
    }));
}
