/**
 * A difference in one line of a built file, for one process of a run: the mechanism that a check guards is switched off
 * there and nowhere else, without a switch in the code itself.
 */
export interface Mutation {
  /** The end of the file's path: `dist/pin/decide.js`. */
  readonly file: string;
  /** Must occur in the file exactly once, or the process does not start. */
  readonly find: string;
  readonly replace: string;
}

/** The environment variable that carries the mutations into a process. */
export const MUTATIONS = 'HARNESS_MUTATIONS';

/** What the loader in the process is told. */
export interface MutationOrder {
  readonly mutations: readonly Mutation[];
  /** Where it says which of them it has applied, one file a line. */
  readonly record: string;
}

/**
 * Applies mutations to a source.
 * @throws Error when one does not fit exactly once: the code has moved on, and the mutation proves nothing any more.
 */
export function mutate(source: string, mutations: readonly Mutation[]): string {
  let text = source;
  for (const { file, find, replace } of mutations) {
    const parts = text.split(find);
    if (parts.length !== 2) throw new Error(`the mutation of ${file} must fit once and fits ${parts.length - 1} times: ${find}`);
    text = parts.join(replace);
  }
  return text;
}
