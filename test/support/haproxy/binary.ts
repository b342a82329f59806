import { install, which } from '../debian.js';

/**
 * Finds HAProxy, and installs the Debian package when it is missing and this process may.
 * @throws Error one sentence that says how to get one.
 */
export function findHaproxy(): string {
  let found = which('haproxy');
  if (found === undefined && install('haproxy', 'HAProxy')) found = which('haproxy');
  if (found !== undefined) return found;
  throw new Error('This test needs HAProxy: put haproxy on PATH (Debian: apt-get install --no-install-recommends haproxy).');
}
