import { LynchpinError } from '../errors/index.js';
import { isMember, type Member } from '../pin/index.js';
import { bounded, mustBeKnown, processOf, record, said, type ActionOptions } from './actions/index.js';
import { expireGone } from './finalizing/index.js';
import type { FleetParts } from './parts.js';
import { callRoll } from './roll-call.js';
import { topicsOf } from './views/index.js';

/** How a member is taken off the ledger. */
export interface ForgetOptions extends ActionOptions {
  /** Where. Default: every topic that a live process serves or calls. */
  readonly topic?: string;
  /** How long the evidence may take to gather, in ms. Default 30,000; it takes a little more than ten seconds. */
  readonly timeout?: number;
  /** Told who is waited for. */
  readonly onProgress?: (waiting: readonly Forgotten[]) => void;
}

/** A member that was taken off the ledger. */
export interface Forgotten {
  /** The topic whose ledger it was on. */
  readonly topic: string;
  /** Which member of its process it was: `<instance>/<number>`. */
  readonly instance: string;
  /** The name that people know it by. */
  readonly author: string;
  /** Whether it served the topic or called it. */
  readonly role: Member['role'];
}

const TIMEOUT = 30_000;

/**
 * Takes members off the ledger: see `Fleet.forget`.
 * @param who an instance, all of a process, or the name that people know it by; `all-gone` for everyone that is not connected.
 */
export async function forget(parts: FleetParts, who: string, options: ForgetOptions = {}): Promise<readonly Forgotten[]> {
  const { topic, timeout = TIMEOUT, onProgress = () => undefined } = options;
  if (topic !== undefined) await mustBeKnown(parts, topic);
  return bounded(`forgetting ${who}`, { timeout }, async (signal) => {
    const topics = topic === undefined ? topicsOf((await callRoll(parts.broker, parts.names)).reports) : [topic];
    const found = await Promise.all(topics.map(async (one) => ({ topic: one, members: await meant(parts, one, who, signal) })));
    const all = found.flatMap((one) => one.members.map((member) => told(one.topic, member)));
    if (all.length === 0 && (who !== 'all-gone' || topics.length === 0)) throw nobody(who, topics);
    onProgress(all);
    // Side by side, so that several topics take no longer than one.
    await Promise.all(found.map((one) => expired(parts, one.topic, one.members, options, signal)));
    return all;
  });
}

/** Those who are meant, and are not connected. */
async function meant(parts: FleetParts, topic: string, who: string, signal: AbortSignal): Promise<readonly Member[]> {
  const { members } = await parts.ledger(topic).look(signal);
  const chosen = members.filter(
    ({ instance, author }) => who === 'all-gone' || instance === who || processOf(instance) === who || author === who,
  );
  const gone: Member[] = [];
  for (const member of chosen) {
    const count = await parts.broker.count(member.queue);
    const is = count.known ? 'taken' : count.reason;
    if (is === 'missing') gone.push(member);
    else if (who !== 'all-gone') throw alive(topic, member, is);
  }
  return gone;
}

async function expired(
  parts: FleetParts,
  topic: string,
  members: readonly Member[],
  options: ForgetOptions,
  signal: AbortSignal,
): Promise<void> {
  if (members.length === 0) return;
  const ledger = parts.ledger(topic);
  const left = await expireGone({ ...parts, author: said(parts, options).author }, ledger, members, signal);
  signal.throwIfAborted();
  const [back] = left;
  if (back !== undefined) throw alive(topic, back, 'taken');
  for (const member of members) {
    if (isMember(ledger.state, member)) continue;
    await record(parts, topic, { what: 'forget', target: member.instance }, options, signal);
  }
}

function told(topic: string, { instance, author, role }: Member): Forgotten {
  return { topic, instance, author, role };
}

function alive(topic: string, { author, instance }: Member, is: string): LynchpinError {
  const why =
    is === 'taken'
      ? 'it is connected: end its process first'
      : `nobody can tell whether it is connected (${is}): wait until the broker can say`;
  return new LynchpinError('REJECTED', `${author} (${instance}) stays a member of ${topic}: ${why}`, { topic, instance, author });
}

function nobody(who: string, topics: readonly string[]): LynchpinError {
  const text =
    topics.length === 0
      ? 'no process answers, so there is no topic whose ledger could be looked at: name the topic'
      : `no member ${who} on any ledger (looked at ${topics.join(', ')})`;
  return new LynchpinError('NO_SUCH_SERVER', text, { who, topics });
}
