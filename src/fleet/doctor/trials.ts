import { randomBytes } from 'node:crypto';
import { fleetNamesOf, namesOf, type Broker, type Outgoing } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { DoctorFacts, Role, Trial } from './facts.js';

/** How long what is written to the trial stream may take to come back, in ms. */
const LIMIT = 5_000;
const COUNTS = 9;

const ALL: readonly Role[] = ['server', 'client', 'operator'];
const OWNERS: readonly Role[] = ['server', 'operator'];

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
  const attempt = async (id: string, what: string, needed: readonly Role[], work: () => Promise<unknown>): Promise<boolean> => {
    const { outcome, why } = await outcomeOf(work);
    trials.push({ id, what, needed, outcome, why });
    return outcome === 'allowed';
  };
  const untried = (id: string, what: string, needed: readonly Role[], why: string): void => {
    trials.push({ id, what, needed, outcome: 'untried', why });
  };

  await attempt('default-exchange', 'publish to the default exchange', ALL, () => broker.publish(unbound('', own)));
  await attempt('inbox', 'create and consume a queue for answers', ALL, () => withInbox(broker, []));
  const { fleet, life } = fleetNamesOf(namespace);
  await attempt('life', 'create the queue that shows that a process lives', ALL, () =>
    withLife(broker, fleet, life(own.slice(namespace.length + 1), 1)),
  );
  const hasQueue = await attempt('queue', 'create a queue', OWNERS, () => created(broker, own));
  const hasExchange = await attempt('exchange', 'create an exchange', OWNERS, () => broker.ensureExchange(own, 'direct'));
  let countTimes: readonly number[] = [];
  try {
    if (hasQueue) {
      await attempt('read', 'read a queue', OWNERS, () => readOnce(broker, own));
      countTimes = await timed(broker, own);
    } else untried('read', 'read a queue', OWNERS, 'no queue could be created');
    if (hasQueue && hasExchange) await attempt('bind', 'bind a queue', OWNERS, () => broker.bind(own, own, own));
    else untried('bind', 'bind a queue', OWNERS, 'no queue and exchange could be created');
  } finally {
    if (hasQueue) await attempt('delete', 'delete a queue', OWNERS, () => broker.deleteQueue(own));
    if (hasExchange) await broker.deleteExchange(own).catch(() => {});
  }
  const logs = await tryLog(broker, `${own}.ledger`);
  const rolls = [];
  for (const topic of topics) {
    const names = namesOf(topic, namespace);
    // One after the other: an account without the right costs its channel each time.
    // oxlint-disable-next-line no-await-in-loop
    const count = await broker.count(names.roll);
    rolls.push({ topic, count });
    const there = count.known || count.reason !== 'missing';
    if (!there) continue;
    // oxlint-disable-next-line no-await-in-loop
    await attempt('publish', `publish to ${names.exchange}`, ALL, () => broker.publish(unbound(names.exchange, own)));
    // oxlint-disable-next-line no-await-in-loop
    await attempt('notices', `hear the notices of ${topic}`, ALL, () => withInbox(broker, [names.notices]));
    if (countTimes.length > 0) continue;
    // oxlint-disable-next-line no-await-in-loop
    countTimes = count.known ? await timed(broker, names.roll) : [];
  }
  return { trials, logs, rolls, countTimes };
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
