import { pathToFileURL } from 'node:url';
import { relative } from 'node:path';
import { LynchpinError } from '../../errors/index.js';
import { Refusal } from '../exit.js';
import { prepareTypeScript } from './typescript.js';

/**
 * Loads modules as their project would: compiled ones as they are, TypeScript through what the project compiles with.
 * @param folder the project's.
 * @param files absolute paths.
 * @throws Refusal when a module cannot be loaded.
 */
export async function loadModules(folder: string, files: readonly string[]): Promise<readonly unknown[]> {
  const typed = files.find((file) => /\.[cm]?tsx?$/.test(file));
  const through = typed === undefined ? undefined : await prepareTypeScript(folder, typed);
  const modules: unknown[] = [];
  for (const file of files) {
    try {
      // One after the other: contracts refer to each other, and so errors come in the order of the settings.
      // oxlint-disable-next-line no-await-in-loop
      modules.push(await import(pathToFileURL(file).href));
    } catch (error) {
      const name = relative(folder, file);
      const how = through === undefined ? '' : ` through ${through}`;
      throw new Refusal(`${name} cannot be loaded${how}:\n${reasonOf(error)}`, undefined, { cause: error });
    }
  }
  return modules;
}

/** What people need of it: a declaration error explains itself, any other error has its place in the stack. */
function reasonOf(error: unknown): string {
  if (LynchpinError.is(error) || !(error instanceof Error)) return error instanceof Error ? error.message : String(error);
  // A loader that cannot read a module tells no more than this, and decorators are what it cannot read most often.
  if (error.name === 'SyntaxError')
    return `${error.message}\nWhere it has decorators they must be compiled: name the compiled module, or the .ts file where the project has tsx`;
  const stack = (error.stack ?? error.message).split('\n');
  const own = stack.filter((line) => !/^\s+at .*(?:node:internal|\/node_modules\/)/.test(line));
  return own.slice(0, 8).join('\n');
}
