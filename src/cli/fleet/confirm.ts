import type { Context } from '../command.js';
import { EXIT, Refusal } from '../exit.js';
import type { ActionOptions } from './command.js';

/**
 * Makes sure that an action is meant: asks on a terminal, and elsewhere relies on `--yes`.
 * @param question what is about to happen, with its end: `Hold volume at 3.2 for every client?`
 * @throws Refusal when it is not confirmed (exit code 1), or nobody can be asked and `--yes` is not given (2).
 */
export async function confirm({ terminal }: Context, question: string, { yes }: Pick<ActionOptions, 'yes'>): Promise<void> {
  if (yes === true) return;
  if (terminal.ask === undefined) {
    throw new Refusal(`${question}\nNobody can be asked here, and nothing was done: give --yes to do it`);
  }
  const answer = await terminal.ask(`${question} [y/N] `);
  if (!/^\s*y(es)?\s*$/i.test(answer)) throw new Refusal('not confirmed: nothing was done', EXIT.violations);
}

/** Who acts, as the ledger keeps it. */
export function authorOf({ author }: Pick<ActionOptions, 'author'>, { terminal }: Context): string {
  const given = author?.trim() ?? '';
  return given === '' ? terminal.user : given;
}
