import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process at the other end of a measurement. */
export interface Peer {
  ask(question: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts a program of `peers/` and waits until it is ready. */
export async function startPeer(program: string, ...parameters: string[]): Promise<Peer> {
  const child: ChildProcess = fork(fileURLToPath(new URL(`./peers/${program}.js`, import.meta.url)), parameters, {
    execArgv: ['--expose-gc'],
  });
  const ended = once(child, 'exit');
  const first = await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => Promise.reject(new Error(`${program} ended with ${String(code)} before it was ready`))),
  ]);
  if (first[0] !== 'ready') throw new Error(`${program} said ${String(first[0])}`);
  return {
    async ask(question) {
      const answer = once(child, 'message');
      child.send(question);
      return (await answer)[0] as unknown;
    },
    async stop() {
      child.send('stop');
      await ended;
    },
  };
}
