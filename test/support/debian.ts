import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const POLICY = '/usr/sbin/policy-rc.d';

/** Where a program is, on PATH or in the folders for administrators. */
export function which(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).concat('/usr/sbin', '/usr/local/sbin');
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find(executable);
}

/** Whether there is a program of that path. */
export function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Installs a Debian package, where there are packages of Debian and this process may. Many start a service as they are
 * installed, unless the machine's policy forbids it: for as long as this takes, it does.
 */
export function install(name: string, what: string): boolean {
  if (process.getuid?.() !== 0 || which('apt-get') === undefined) return false;
  const before = existsSync(POLICY) ? { text: readFileSync(POLICY), mode: statSync(POLICY).mode } : undefined;
  const forbids = before !== undefined && spawnSync(POLICY, [name, 'start']).status === 101;
  if (!forbids) {
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n');
    chmodSync(POLICY, 0o755);
  }
  try {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = { env: environment, stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'], timeout: 240_000 };
    process.stderr.write(`${what} is missing: installing the package ${name}\n`);
    spawnSync('apt-get', ['update', '-q'], options);
    return (
      spawnSync('apt-get', ['install', '-q', '-y', '-o', 'DPkg::Lock::Timeout=120', '--no-install-recommends', name], options).status === 0
    );
  } finally {
    if (!forbids) {
      if (before === undefined) rmSync(POLICY, { force: true });
      else {
        writeFileSync(POLICY, before.text);
        chmodSync(POLICY, before.mode & 0o7777);
      }
    }
  }
}
