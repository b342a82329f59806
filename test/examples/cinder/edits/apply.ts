import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Change } from './edit.js';

const CONTRACT = fileURLToPath(new URL('../../../../../examples/cinder-volume/contract/', import.meta.url));

let loaded = 0;

/**
 * Applies changes to the contract's sources, in memory, and loads what comes of them. The classes are new ones each time.
 * @throws Error when the text to replace does not occur exactly once.
 */
export async function load(changes: readonly Change[]): Promise<object> {
  const texts = apply(changes);
  const { outputFiles } = await build({
    entryPoints: [join(CONTRACT, 'index.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    logLevel: 'silent',
    tsconfigRaw: {},
    plugins: [contractAnd(texts)],
  });
  // The number makes it another module each time, for the loader keeps what it has loaded.
  const code = `${outputFiles[0]?.text ?? ''}\n// ${++loaded}\n`;
  return (await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)) as object;
}

/** The changed files, by path. */
export function apply(changes: readonly Change[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { file, replace } of changes) {
    const path = join(CONTRACT, file);
    const parts = (texts.get(path) ?? readFileSync(path, 'utf8')).split(replace[0]);
    if (parts.length !== 2)
      throw new Error(`${JSON.stringify(replace[0])} occurs ${parts.length - 1} times in ${file}: bring the edit up to date`);
    texts.set(path, parts.join(replace[1]));
  }
  return texts;
}

/** Serves the changed files, and this package where the contract says `lynchpin`. */
function contractAnd(texts: ReadonlyMap<string, string>): Plugin {
  const own = import.meta.resolve('lynchpin');
  return {
    name: 'contract',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^lynchpin$/ }, () => ({ path: own, external: true }));
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = texts.get(path);
        return contents === undefined ? undefined : { contents, loader: 'ts', resolveDir: dirname(path) };
      });
    },
  };
}
