import type { ConsumerSeen, ManagementFacts, Policy, QueueSeen, Seen } from './facts.js';
import { literal } from './names.js';

/** The management API of RabbitMQ, and as whom to speak with it. */
export interface Management {
  /** Where it is: `http://localhost:15672`. */
  readonly url: string;
  /** The account's name. */
  readonly user: string;
  /** Never shown. */
  readonly password: string;
}

const PAGE = 500;

/** The broker said no, or something that is none of its answers. */
class Denied extends Error {}

/**
 * Asks the management API for what cannot be seen over AMQP. Only looks. What one part refuses leaves the others as they are.
 * @param timeout in ms, for each answer.
 */
export async function askManagement(
  { url, user, password }: Management,
  { namespace, virtualHost, timeout }: { readonly namespace: string; readonly virtualHost: string; readonly timeout: number },
): Promise<ManagementFacts | { readonly unreachable: string }> {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(new URL(`api/${path}`, url.endsWith('/') ? url : `${url}/`), {
      headers: { authorization },
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    });
    if (response.status === 401 || response.status === 403) throw new Denied(`the management API refuses the account ${user}`);
    if (!response.ok) throw new Denied(`the management API answers ${response.status}`);
    return (await response.json()) as unknown;
  };
  const list = async <T>(path: string, read: (item: Fields) => T): Promise<Seen<T>> => {
    try {
      return { known: true, list: itemsOf(await get(path)).map((item) => read(fieldsOf(item))) };
    } catch (error) {
      return { known: false, why: error instanceof Denied ? error.message : reasonOf(error) };
    }
  };
  try {
    await get('whoami');
  } catch (error) {
    return {
      unreachable: `the management API at ${withoutCredentials(url)}: ${error instanceof Denied ? error.message : reasonOf(error)}`,
    };
  }
  const host = encodeURIComponent(virtualHost);
  const name = encodeURIComponent(`^${literal(namespace)}\\.`);
  const [policies, operatorPolicies, connections, consumers, nodes, queues] = await Promise.all([
    list(`policies/${host}`, (item) => policyOf(item, false)),
    list(`operator-policies/${host}`, (item) => policyOf(item, true)),
    list(`vhosts/${host}/connections?columns=name,client_properties.product`, (item) => [text(item, 'name'), productOf(item)] as const),
    list(`consumers/${host}`, consumerOf),
    list('nodes?columns=name', (item) => text(item, 'name')),
    pages((page) => list(`queues/${host}?page=${page}&page_size=${PAGE}&use_regex=true&name=${name}`, queueOf)),
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

type Fields = Readonly<Record<string, unknown>>;

/** Asks until a page is not full. */
async function pages<T>(ask: (page: number) => Promise<Seen<T>>): Promise<Seen<T>> {
  const all: T[] = [];
  for (let page = 1; ; page += 1) {
    // Whether there is another one is known once this one is here.
    // oxlint-disable-next-line no-await-in-loop
    const found = await ask(page);
    if (!found.known) return found;
    all.push(...found.list);
    if (found.list.length < PAGE) return { known: true, list: all };
  }
}

/** A list, or a page with one. */
function itemsOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  const { items } = fieldsOf(answer);
  return Array.isArray(items) ? items : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
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

/** What `fetch` says is "fetch failed"; what it means is in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause, name } = error as { message?: unknown; cause?: { code?: unknown; message?: unknown }; name?: unknown };
  if (name === 'TimeoutError') return 'no answer in time';
  return String(cause?.code ?? cause?.message ?? message ?? error);
}

function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return 'an address that cannot be read';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
