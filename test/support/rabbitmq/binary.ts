import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Where the programs are that a private node needs. */
export interface RabbitPrograms {
  readonly server: string;
  readonly ctl: string;
  readonly epmd: string;
}

const DEBIAN = '/usr/lib/rabbitmq/bin';
const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Finds RabbitMQ, and installs the Debian package when it is missing and this process may.
 * @throws Error one sentence that says how to get one.
 */
export function findPrograms(): RabbitPrograms {
  let found = locate();
  if (found === undefined && install()) found = locate();
  if (found !== undefined) return found;
  throw new Error(
    'These tests need RabbitMQ: set AMQP_URL to a running one, or put rabbitmq-server and erlang on PATH (Debian: apt-get install --no-install-recommends rabbitmq-server).',
  );
}

function locate(): RabbitPrograms | undefined {
  // The program on PATH is often a wrapper that changes the user; the real scripts stand beside what it leads to.
  const onPath = which('rabbitmq-server');
  const folders = [DEBIAN, ...(onPath === undefined ? [] : [dirname(realpathSync(onPath)), dirname(onPath)])];
  const folder = folders.find((candidate) => executable(join(candidate, 'rabbitmq-server')) && executable(join(candidate, 'rabbitmqctl')));
  const epmd = which('epmd') ?? epmdBesideErl();
  if (folder === undefined || epmd === undefined) return undefined;
  return { server: join(folder, 'rabbitmq-server'), ctl: join(folder, 'rabbitmqctl'), epmd };
}

function epmdBesideErl(): string | undefined {
  const erl = which('erl');
  if (erl === undefined) return undefined;
  const beside = join(dirname(realpathSync(erl)), 'epmd');
  return executable(beside) ? beside : undefined;
}

function which(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).concat('/usr/sbin', '/usr/local/sbin');
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find(executable);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The package starts a service as it is installed, unless the machine's policy forbids it: for as long as this takes, it does. */
function install(): boolean {
  if (process.getuid?.() !== 0 || which('apt-get') === undefined) return false;
  const before = existsSync(POLICY) ? { text: readFileSync(POLICY), mode: statSync(POLICY).mode } : undefined;
  const forbids = before !== undefined && spawnSync(POLICY, ['rabbitmq-server', 'start']).status === 101;
  if (!forbids) {
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n');
    chmodSync(POLICY, 0o755);
  }
  try {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = { env: environment, stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'], timeout: 240_000 };
    process.stderr.write('RabbitMQ is missing: installing the package rabbitmq-server\n');
    spawnSync('apt-get', ['update', '-q'], options);
    return (
      spawnSync('apt-get', ['install', '-q', '-y', '-o', 'DPkg::Lock::Timeout=120', '--no-install-recommends', 'rabbitmq-server'], options)
        .status === 0
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
