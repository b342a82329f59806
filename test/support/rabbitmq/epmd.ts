import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RabbitPrograms } from './binary.js';
import { Child } from '../child.js';
import { freePorts } from './ports.js';
import { connect } from 'node:net';

/**
 * The name service of Erlang nodes, in the foreground and ours alone: a node that finds none starts a daemon, and a
 * daemon is nobody's child.
 */
export class Epmd {
  readonly port: number;
  readonly #child: Child;

  private constructor(port: number, child: Child) {
    this.port = port;
    this.#child = child;
  }

  static async start(programs: RabbitPrograms, folder: string): Promise<Epmd> {
    const [port = 0] = await freePorts(1);
    const child = await Child.start(programs.epmd, ['-port', String(port), '-address', '127.0.0.1', '-relaxed_command_check'], {
      env: { PATH: process.env['PATH'] },
      log: join(folder, 'epmd.log'),
      folder: '',
    });
    for (let attempt = 0; attempt < 200; attempt += 1) {
      if (!child.running) break;
      if (await listens(port)) return new Epmd(port, child);
      await pause(10);
    }
    await child.stop('SIGKILL');
    throw new Error(`epmd did not start on port ${port}; its log is in ${folder}`);
  }

  async stop(): Promise<void> {
    await this.#child.stop('SIGKILL');
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
