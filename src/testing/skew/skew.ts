import { AssertionError } from 'node:assert';
import { findRunner, register } from '../suite/runner.js';
import type { SkewOptions, SkewSuiteOptions } from './options.js';
import type { SkewClient, SkewServers } from './plan.js';
import { failuresOf, titleOfCell, titleOfQueue, type SkewFailure, type SkewResult } from './result.js';
import { runSkew, TIMEOUT } from './run.js';

/** Tests of a really released package against today's. */
export interface Skew {
  /**
   * Registers one test for each cell and for each kind of message that may wait on a queue, with the runner's `describe` and
   * `it`. The releases run once, when the first of the tests begins.
   * @param options what is tested, and the runner where its functions are not global.
   * @throws LynchpinError `DECLARATION` when there is no `describe` or `it`.
   */
  (options: SkewSuiteOptions): void;
  /**
   * Runs the same without a test runner, and answers what became of each cell.
   * @throws LynchpinError `DECLARATION` for options that cannot work and packages that cannot be loaded or built, `CONNECTION`
   *   without a broker, `TIMEOUT` when it takes longer than `timeoutMs`.
   */
  run(options: SkewOptions): Promise<SkewResult>;
}

const CELLS = (['old', 'mixed', 'new'] as const satisfies readonly SkewServers[]).flatMap((servers) =>
  (['old', 'pinned', 'released'] as const satisfies readonly SkewClient[]).map((client) => ({ servers, client })),
);
const QUEUES = [
  { by: 'old', readBy: 'new' },
  { by: 'pinned', readBy: 'old' },
  { by: 'released', readBy: 'old' },
] as const;

/**
 * Runs a released package and today's against each other over a broker, each in processes of its own and with the Lynchpin that
 * it brings: old, mixed and new servers, called by the old client, by the new one while it is pinned and by the new one once it
 * is released; and what one release queues is read by the other. What must come of each cell is worked out from the versions
 * and the declared conversions.
 */
export const skew: Skew = Object.assign(
  (options: SkewSuiteOptions): void => {
    const runner = findRunner(options, 'skew({ old, new, describe, it })');
    const limit = (options.timeoutMs ?? TIMEOUT) + 10_000;
    let running: Promise<SkewResult> | undefined;
    const result = (): Promise<SkewResult> => (running ??= runSkew(options));
    runner.describe('the old release and the new one', () => {
      for (const cell of CELLS) {
        const title = titleOfCell(cell);
        register(
          runner,
          title,
          async () => {
            const { cells } = await result();
            prove(title, cells.find(({ servers, client }) => servers === cell.servers && client === cell.client)?.failures);
          },
          limit,
        );
      }
      for (const queue of QUEUES) {
        const title = titleOfQueue(queue);
        register(
          runner,
          title,
          async () => {
            const { queues } = await result();
            prove(title, queues.find(({ by }) => by === queue.by)?.failures);
          },
          limit,
        );
      }
    });
  },
  { run: runSkew },
);

/** Nothing is wrong with a cell that the releases cannot have: where they share no version, nothing can wait on a queue. */
function prove(title: string, failures: readonly SkewFailure[] = []): void {
  if (failures.length > 0) throw new AssertionError({ message: failuresOf(title, failures).join('\n').trim(), operator: 'fail' });
}
