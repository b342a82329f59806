import { LynchpinError } from '../../errors/index.js';

/** What an error is called: the code of one of the library's own, the name of any other. */
export function nameOfError(error: unknown): string {
  if (LynchpinError.is(error)) return error.code;
  return error instanceof Error ? error.name : 'Error';
}

/** An error's text. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
