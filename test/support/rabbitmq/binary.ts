import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { executable, install, which } from '../debian.js';

/** Where the programs are that a private node needs. */
export interface RabbitPrograms {
  readonly server: string;
  readonly ctl: string;
  readonly epmd: string;
}

const DEBIAN = '/usr/lib/rabbitmq/bin';

/**
 * Finds RabbitMQ, and installs the Debian package when it is missing and this process may.
 * @throws Error one sentence that says how to get one.
 */
export function findPrograms(): RabbitPrograms {
  let found = locate();
  if (found === undefined && install('rabbitmq-server', 'RabbitMQ')) found = locate();
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
