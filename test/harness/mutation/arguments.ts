import { existsSync, readFileSync } from 'node:fs';
import { type Mutation, type MutationOrder, MUTATIONS } from './mutation.js';

const REGISTER = new URL('./register.js', import.meta.url).href;

/** What a Node process is started with so that it runs mutated. */
export interface MutationArguments {
  readonly nodeOptions: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** @param record a file of the process's own, where the loader says what it applied. */
export function mutationArguments(mutations: readonly Mutation[], record: string): MutationArguments {
  if (mutations.length === 0) return { nodeOptions: [], environment: {} };
  const order: MutationOrder = { mutations, record };
  return { nodeOptions: ['--import', REGISTER], environment: { [MUTATIONS]: JSON.stringify(order) } };
}

/** Those that the process never came to: it did not load the file, so the run proved nothing about them. */
export function unapplied(mutations: readonly Mutation[], record: string): Mutation[] {
  const applied = existsSync(record) ? readFileSync(record, 'utf8').split('\n') : [];
  return mutations.filter(({ file }) => !applied.includes(file));
}
