import { LynchpinError } from '../../errors/index.js';

/** What a suite is registered with. */
export interface Runner {
  readonly describe: (title: string, body: () => void) => unknown;
  /** Where it takes a third argument, that is how long the test may take, in ms. */
  readonly it: (title: string, body: () => Promise<void>, timeout: number) => unknown;
}

/** The runner that was given, or else whose `describe` and `it` are global. @throws LynchpinError `DECLARATION`. */
export function findRunner(given: Partial<Runner>): Runner {
  const describe = given.describe ?? globalNamed('describe');
  const it = given.it ?? globalNamed('it') ?? globalNamed('test');
  if (describe === undefined || it === undefined)
    throw new LynchpinError('DECLARATION', 'skew found no describe and it: pass those of your runner, or call skew.run');
  return { describe: describe as Runner['describe'], it: it as Runner['it'] };
}

/** Registers one test, with time enough in every runner. */
export function register({ it }: Runner, title: string, timeout: number, prove: () => Promise<void>): void {
  it(
    title,
    function (this: unknown): Promise<void> {
      const context = this as { timeout?: unknown } | undefined;
      if (typeof context?.timeout === 'function') context.timeout(timeout);
      return prove();
    },
    timeout,
  );
}

function globalNamed(name: string): unknown {
  const found: unknown = (globalThis as Record<string, unknown>)[name];
  return typeof found === 'function' ? found : undefined;
}
