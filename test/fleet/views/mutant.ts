import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mutate } from '../../harness/mutation/index.js';
import { root } from '../../style/project.js';

const FOLDER = join(root, 'dist/fleet/views');

/**
 * Loads a file of the views with one line of theirs broken, beside the whole ones: a copy of the folder whose imports from
 * elsewhere are those of the original.
 * @param change what is broken: the file, and a line of it.
 */
export async function mutant<Module>(file: string, change: readonly [file: string, find: string, replace: string]): Promise<Module> {
  const [broken, find, replace] = change;
  const folder = mkdtempSync(join(root, 'build/mutant-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const name of readdirSync(FOLDER).filter((one) => one.endsWith('.js'))) {
      const source = readFileSync(join(FOLDER, name), 'utf8').replace(/\n\/\/# sourceMappingURL=.*/, '');
      const mutated = name === broken ? mutate(source, [{ file: name, find, replace }]) : source;
      writeFileSync(
        join(folder, name),
        mutated.replaceAll(/(from ')(\.\.\/[^']+)/g, (_, from: string, to: string) => from + away(to)),
      );
    }
    return (await import(pathToFileURL(join(folder, file)).href)) as Module;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function away(to: string): string {
  return pathToFileURL(join(dirname(join(FOLDER, 'any.js')), to)).href;
}
