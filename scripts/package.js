/**
 * Checks the package as its users get it: packs it, lets publint and attw judge the tarball, then imports it, requires
 * it and compiles against it in an empty folder that has only what the package depends on.
 *
 *     node scripts/package.js [folder]      what to pack; the project itself when left out. It must be built.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = resolve(process.argv[2] ?? root);
const modules = join(root, 'node_modules');
const work = mkdtempSync(join(tmpdir(), 'lynchpin-package-'));
let failed = 0;

/**
 * Runs one check and says how it went; what it printed is shown only when it failed.
 * @param {string} what
 * @param {string} program
 * @param {string[]} args
 * @param {string} [cwd]
 */
function check(what, program, args, cwd = work) {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 120_000 });
  console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${what}  ${Math.round(performance.now() - started)} ms`);
  if (status === 0) return;
  failed += 1;
  console.error(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
}

/** @param {string} name */
const bin = (name) => join(modules, '.bin', name);

const USE = `
if (typeof first.LynchpinError !== 'function') throw new Error('LynchpinError is not exported');
if (first.LynchpinError !== second.LynchpinError) throw new Error('import and require gave two copies');
if (!first.LynchpinError.is(new second.LynchpinError('TIMEOUT', 'x'), 'TIMEOUT')) throw new Error('the error is not recognised');
`;
const COMPILED = `
import { LynchpinError, type ErrorCode } from 'lynchpin';
import { compat, type Compat } from 'lynchpin/testing';
const tests: Compat = compat;
const code: ErrorCode = new LynchpinError('TIMEOUT', 'x').code;
// @ts-expect-error the table of codes is closed
const wrong: ErrorCode = 'NO_SUCH_CODE';
export { code, tests, wrong };
`;

try {
  check('packs', 'npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', work], source);
  const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'));
  if (tarball !== undefined) {
    const installed = join(work, 'node_modules', 'lynchpin');
    mkdirSync(installed, { recursive: true });
    check('unpacks', 'tar', ['-xzf', join(work, tarball), '-C', installed, '--strip-components=1']);
    const { dependencies = {}, bin: programs = {} } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    for (const name of [...Object.keys(dependencies), '@types/node']) {
      const link = join(work, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      if (existsSync(join(modules, name))) symlinkSync(join(modules, name), link);
    }
    writeFileSync(join(work, 'package.json'), '{ "private": true, "type": "module" }\n');
    writeFileSync(
      join(work, 'use.mjs'),
      `import * as first from 'lynchpin';\nimport { createRequire } from 'node:module';\nconst second = createRequire(import.meta.url)('lynchpin');${USE}`,
    );
    writeFileSync(join(work, 'use.cjs'), `const first = require('lynchpin');\nimport('lynchpin').then((second) => {${USE}});\n`);
    writeFileSync(join(work, 'use.ts'), COMPILED);
    check('publint', bin('publint'), ['run', join(work, tarball), '--strict']);
    check('attw', bin('attw'), [join(work, tarball), '--profile', 'esm-only']);
    for (const [name, file] of Object.entries(programs)) {
      // As npm links it: what is packed must be executable, and find what it needs from where it really lies.
      const link = join(work, 'node_modules', '.bin', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(installed, String(file)), link);
      check(`bin ${name}`, link, ['--version']);
      check(`bin ${name}, with the pages of rules`, link, ['compat', 'explain', 'history/gap']);
    }
    check('import', process.execPath, ['use.mjs']);
    check('require', process.execPath, ['--no-warnings', 'use.cjs']);
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node', 'use.ts'];
    for (const [compiler, skip] of [
      ['typescript7', 'false'],
      ['typescript', 'true'],
    ]) {
      check(`compiles with ${compiler}`, process.execPath, [
        join(modules, String(compiler), 'bin/tsc'),
        '--skipLibCheck',
        String(skip),
        '--ignoreConfig',
        ...flags,
      ]);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
