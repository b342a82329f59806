import { randomBytes } from 'node:crypto';
import { fleetNamesOf, namesOf, type Broker, type Count, type Outgoing, type TopicNames } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { DoctorFacts, AccountRole, Trial } from './facts.js';

/** How long what is written to the trial stream may take to come back, in ms. */
const LIMIT = 5_000;
const COUNTS = 9;

const ALL: readonly AccountRole[] = ['server', 'client', 'operator'];
const OWNERS: readonly AccountRole[] = ['server', 'operator'];

/** What an account may do, found out by doing it. */
export type Tried = Pick<DoctorFacts, 'trials' | 'logs' | 'rolls' | 'countTimes'>;

/**
 * Tries what the roles need: looks, publishes where nothing is bound, and creates a queue, an exchange and a stream of its own,
 * which it deletes again. Nothing else on the broker is changed.
 * @param topics that exist. Without one, what needs something that exists is not tried.
 */
export async function tryRights(broker: Broker, namespace: string, topics: readonly string[]): Promise<Tried> {
  const own = `${namespace}.doctor-${randomBytes(6).toString('hex')}`;
  const trials: Trial[] = [];
  const attempt: Attempt = async (id, what, needed, work) => {
    const { outcome, why } = await outcomeOf(work);
    trials.push({ id, what, needed, outcome, why });
    return outcome === 'allowed';
  };
  const { fleet, life } = fleetNamesOf(namespace);
  await attempt('default-exchange', 'publish to the default exchange', ALL, () => broker.publish(unbound('', own)));
  await attempt('inbox', 'create and consume a queue for answers', ALL, () => withInbox(broker, []));
  const lives = life(own.slice(namespace.length + 1), 1);
  await attempt('life', 'create the queue that shows that a process lives', ALL, () => withLife(broker, fleet, lives));
  const countTimes = [...(await tryOwn(broker, own, attempt))];
  const logs = await tryLog(broker, `${own}.ledger`);
  const rolls: { readonly topic: string; readonly count: Count }[] = [];
  for (const topic of topics) {
    const names = namesOf(topic, namespace);
    // One after the other: an account without the right costs its channel each time.
    // oxlint-disable-next-line no-await-in-loop
    const count = await tryTopic(broker, names, own, attempt);
    rolls.push({ topic, count });
    // oxlint-disable-next-line no-await-in-loop
    if (countTimes.length === 0 && count.known) countTimes.push(...(await timed(broker, names.roll)));
  }
  return { trials, logs, rolls, countTimes };
}

/** Answers whether it was allowed. */
type Attempt = (id: string, what: string, needed: readonly AccountRole[], work: () => Promise<unknown>) => Promise<boolean>;

/** With a queue and an exchange of its own, deleted at the end. Answers how long counts took. */
async function tryOwn(broker: Broker, own: string, attempt: Attempt): Promise<readonly number[]> {
  const hasQueue = await attempt('queue', 'create a queue', OWNERS, () => created(broker, own));
  const hasExchange = await attempt('exchange', 'create an exchange', OWNERS, () => broker.ensureExchange(own, 'direct'));
  try {
    await attempt('read', 'read a queue', OWNERS, () => (hasQueue ? readOnce(broker, own) : without('a queue')));
    const both = hasQueue && hasExchange;
    await attempt('bind', 'bind a queue', OWNERS, () => (both ? broker.bind(own, own, own) : without('a queue and an exchange')));
    return hasQueue ? await timed(broker, own) : [];
  } finally {
    if (hasQueue) await attempt('delete', 'delete a queue', OWNERS, () => broker.deleteQueue(own));
    if (hasExchange) await broker.deleteExchange(own).catch(() => {});
  }
}

/** With what a topic has. Answers the count of its roll. */
async function tryTopic(broker: Broker, names: TopicNames, key: string, attempt: Attempt): Promise<Count> {
  const { topic, exchange, notices, roll } = names;
  const count = await broker.count(roll);
  if (!count.known && count.reason === 'missing') return count;
  await attempt('publish', `publish to ${exchange}`, ALL, () => broker.publish(unbound(exchange, key)));
  await attempt('notices', `hear the notices of ${topic}`, ALL, () => withInbox(broker, [notices]));
  // Only a ledger that is there: to open one that is not would fail for another reason.
  const ledger = await broker.count(names.ledger);
  if (ledger.known || ledger.reason === 'forbidden') {
    await attempt('ledger', `read the ledger of ${topic}`, ALL, () => opened(broker, names.ledger));
  }
  return count;
}

/** What a trial hangs on could not be had. */
class Without extends Error {}

function without(what: string): never {
  throw new Without(`${what} could not be created`);
}

/** To a key that nothing is bound with: it comes back, and nobody gets it. */
function unbound(exchange: string, routingKey: string): Outgoing {
  return { exchange, routingKey, body: Buffer.alloc(0), messageId: routingKey };
}

async function outcomeOf(work: () => Promise<unknown>): Promise<Pick<Trial, 'outcome' | 'why'>> {
  try {
    await work();
    return { outcome: 'allowed', why: '' };
  } catch (error) {
    if (error instanceof Without) return { outcome: 'untried', why: error.message };
    if (!LynchpinError.is(error)) throw error;
    return { outcome: error.code === 'FORBIDDEN' ? 'forbidden' : 'failed', why: error.message };
  }
}

/** Whoever may not look at exchanges or queues is answered as if they were there. */
async function created(broker: Broker, name: string): Promise<void> {
  const count = await broker.ensureQueue(name);
  if (!count.known && count.reason === 'forbidden') throw new LynchpinError('FORBIDDEN', `the account may not look at ${name}`, { name });
}

async function withInbox(broker: Broker, exchanges: readonly string[], name?: string): Promise<void> {
  const intake = await broker.openIntake(() => {});
  try {
    const inbox = await intake.inbox(exchanges, name);
    await intake.consume(inbox, { prefetch: 1, noAck: true }, () => {});
  } finally {
    await intake.close();
  }
}

/** Named, and bound to the exchange of the roll call where there is one. */
async function withLife(broker: Broker, fleet: string, name: string): Promise<void> {
  try {
    await withInbox(broker, [fleet], name);
  } catch (error) {
    // Nobody has created the exchange yet; what is missing is no reason to say anything of rights.
    if (!LynchpinError.is(error, 'CONNECTION')) throw error;
    await withInbox(broker, [], name);
  }
}

async function readOnce(broker: Broker, queue: string): Promise<void> {
  const tap = await broker.openTap();
  try {
    await tap.get(queue);
  } finally {
    await tap.close();
  }
}

async function opened(broker: Broker, log: string): Promise<void> {
  const reader = await broker.openLog(log, 'first', { onEntry: () => {}, onLost: () => {} });
  await reader.close();
}

async function timed(broker: Broker, queue: string): Promise<readonly number[]> {
  const times: number[] = [];
  for (let at = 0; at < COUNTS; at += 1) {
    const begun = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- how long one takes that is alone
    const count = await broker.count(queue);
    if (count.known) times.push(performance.now() - begun);
  }
  return times;
}

/** A stream of its own: created, written to, read, deleted. */
async function tryLog(broker: Broker, name: string): Promise<DoctorFacts['logs']> {
  let made = false;
  const bound = AbortSignal.timeout(LIMIT);
  try {
    const support = await broker.ensureLog(name);
    if (!support.supported) return { supported: false, why: support.reason };
    made = true;
    await readBack(broker, name, bound);
    return { supported: true, why: '' };
  } catch (error) {
    if (!LynchpinError.is(error) && error !== bound.reason) throw error;
    return { supported: undefined, why: `a stream could not be tried: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    if (made) await broker.deleteQueue(name).catch(() => {});
  }
}

async function readBack(broker: Broker, name: string, bound: AbortSignal): Promise<void> {
  let came: () => void = () => {};
  let lost: (cause: unknown) => void = () => {};
  const seen = new Promise<void>((resolve, reject) => ([came, lost] = [resolve, reject]));
  const giveUp = (): void => lost(bound.reason);
  bound.addEventListener('abort', giveUp, { once: true });
  const reader = await broker.openLog(name, 'first', { onEntry: () => came(), onLost: (cause) => lost(cause) });
  try {
    const written = broker.publish({ exchange: '', routingKey: name, body: Buffer.alloc(0), messageId: name, persistent: true }, bound);
    await Promise.all([written, seen]);
  } finally {
    bound.removeEventListener('abort', giveUp);
    await reader.close();
  }
}
