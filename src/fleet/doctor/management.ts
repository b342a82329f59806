import type { ConsumerSeen, ManagementFacts, Policy, QueueSeen } from './facts.js';
import { literal } from './names.js';
import { fieldsOf, Reader, text, type Fields, type Management } from './reader.js';

/**
 * Asks the management API for what cannot be seen over AMQP. Only looks. What one part refuses leaves the others as they are.
 * @param timeout in ms, for each answer.
 */
export async function askManagement(
  management: Management,
  { namespace, virtualHost, timeout }: { readonly namespace: string; readonly virtualHost: string; readonly timeout: number },
): Promise<ManagementFacts | { readonly unreachable: string }> {
  const reader = new Reader(management, timeout);
  const refusal = await reader.refusal();
  if (refusal !== undefined) return { unreachable: refusal };
  const host = encodeURIComponent(virtualHost);
  const name = encodeURIComponent(`^${literal(namespace)}\\.`);
  const [policies, operatorPolicies, connections, consumers, nodes, queues] = await Promise.all([
    reader.list(`policies/${host}`, (item) => policyOf(item, false)),
    reader.list(`operator-policies/${host}`, (item) => policyOf(item, true)),
    reader.list(
      `vhosts/${host}/connections?columns=name,client_properties.product`,
      (item) => [text(item, 'name'), productOf(item)] as const,
    ),
    reader.list(`consumers/${host}`, consumerOf),
    reader.list('nodes?columns=name', (item) => text(item, 'name')),
    reader.pages(`queues/${host}?use_regex=true&name=${name}`, queueOf),
  ]);
  const products = new Map(connections.known ? connections.list : []);
  return {
    policies,
    operatorPolicies,
    nodes,
    queues,
    consumers: consumers.known
      ? { known: true, list: consumers.list.map((consumer) => ({ ...consumer, product: products.get(consumer.connection) })) }
      : consumers,
  };
}

function policyOf(item: Fields, operator: boolean): Policy {
  const { priority, definition } = item;
  return {
    name: text(item, 'name'),
    operator,
    pattern: text(item, 'pattern'),
    appliesTo: text(item, 'apply-to') || 'all',
    priority: typeof priority === 'number' ? priority : 0,
    definition: fieldsOf(definition),
  };
}

function queueOf(item: Fields): QueueSeen {
  return {
    name: text(item, 'name'),
    type: text(item, 'type') || 'classic',
    durable: item['durable'] === true,
    arguments: fieldsOf(item['arguments']),
    policy: text(item, 'policy') || undefined,
    operatorPolicy: text(item, 'operator_policy') || undefined,
  };
}

function consumerOf(item: Fields): ConsumerSeen {
  return {
    queue: text(fieldsOf(item['queue']), 'name'),
    exclusive: item['exclusive'] === true,
    acknowledges: item['ack_required'] !== false,
    connection: text(fieldsOf(item['channel_details']), 'connection_name'),
    product: undefined,
  };
}

function productOf(item: Fields): string {
  return text(fieldsOf(item['client_properties']), 'product');
}
