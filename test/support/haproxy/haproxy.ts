import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Child } from '../child.js';
import { freePorts } from '../rabbitmq/index.js';
import { findHaproxy } from './binary.js';

const START_LIMIT = 10_000;

/** A server behind the balancer. */
export interface Behind {
  readonly name: string;
  readonly port: number;
}

/** What the balancer knows of a server. */
export interface Facts {
  /** As the balancer puts it: `UP`, `DOWN`, `DRAIN`, `MAINT`. */
  readonly status: string;
  /** How many requests it has there now, or has given up to it. */
  readonly sessions: number;
}

/** HAProxy in the foreground: its own folder, free ports, its own admin socket; a child process that cannot outlive this one. */
export class Haproxy {
  readonly #socket: string;

  private constructor(
    /** Where users come in. */
    readonly port: number,
    readonly folder: string,
    private readonly child: Child,
  ) {
    this.#socket = socketIn(folder);
  }

  /** Starts one in front of these servers, which it looks after by asking for `/readyz`. `stop()` it. */
  static async start(servers: readonly Behind[]): Promise<Haproxy> {
    const program = findHaproxy();
    const folder = await mkdtemp(join(tmpdir(), 'lynchpin-haproxy-'));
    const [port = 0] = await freePorts(1);
    const log = join(folder, 'output.log');
    await writeFile(join(folder, 'haproxy.cfg'), configuration(port, folder, servers));
    const child = await Child.start(program, ['-db', '-f', join(folder, 'haproxy.cfg')], { env: process.env, log, folder });
    const haproxy = new Haproxy(port, folder, child);
    const begun = performance.now();
    while (child.running && performance.now() - begun < START_LIMIT) {
      if (
        await haproxy.tell('show info').then(
          () => true,
          () => false,
        )
      )
        return haproxy;
      await pause(20);
    }
    const output = readFileSync(log, 'utf8');
    await haproxy.stop();
    throw new Error(`HAProxy did not start:\n${output}`);
  }

  /** Gives a command to the admin socket, and answers what it says. */
  tell(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#socket);
      let said = '';
      socket.on('data', (text) => (said += String(text)));
      socket.on('error', reject);
      socket.on('close', () => resolve(said));
      socket.write(`${command}\n`);
    });
  }

  /** No new request goes to a server that drains; those that it has are finished. */
  async set(server: string, state: 'drain' | 'ready'): Promise<void> {
    const said = (await this.tell(`set server gateways/${server} state ${state}`)).trim();
    if (said !== '') throw new Error(`HAProxy does not set ${server} to ${state}: ${said}`);
  }

  /** What it knows of a server now. */
  async facts(server: string): Promise<Facts> {
    const [header = '', ...lines] = (await this.tell('show stat gateways 4 -1')).trim().split('\n');
    const names = header.replace(/^# /, '').split(',');
    for (const line of lines) {
      const fields = new Map(line.split(',').map((field, at) => [names[at], field]));
      if (fields.get('svname') === server) return { status: fields.get('status') ?? '', sessions: Number(fields.get('scur')) };
    }
    throw new Error(`HAProxy knows no server ${server}`);
  }

  /** Waits until what it knows of a server is as wanted. */
  async until(server: string, wanted: (facts: Facts) => boolean, within = 20_000): Promise<void> {
    const begun = performance.now();
    let facts = await this.facts(server);
    while (!wanted(facts)) {
      if (performance.now() - begun > within) throw new Error(`${server} is still ${facts.status} with ${facts.sessions} sessions`);
      await pause(20);
      facts = await this.facts(server);
    }
  }

  async stop(): Promise<void> {
    await this.child.stop('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}

function socketIn(folder: string): string {
  return join(folder, 'admin.sock');
}

function configuration(port: number, folder: string, servers: readonly Behind[]): string {
  return `global
  maxconn 500
  stats socket ${socketIn(folder)} mode 600 level admin

defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s

frontend users
  bind 127.0.0.1:${port}
  default_backend gateways

backend gateways
  balance roundrobin
  option httpchk GET /readyz
  default-server check inter 200ms fall 2 rise 1
${servers.map(({ name, port: to }) => `  server ${name} 127.0.0.1:${to}`).join('\n')}
`;
}
