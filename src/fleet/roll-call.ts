import { randomUUID } from 'node:crypto';
import type { Broker, Delivery, FleetNames, Outgoing } from '../broker/index.js';
import { CONTROL, decodeReport, type InstanceReport } from '../rpc/index.js';

/** How long a roll call waits. */
export interface RollCallOptions {
  /** The longest that it takes, in ms. Default 1,500. */
  readonly within?: number;
  /** It is over once nobody has answered for so long, in ms. Default 250. */
  readonly quiet?: number;
  /** It is over as soon as this holds of the answers so far: when everyone who is expected has answered. */
  readonly complete?: (reports: readonly InstanceReport[]) => boolean;
}

/** Who has answered, in the order of their instances. */
export interface RollCall {
  /** What each of them said. */
  readonly reports: readonly InstanceReport[];
  /** How long it took, in ms. */
  readonly took: number;
}

/**
 * Calls the roll of a namespace.
 * @throws LynchpinError `CONNECTION`, `FORBIDDEN`.
 */
export async function callRoll(broker: Broker, names: FleetNames, options: RollCallOptions = {}): Promise<RollCall> {
  await broker.ensureExchange(names.fleet, 'fanout');
  return ask(broker, { exchange: names.fleet, routingKey: '' }, options);
}

/**
 * Asks one process alone what it is and does. Undefined when it is not there under that life, or does not answer.
 * @throws LynchpinError `CONNECTION`, `FORBIDDEN`.
 */
export async function askInstance(
  broker: Broker,
  names: FleetNames,
  { instance, lives }: Pick<InstanceReport, 'instance' | 'lives'>,
  within: number,
): Promise<InstanceReport | undefined> {
  const to = { exchange: '', routingKey: names.life(instance, lives) };
  const { reports } = await ask(broker, to, { within, quiet: within, complete: ({ length }) => length > 0 });
  return reports[0];
}

async function ask(
  broker: Broker,
  to: Pick<Outgoing, 'exchange' | 'routingKey'>,
  { within = 1_500, quiet = 250, complete = () => false }: RollCallOptions,
): Promise<RollCall> {
  const begun = performance.now();
  const reports = new Map<string, InstanceReport>();
  const call = randomUUID();
  let changed!: () => void;
  const take = ({ type, correlationId, body }: Delivery): void => {
    if (type !== CONTROL.reported || correlationId !== call) return;
    const report = decodeReport(body);
    if (report === undefined) return;
    reports.set(report.instance, report);
    changed();
  };
  let lost: Error | undefined;
  const intake = await broker.openIntake((cause) => {
    lost = cause;
    changed();
  });
  let change = new Promise<void>((resolve) => (changed = resolve));
  try {
    const inbox = await intake.inbox([]);
    await intake.consume(inbox, { prefetch: 0, noAck: true }, take);
    const question = { ...to, type: CONTROL.report, replyTo: inbox, correlationId: call, expiration: within, body: new Uint8Array() };
    if ((await broker.publish(question, AbortSignal.timeout(within))) === 'returned')
      return { reports: [], took: performance.now() - begun };
    const end = performance.now() + within;
    while (lost === undefined && !complete([...reports.values()])) {
      const left = Math.min(quiet, end - performance.now());
      if (left <= 0 || !(await soon(change, left))) break;
      change = new Promise<void>((resolve) => (changed = resolve));
    }
    if (lost !== undefined) throw lost;
  } finally {
    await intake.close().catch(() => undefined);
  }
  const answered = [...reports.values()].sort((a, b) => (a.instance < b.instance ? -1 : 1));
  return { reports: answered, took: performance.now() - begun };
}

/** Whether it resolved within so many ms. */
function soon(change: Promise<void>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    void change.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
