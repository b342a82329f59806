import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { SkewRelease, SkewReport } from 'lynchpin/testing';
import { root } from '../../style/project.js';

/** A folder for packages, removed with all in it. */
export class Warehouse {
  readonly folder = mkdtempSync(join(tmpdir(), 'lynchpin-packages-'));
  /** Where its packages find their lynchpin. */
  readonly modules = join(this.folder, 'node_modules');

  constructor() {
    mkdirSync(this.modules);
    symlinkSync(root, join(this.modules, 'lynchpin'));
  }

  /** A package made of a compiled example. */
  package(name: string, version: string, example: string): SkewRelease & { readonly dir: string } {
    const dir = join(this.folder, name);
    mkdirSync(dir);
    cpSync(join(root, 'build/examples', example), join(dir, 'contract'), { recursive: true });
    writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: 'cinder-volume', version, type: 'module' }));
    return { dir, contract: 'contract/index.js' };
  }

  /** A package of some files. */
  files(name: string, files: Readonly<Record<string, string>>): string {
    const folder = join(this.folder, name);
    for (const [path, text] of Object.entries({
      'package.json': JSON.stringify({ name: basename(name), version: '1.0.0', type: 'module' }),
      ...files,
    })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  /** A package with a Lynchpin of its own: a copy of the built one that says that it is another version. */
  withOwnLynchpin(folder: string, version: string): string {
    const lynchpin = join(folder, 'node_modules/lynchpin');
    cpSync(join(root, 'dist'), join(lynchpin, 'dist'), { recursive: true, filter: (file) => !/\.(d\.ts|map|tsbuildinfo)$/.test(file) });
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly dependencies: object };
    writeFileSync(join(lynchpin, 'package.json'), JSON.stringify({ ...manifest, version }));
    mkdirSync(join(lynchpin, 'node_modules'));
    for (const name of Object.keys(manifest.dependencies))
      symlinkSync(join(root, 'node_modules', name), join(lynchpin, 'node_modules', name));
    return lynchpin;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs git in a folder, as nobody in particular. */
export function gitIn(folder: string): (...args: readonly string[]) => string {
  const someone = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
  return (...args) => execFileSync('git', ['-C', folder, ...someone, ...args], { encoding: 'utf8' });
}

/** Changes one place of a file. */
export function plant(file: string, before: string, after: string): void {
  const text = readFileSync(file, 'utf8');
  if (text.split(before).length !== 2) throw new Error(`${file} does not have ${before} once`);
  writeFileSync(file, text.replace(before, after));
}

/** The contract of a small package, without decorators: it needs no compiler. */
export function shelfContract(options: { readonly version: string; readonly levels: string; readonly more?: string }): string {
  return `
import { defineApi, defineMessage, defineObject, t } from 'lynchpin';
export class Book {}
defineObject(Book, {
  name: 'Book',
  version: '1.${options.version}',
  fields: { title: t.string(), pages: t.integer({ minimum: 1 })${options.more ?? ''} },
});
export class Lend {}
defineMessage(Lend, { name: 'Lend', fields: { book: t.object(() => Book), level: ${options.levels} } });
export class Ask {}
defineMessage(Ask, { name: 'Ask', fields: { title: t.string() } });
export class ShelfApi {}
defineApi(ShelfApi, {
  topic: 'shelf',
  version: '1.${options.version}',
  carries: { '1.0': { Book: '1.0' }${options.version === '0' ? '' : `, '1.${options.version}': { Book: '1.${options.version}' }`} },
  methods: { lend: { takes: Lend, idempotent: true }, find: { takes: Ask, returns: Book } },
});
`;
}

/** What of a result is broken: the cells and queues, by name, and how their failures begin. */
export function broken({ cells, queues }: SkewReport): string[] {
  return [
    ...cells.filter(({ failures }) => failures.length > 0).map(({ servers, client }) => `${servers} servers, ${client} client`),
    ...queues.filter(({ failures }) => failures.length > 0).map(({ by, readBy }) => `${by} client's queue, ${readBy} servers`),
  ];
}

/** The processes of releases that this one has started and that are still there. */
export function releasesAlive(): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isReleaseOfOurs(name)).length;
}

function isReleaseOfOurs(pid: string): boolean {
  try {
    const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('skew/worker/program.js');
  } catch {
    return false;
  }
}
