import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Options, transform } from '@swc/core';
import { build } from 'esbuild';
import ts from 'typescript';
import { filesBelow } from '../../scripts/files.js';
import { type Finished, root, runNode } from '../style/project.js';

/** How decorators and fields are written. */
export interface Dialect {
  readonly decorators: 'standard' | 'legacy';
  readonly metadata: 'metadata' | 'none';
  /** Whether a declared field is an own key of every instance. */
  readonly fields: 'define' | 'assign';
}

export const STANDARD: Dialect = { decorators: 'standard', metadata: 'none', fields: 'define' };
export const LEGACY: Dialect = { decorators: 'legacy', metadata: 'none', fields: 'define' };
export const LEGACY_ASSIGN: Dialect = { decorators: 'legacy', metadata: 'none', fields: 'assign' };
export const LEGACY_METADATA: Dialect = { decorators: 'legacy', metadata: 'metadata', fields: 'assign' };

/** The specs that every compiler must carry over, as paths from the root. */
export const SPECS = filesBelow(root, 'test').filter((file) => /\/(decorators|probe)\.spec\.ts$/.test(file));

/** Type tests: what must be accepted is, and each line marked as an expected error is one. */
const TYPE_TESTS = filesBelow(root, 'test/types').filter((file) => file.endsWith('.ts'));

/** The compiler options that stand for a dialect, as tsc, esbuild and tsx read them. */
function compilerOptions({ decorators, metadata, fields }: Dialect): Record<string, boolean> {
  return {
    experimentalDecorators: decorators === 'legacy',
    emitDecoratorMetadata: metadata === 'metadata',
    useDefineForClassFields: fields === 'define',
  };
}

/** A folder of its own, empty. */
export function freshFolder(name: string): string {
  const folder = join(root, 'build/dialects', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Compiles with type checks. Answers what the compiler said; the output mirrors `test/`. */
export function tsc(
  compiler: 'typescript' | 'typescript7',
  dialect: Dialect,
  folder: string,
  files?: readonly string[],
): Promise<Finished> {
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      ...compilerOptions(dialect),
      rootDir: join(root, 'test'),
      outDir: folder,
      types: ['node', 'mocha'],
      declaration: false,
      declarationMap: false,
    },
    include: [],
    files: (files ?? [...SPECS, ...TYPE_TESTS]).map((file) => join(root, file)),
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config, null, 2));
  return runNode([`node_modules/${compiler}/bin/tsc`, '-p', folder]);
}

/** Specs and what they import by path, for compilers that look at one file at a time. */
function closure(files: readonly string[]): string[] {
  const all = new Set(files);
  for (const file of all) {
    for (const { fileName } of ts.preProcessFile(readFileSync(join(root, file), 'utf8')).importedFiles) {
      if (fileName.startsWith('.')) all.add(join(dirname(file), fileName.replace(/\.js$/, '.ts')));
    }
  }
  return [...all];
}

export async function esbuild(dialect: Dialect, folder: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: closure(SPECS),
    outdir: folder,
    outbase: 'test',
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    tsconfigRaw: { compilerOptions: compilerOptions(dialect) },
    logLevel: 'silent',
  });
}

export async function swc(dialect: Dialect, folder: string): Promise<void> {
  const standard = dialect.decorators === 'standard';
  const options: Options = {
    configFile: false,
    swcrc: false,
    module: { type: 'es6' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: {
        ...(standard ? { decoratorVersion: '2023-11' } : { legacyDecorator: true, decoratorMetadata: dialect.metadata === 'metadata' }),
        useDefineForClassFields: dialect.fields === 'define',
      },
    },
  };
  for (const file of closure(SPECS)) {
    const output = join(folder, relative('test', file).replace(/\.ts$/, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    const { code } = await transform(readFileSync(join(root, file), 'utf8'), { ...options, filename: file });
    writeFileSync(output, code);
  }
}

/** tsx compiles while it runs: it gets the sources, and a configuration that says the dialect. */
export function tsx(dialect: Dialect, folder: string): void {
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { target: 'es2022', ...compilerOptions(dialect) } }));
  for (const file of closure(SPECS)) {
    const output = join(folder, relative('test', file));
    mkdirSync(dirname(output), { recursive: true });
    copyFileSync(join(root, file), output);
  }
}
