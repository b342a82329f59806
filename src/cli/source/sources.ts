import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { source, type Source } from './declarations.js';

const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs'];

/**
 * The sources of some modules: the modules themselves and what they import by relative paths. Compiled modules stand for
 * what they were compiled from, where their source map names it.
 * @param folder what paths are given from.
 * @param modules paths of files.
 */
export function sourcesOf(folder: string, modules: readonly string[]): readonly Source[] {
  const found = new Map<string, Source>();
  const queue = [...modules];
  const seen = new Set<string>();
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const text = readFileSync(path, 'utf8');
    const originals = originalsOf(path, text);
    if (originals !== undefined) queue.push(...originals);
    else {
      const file = relative(folder, path).split(sep).join('/');
      found.set(path, source(file, text));
    }
    queue.push(...importsOf(path, text));
  }
  return [...found.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** What a compiled file was compiled from; undefined when it is a source itself. */
function originalsOf(path: string, text: string): readonly string[] | undefined {
  const name = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(text)?.[1];
  if (name === undefined || !/\.[cm]?js$/.test(path)) return undefined;
  try {
    const json = name.startsWith('data:')
      ? Buffer.from(name.slice(name.indexOf(',') + 1), 'base64').toString('utf8')
      : readFileSync(join(dirname(path), name), 'utf8');
    const { sources, sourceRoot = '' } = JSON.parse(json) as { sources: readonly string[]; sourceRoot?: string };
    const originals = sources.map((one) => resolve(dirname(path), sourceRoot, one)).filter(isFile);
    return originals.length === 0 ? undefined : originals;
  } catch {
    // A map that cannot be read tells nothing; then the file is all there is.
    return undefined;
  }
}

function importsOf(path: string, text: string): readonly string[] {
  const names = [...text.matchAll(/(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g)].map(
    (match) => match[2] ?? '',
  );
  return names.flatMap((name) => {
    const base = resolve(dirname(path), name);
    const bare = base.replace(/\.[cm]?js$/, '');
    const tries = [
      base,
      ...EXTENSIONS.flatMap((extension) => [`${bare}${extension}`, `${base}${extension}`, join(base, `index${extension}`)]),
    ];
    const file = tries.find(isFile);
    return file === undefined || !EXTENSIONS.some((extension) => file.endsWith(extension)) ? [] : [file];
  });
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
