import { AssertionError } from 'node:assert';
import { compat, type Load, type SuiteOptions } from 'lynchpin/testing';

/** How a suite went: the full title of each test, and what the failed ones said. */
export interface Outcome {
  readonly titles: readonly string[];
  readonly failed: ReadonlyMap<string, string>;
}

/** The smallest runner there can be: it registers at once, and runs one test after the other. */
export async function runSuite(load: Load, options: SuiteOptions = {}): Promise<Outcome> {
  const path: string[] = [];
  const tests: { readonly title: string; readonly body: () => Promise<void> }[] = [];
  compat.suite(load, {
    describe: (title, body) => {
      path.push(title);
      body();
      path.pop();
    },
    it: (title, body) => tests.push({ title: [...path, title].slice(1).join(' > '), body }),
    ...options,
  });
  const failed = new Map<string, string>();
  for (const { title, body } of tests) {
    try {
      await body();
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      failed.set(title, error.message);
    }
  }
  return { titles: tests.map(({ title }) => title), failed };
}
