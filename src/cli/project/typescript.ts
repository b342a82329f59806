import { existsSync, readFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Refusal } from '../exit.js';

/** What can run TypeScript, in the order in which it is looked for, and where each keeps its way in. */
const RUNNERS = [
  { name: 'tsx', entry: './esm/api', start: startTsx },
  { name: '@swc-node/register', entry: './esm', start: startHooks },
  { name: 'ts-node', entry: './esm', start: startHooks },
] as const;

/**
 * Makes `import` of TypeScript work, by what the project has: tsx, @swc-node/register or ts-node.
 * @param folder the project's.
 * @param file what is to be loaded.
 * @returns the name of what does it.
 * @throws Refusal when there is nothing.
 */
export async function prepareTypeScript(folder: string, file: string): Promise<string> {
  const require = createRequire(join(folder, 'package.json'));
  for (const { name, entry, start } of RUNNERS) {
    const url = entryOf(require, name, entry);
    if (url === undefined) continue;
    // The first that is there decides: whoever has two of them has the later ones for something else.
    // oxlint-disable-next-line no-await-in-loop
    await start(url, { folder, file, require });
    return name;
  }
  throw new Refusal(
    [
      `${relative(folder, file)} is TypeScript, and the project has nothing to run it with. Do one of these:`,
      ``,
      `    npm install --save-dev tsx          then the same command again`,
      `    "contracts": ["./dist/contracts.js"] and compile before you check`,
      ``,
      `@swc-node/register and ts-node do as well where the project already has them.`,
    ].join('\n'),
  );
}

interface Start {
  readonly folder: string;
  readonly file: string;
  readonly require: NodeJS.Require;
}

async function startTsx(url: string, { folder, file, require }: Start): Promise<void> {
  const config = configFor(folder, file);
  const options = config === undefined ? {} : { tsconfig: config };
  for (const way of [url, entryOf(require, 'tsx', './cjs/api')]) {
    if (way === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- two ways into one program, each once
    const { register: begin } = (await import(way)) as { register(options: object): unknown };
    begin(options);
  }
}

/** Loaders that know no other way in than node's own hooks. */
function startHooks(url: string, { folder }: Start): void {
  register(url, pathToFileURL(`${folder}/`).href);
}

/** The nearest tsconfig.json above the file: it says which dialect of decorators the project writes. */
function configFor(folder: string, file: string): string | undefined {
  for (let at = dirname(file); ; at = dirname(at)) {
    const config = join(at, 'tsconfig.json');
    if (existsSync(config)) return config;
    if (at === folder || dirname(at) === at) return undefined;
  }
}

/** The URL of what a package gives to `import`; `require.resolve` would give what is meant for `require`. */
function entryOf(require: NodeJS.Require, name: string, entry: string): string | undefined {
  for (const folder of require.resolve.paths(name) ?? []) {
    const manifest = join(folder, name, 'package.json');
    if (!existsSync(manifest)) continue;
    const { exports = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: Readonly<Record<string, unknown>> };
    const path = forImport(exports[entry]);
    return path === undefined ? undefined : pathToFileURL(join(dirname(manifest), path)).href;
  }
  return undefined;
}

function forImport(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  const { import: forModules, node, default: otherwise } = target as Readonly<Record<string, unknown>>;
  return forImport(forModules) ?? forImport(node) ?? forImport(otherwise);
}
