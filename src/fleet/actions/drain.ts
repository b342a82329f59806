import { LynchpinError } from '../../errors/index.js';
import { CONTROL, encodeDrain, JSON_TYPE, pause, type InstanceReport, type ServerReport } from '../../rpc/index.js';
import type { FleetParts } from '../parts.js';
import { askInstance, callRoll } from '../roll-call.js';
import { bounded, record, type ActionOptions } from './said.js';

/** How far a server is on its way out. */
export interface DrainProgress {
  /** The topic that it leaves. */
  readonly topic: string;
  /** The server's name. */
  readonly server: string;
  /** The process that it is in, as the roll call knows it. */
  readonly instance: string;
  /**
   * - `serving`, `joining`: it has not heard of it yet.
   * - `draining`: off the roll, finishing what it has in hand.
   * - `left`: it has left; its process may go on.
   * - `gone`: its process is not there any more.
   */
  readonly state: string;
  /** How many of its handlers run. */
  readonly running: number;
  /** How many requests wait for their turn. */
  readonly waiting: number;
}

/** How a server is taken out. */
export interface FleetDrainOptions extends ActionOptions {
  /** Where it leaves. Default: every topic that it serves under that name. */
  readonly topic?: string;
  /** How long to wait for its end, in ms. Default 60,000. It goes on leaving after that. */
  readonly timeout?: number;
  /** Told whenever something has changed. */
  readonly onProgress?: (progress: DrainProgress) => void;
}

const TIMEOUT = 60_000;
/** Between two questions to a process that has been told, in ms. */
const PACE = 200;
/** How long one question may take, in ms. */
const ANSWER = 1_000;
/** How long a process must have been missing to be gone, in ms: one that reconnects is missing for a moment as well. */
const GONE = 5_000;

/**
 * Tells a server to leave: off the roll, what runs is finished, what never began is given back. Waits for its end.
 * @returns what each came to, `left` or `gone`.
 * @throws LynchpinError `NO_SUCH_SERVER` when none of that name answers, with those that do; `TIMEOUT` when it takes longer;
 *   `FORBIDDEN` when the account may not write to the fleet's exchange; `CONNECTION`.
 */
export async function drain(
  parts: FleetParts,
  server: string,
  { topic, onProgress = () => undefined, ...options }: FleetDrainOptions = {},
): Promise<readonly DrainProgress[]> {
  return bounded(`draining ${server}`, { timeout: options.timeout ?? TIMEOUT }, async (signal) => {
    const { reports } = await callRoll(parts.broker, parts.names);
    const meant = reports.flatMap((report) => matching(report, server, topic).map(({ topic: one }) => ({ report, topic: one })));
    if (meant.length === 0) throw unknown(reports, server, topic);
    for (const one of new Set(meant.map(({ topic: each }) => each))) {
      await record(parts, one, { what: 'drain', target: server }, options, signal);
    }
    return Promise.all(meant.map((one) => end(parts, { server, ...one }, onProgress, signal)));
  });
}

/** Tells one server of one process, and follows it until it has left. */
async function end(
  { broker, names }: FleetParts,
  { server, topic, report }: { readonly server: string; readonly topic: string; readonly report: InstanceReport },
  onProgress: (progress: DrainProgress) => void,
  signal: AbortSignal,
): Promise<DrainProgress> {
  const { instance } = report;
  let last: DrainProgress | undefined;
  const tell = (now: Pick<DrainProgress, 'state' | 'running' | 'waiting'>): DrainProgress => {
    const { state, running, waiting } = now;
    const changed = last?.state !== state || last.running !== running || last.waiting !== waiting;
    last = { topic, server, instance, state, running, waiting };
    if (changed) onProgress(last);
    return last;
  };
  let life: Pick<InstanceReport, 'instance' | 'lives'> = report;
  let missing: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    // Again each time: it may have been between two connections. One that is leaving already does nothing more.
    await broker.publish(
      {
        exchange: names.fleet,
        routingKey: '',
        type: CONTROL.drain,
        contentType: JSON_TYPE,
        expiration: ANSWER,
        body: encodeDrain({ instance, server, topic }),
      },
      signal,
    );
    let now = await askInstance(broker, names, life, ANSWER);
    if (now === undefined) {
      // It may have connected anew, under another life.
      const isIt = (other: InstanceReport): boolean => other.instance === instance;
      const { reports } = await callRoll(broker, names, { complete: (answered) => answered.some(isIt) });
      now = reports.find(isIt);
      const count = await broker.count(names.life(life.instance, life.lives));
      // Silence alone is no evidence: it may be frozen.
      if (now !== undefined || count.known || count.reason !== 'missing') missing = undefined;
      else missing ??= performance.now();
      if (missing !== undefined && performance.now() - missing >= GONE) return tell({ state: 'gone', running: 0, waiting: 0 });
    }
    if (now !== undefined) {
      life = now;
      missing = undefined;
      const own = now.servers.find((other) => other.topic === topic && other.server === server);
      const told = tell(own ?? { state: 'left', running: 0, waiting: 0 });
      if (told.state === 'left' || told.state === 'refused') return told;
    }
    await pause(PACE, signal);
  }
}

function matching({ servers }: InstanceReport, server: string, topic: string | undefined): readonly ServerReport[] {
  return servers.filter((one) => one.server === server && (topic === undefined || one.topic === topic) && isThere(one));
}

function isThere({ state }: ServerReport): boolean {
  return state !== 'left' && state !== 'refused';
}

function unknown(reports: readonly InstanceReport[], server: string, topic: string | undefined): LynchpinError {
  const there = reports
    .flatMap(({ servers }) => servers.filter(isThere))
    .filter((one) => topic === undefined || one.topic === topic)
    .map((one) => ({ topic: one.topic, server: one.server }));
  const list = there.length === 0 ? 'none answers' : there.map((one) => `${one.server} (${one.topic})`).join(', ');
  const where = topic === undefined ? '' : ` of ${topic}`;
  return new LynchpinError('NO_SUCH_SERVER', `no server ${server}${where} answers the roll call; these do: ${list}`, {
    server,
    topic,
    servers: there,
  });
}
