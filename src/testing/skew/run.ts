import { LynchpinError } from '../../errors/index.js';
import { playCell } from './cell.js';
import type { SkewOptions } from './options.js';
import { planCells, planQueues, type ReleaseName } from './plan.js';
import type { ReleaseProcess } from './process.js';
import { playQueue } from './queue.js';
import { placeRelease, type Place } from './release/place.js';
import { SkewResult, type SkewCell, type SkewParty, type SkewQueue } from './result.js';
import { Stage } from './stage.js';

/** How many cells are played at a time: they wait for the broker more than they compute. */
const AT_ONCE = 4;
/** How long everything may take where nothing else is said, in ms. */
export const TIMEOUT = 120_000;

/**
 * Plays every cell and queue of two releases, and answers what became of each.
 * @throws LynchpinError `DECLARATION` for options that cannot work and packages that cannot be loaded, `CONNECTION` without a
 *   broker, `TIMEOUT` when it takes longer than `timeoutMs`.
 */
export async function runSkew(options: SkewOptions): Promise<SkewResult> {
  const began = performance.now();
  const limit = options.timeoutMs ?? TIMEOUT;
  const broker = options.broker ?? process.env['AMQP_URL'];
  if (broker === undefined || broker === '')
    throw new LynchpinError(
      'CONNECTION',
      'skew needs a broker: set the environment variable AMQP_URL, or say { broker: "amqp://localhost" }',
    );
  if (broker.startsWith('memory:'))
    throw new LynchpinError('DECLARATION', 'skew needs a broker between processes: memory: is within one, so name a RabbitMQ, amqp://...');
  const processes: ReleaseProcess[] = [];
  const places: Place[] = [];
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
    for (const process of processes) process.kill();
  }, limit);
  let stage: Stage | undefined;
  try {
    for (const name of ['old', 'new'] as const) places.push(await placeRelease(options[name], late.signal));
    const [old, newer] = places as [Place, Place];
    stage = await Stage.open(options, { old: old.folder, new: newer.folder }, broker, (process) => processes.push(process));
    return await playAll(stage, began);
  } catch (error) {
    if (!late.signal.aborted) throw error;
    throw new LynchpinError(
      'TIMEOUT',
      `skew was not done within ${limit} ms: allow it more with timeoutMs`,
      { timeout: limit },
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
    await Promise.all(processes.map((process) => process.stop()));
    await stage?.ground.close().catch(() => {});
    await Promise.all(places.map((place) => place.clear()));
  }
}

async function playAll(stage: Stage, began: number): Promise<SkewResult> {
  const { lines, described, clients } = stage;
  const unsampled = await Promise.all((['old', 'new'] as const).map((name) => clients[name].ask('unsampled', {})));
  const queues: SkewQueue[] = [];
  const cells: SkewCell[] = [];
  // The queues first: what they wait for is time, not work.
  await inParallel([
    ...planQueues(lines).map((plan, at) => async () => void (queues[at] = await playQueue(stage, plan))),
    ...planCells(lines).map((plan, at) => async () => void (cells[at] = await playCell(stage, plan))),
  ]);
  return new SkewResult({
    topic: described.new.topic,
    old: partyOf(stage, 'old'),
    new: partyOf(stage, 'new'),
    cells,
    queues,
    unsampled: [...new Set(unsampled.flat())],
    milliseconds: Math.round(performance.now() - began),
  });
}

function partyOf({ described, lines }: Stage, name: ReleaseName): SkewParty {
  const { package: title, lynchpin } = described[name];
  return { package: title, lynchpin, floor: lines[name].floor, version: lines[name].head };
}

/** Does everything, a few at a time. The first that fails ends it, once what is under way has ended. */
async function inParallel(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = [...tasks];
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && failures.length === 0; next = waiting.shift()) {
      try {
        await next();
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failures.length > 0) throw failures[0];
}
