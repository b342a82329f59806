import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { connect } from '../../../bus/index.js';
import { LynchpinError } from '../../../errors/index.js';
import type { Class } from '../../../objects/index.js';
import { Contract, isContract } from '../../../rpc/index.js';
import type { Assignment } from '../messages.js';

/** What a package brings along: its contract, its handlers if it is asked for them, and the library that it was built with. */
export interface Loaded {
  /** `volume@1.4.2`. */
  readonly name: string;
  readonly api: Class<object>;
  readonly contract: Contract;
  /** Makes its handlers; undefined where none were asked for. */
  readonly service: (() => object) | undefined;
  readonly lynchpin: { readonly version: string; readonly connect: typeof connect };
}

/** Loads a package from its folder. @throws LynchpinError `DECLARATION` when something of it is missing. */
export async function loadPackage({ folder, contract: path, export: name, service }: Assignment): Promise<Loaded> {
  const file = join(folder, path);
  const api = contractIn(await imported(file), path, name);
  const require = createRequire(pathToFileURL(file));
  let entry: string;
  try {
    entry = require.resolve('lynchpin');
  } catch (cause) {
    throw new LynchpinError('DECLARATION', `${path} finds no lynchpin: it must be installed with its package`, { path }, { cause });
  }
  const library = (await import(pathToFileURL(entry).href)) as { readonly connect: typeof connect };
  return {
    name: nameOf(dirname(file)),
    api,
    contract: Contract.of(api),
    service: service === undefined ? undefined : await serviceIn(join(folder, service), service),
    lynchpin: { version: versionOf(require.resolve('lynchpin/package.json')), connect: library.connect },
  };
}

async function imported(file: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
}

function contractIn(module: Readonly<Record<string, unknown>>, path: string, name: string | undefined): Class<object> {
  if (name !== undefined) {
    const found = module[name];
    if (typeof found === 'function') return found as unknown as Class<object>;
    throw new LynchpinError('DECLARATION', `${path} exports no class ${name}: it exports ${Object.keys(module).join(', ')}`, {
      path,
      name,
    });
  }
  const contracts = Object.entries(module).filter(([, value]) => typeof value === 'function' && isContract(value as unknown as Class));
  if (contracts.length === 1) return contracts[0]?.[1] as Class<object>;
  const found = contracts.length === 0 ? 'no contract' : `the contracts ${contracts.map(([key]) => key).join(', ')}`;
  throw new LynchpinError('DECLARATION', `${path} exports ${found}: say which one is meant, with export: 'NAME'`, { path });
}

async function serviceIn(file: string, path: string): Promise<() => object> {
  const module = await imported(file);
  const classes = Object.values(module).filter((value) => typeof value === 'function');
  const Service = module['default'] ?? (classes.length === 1 ? classes[0] : undefined);
  if (typeof Service !== 'function')
    throw new LynchpinError('DECLARATION', `${path} must export one class of handlers, or several and the one meant as its default`, {
      path,
    });
  return () => new (Service as new () => object)();
}

/** What the nearest manifest says, from the module's folder upwards. */
function nameOf(folder: string): string {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return dirname(folder) === folder ? 'package' : nameOf(dirname(folder));
  const { name = 'package', version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: string; readonly version?: string };
  return version === undefined ? name : `${name}@${version}`;
}

function versionOf(file: string): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
