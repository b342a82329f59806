import { LynchpinError } from '../../errors/index.js';

/** A test runner's `describe`. */
export type Describe = (title: string, body: () => void) => unknown;

/** A test runner's `it`. Where it takes a third argument, that is how long the test may take, in ms. */
export type It = (title: string, body: () => Promise<void>, timeout: number) => unknown;

/** What a suite is registered with. */
export interface Runner {
  readonly describe: Describe;
  readonly it: It;
}

/** How long one fact may take, in ms: the first one loads the contract, through whatever compiles it. */
const TIMEOUT = 60_000;

/**
 * The runner that was given, or else whose `describe` and `it` are global.
 * @param call how it is given one, for the message: `compat.suite(load, { describe, it })`.
 * @throws LynchpinError `DECLARATION` when there is none.
 */
export function findRunner(given: Partial<Runner>, call: string): Runner {
  const describe = given.describe ?? globalNamed('describe');
  const it = given.it ?? globalNamed('it') ?? globalNamed('test');
  const missing = [describe === undefined ? 'describe' : '', it === undefined ? 'it' : ''].filter((name) => name !== '');
  if (describe === undefined || it === undefined)
    throw new LynchpinError(
      'DECLARATION',
      `${call.replace(/\(.*$/, '')} found no ${missing.join(' and no ')}: run it in mocha, jest, or vitest with globals, or pass those of another runner, ` +
        `import { describe, it } from 'node:test'; ${call}`,
      { missing },
    );
  return { describe: describe as Describe, it: it as It };
}

/** Registers one test, with time enough in every runner. */
export function register({ it }: Runner, title: string, prove: () => Promise<void>, timeout = TIMEOUT): void {
  // mocha takes the time from its context, jest and vitest as an argument, and node:test has no limit.
  const body = function (this: unknown): Promise<void> {
    const context = this as { timeout?: unknown } | undefined;
    if (typeof context?.timeout === 'function') context.timeout(timeout);
    return prove();
  };
  it(title, body, timeout);
}

function globalNamed(name: string): unknown {
  const found: unknown = (globalThis as Record<string, unknown>)[name];
  return typeof found === 'function' ? found : undefined;
}
