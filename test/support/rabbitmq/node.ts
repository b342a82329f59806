import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findPrograms, type RabbitPrograms } from './binary.js';
import { Child } from '../child.js';
import { Epmd } from './epmd.js';
import { freePorts, speaksAmqp } from './ports.js';

export interface RabbitOptions {
  /** Shows in the node's name and folder. Default `lynchpin`. */
  readonly prefix?: string;
  /** Further lines for rabbitmq.conf. */
  readonly config?: readonly string[];
  /** Plugins to enable. Default none. */
  readonly plugins?: readonly string[];
}

/** What nodes of one cluster share. */
export interface Neighbourhood {
  readonly epmd: Epmd;
  readonly cookie: string;
}

const START_LIMIT = 60_000;

/** A RabbitMQ node of our own: free ports, its own folder, a child process that cannot outlive this one. */
export class RabbitNode {
  readonly name: string;
  readonly port: number;
  /** Where everything of this node lies; gone after `stop()`. */
  readonly folder: string;
  readonly #programs: RabbitPrograms;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #epmd: Epmd;
  readonly #ownsEpmd: boolean;
  #child: Child | undefined;

  private constructor(fields: {
    name: string;
    port: number;
    folder: string;
    programs: RabbitPrograms;
    environment: NodeJS.ProcessEnv;
    epmd: Epmd;
    ownsEpmd: boolean;
  }) {
    this.name = fields.name;
    this.port = fields.port;
    this.folder = fields.folder;
    this.#programs = fields.programs;
    this.#environment = fields.environment;
    this.#epmd = fields.epmd;
    this.#ownsEpmd = fields.ownsEpmd;
  }

  /** Prepares a node without starting it. */
  static async prepare(options: RabbitOptions = {}, among?: Neighbourhood, name?: string): Promise<RabbitNode> {
    const programs = findPrograms();
    const prefix = options.prefix ?? 'lynchpin';
    const folder = await mkdtemp(join(tmpdir(), `${prefix}-rabbitmq-`));
    const epmd = among?.epmd ?? (await Epmd.start(programs, folder));
    const [port = 0, distribution = 0] = await freePorts(2);
    // The machine's own host name need not resolve; localhost always does.
    const nodeName = name ?? `${prefix}-${randomBytes(4).toString('hex')}@localhost`;
    const environment = await furnish(folder, {
      name: nodeName,
      port,
      distribution,
      epmd: epmd.port,
      cookie: among?.cookie,
      config: options.config ?? [],
      plugins: options.plugins ?? [],
    });
    return new RabbitNode({ name: nodeName, port, folder, programs, environment, epmd, ownsEpmd: among === undefined });
  }

  get url(): string {
    return `amqp://guest:guest@127.0.0.1:${this.port}`;
  }

  /** The process of the broker itself, while it runs. */
  get pid(): number | undefined {
    return this.#child?.running ? this.#child.pid : undefined;
  }

  /** Starts the node, with the data that it had before, and resolves once it answers AMQP. */
  async start(): Promise<void> {
    if (this.#child?.running) return;
    const log = join(this.folder, 'output.log');
    const child = await Child.start(this.#programs.server, [], { env: this.#environment, log, folder: this.folder });
    this.#child = child;
    const begun = performance.now();
    while (performance.now() - begun < START_LIMIT && child.running) {
      if (await speaksAmqp(this.port)) return;
      await pause(25);
    }
    await child.stop('SIGKILL');
    throw new Error(`RabbitMQ did not start as ${this.name} on port ${this.port}:\n${tail(log)}`);
  }

  /** SIGKILL: no goodbye to anybody. `start()` brings it back with what was on disk. */
  async kill(): Promise<void> {
    await this.#child?.stop('SIGKILL');
  }

  /** Ends the process in an orderly way and keeps the data. */
  async halt(): Promise<void> {
    await this.#child?.stop('SIGTERM');
  }

  async restart(): Promise<void> {
    await this.halt();
    await this.start();
  }

  /** The process stands still while its sockets stay open, as on a machine that hangs. */
  freeze(): void {
    this.#child?.signal('SIGSTOP');
  }

  thaw(): void {
    this.#child?.signal('SIGCONT');
  }

  /** Ends the node and deletes all that it had. */
  async stop(): Promise<void> {
    this.thaw();
    await this.#child?.stop('SIGKILL');
    if (this.#ownsEpmd) await this.#epmd.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Becomes a member of the cluster of another node that runs; forgets what it had. */
  async join(other: string): Promise<void> {
    await this.ctl('await_startup');
    await this.ctl('stop_app');
    await this.ctl('join_cluster', other);
    await this.ctl('start_app');
  }

  /** `rabbitmqctl` against this node; answers what it printed. */
  ctl(...args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile(
        this.#programs.ctl,
        ['-q', '-n', this.name, ...args],
        { env: this.#environment, cwd: '/', timeout: 60_000, maxBuffer: 16 << 20 },
        (error, output, problem) => {
          if (error === null) resolve(output);
          else reject(new Error(`rabbitmqctl ${args[0] ?? ''} failed: ${problem || output || error.message}`));
        },
      );
    });
  }

  /** Raises the memory alarm: publishing connections are blocked until `unblock()`. */
  async block(): Promise<void> {
    await this.ctl('set_vm_memory_high_watermark', 'absolute', '1');
  }

  async unblock(): Promise<void> {
    await this.ctl('set_vm_memory_high_watermark', '0.6');
  }
}

/** Starts a private node. `stop()` it. */
export async function startRabbit(options: RabbitOptions = {}): Promise<RabbitNode> {
  const node = await RabbitNode.prepare(options);
  try {
    await node.start();
  } catch (error) {
    await node.stop();
    throw error;
  }
  return node;
}

async function furnish(
  folder: string,
  facts: {
    name: string;
    port: number;
    distribution: number;
    epmd: number;
    cookie: string | undefined;
    config: readonly string[];
    plugins: readonly string[];
  },
): Promise<NodeJS.ProcessEnv> {
  const home = join(folder, 'home');
  await mkdir(home);
  await mkdir(join(folder, 'data'));
  await mkdir(join(folder, 'log'));
  const cookie = join(home, '.erlang.cookie');
  await writeFile(cookie, facts.cookie ?? randomBytes(16).toString('hex').toUpperCase());
  await chmod(cookie, 0o400);
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${facts.port}`,
    'num_acceptors.tcp = 2',
    'vm_memory_high_watermark.relative = 0.6',
    'disk_free_limit.absolute = 1MB',
    'log.file.level = warning',
    'log.console = false',
    ...facts.config,
  ];
  await writeFile(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`);
  await writeFile(join(folder, 'enabled_plugins'), `[${facts.plugins.join(',')}].\n`);
  await writeFile(join(folder, 'rabbitmq-env.conf'), '');
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(RABBITMQ_|ERL_|NOTIFY_SOCKET)/.test(name)));
  return {
    ...inherited,
    HOME: home,
    RUNNING_UNDER_SYSTEMD: '1',
    ERL_EPMD_PORT: String(facts.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: facts.name,
    RABBITMQ_DIST_PORT: String(facts.distribution),
    RABBITMQ_CTL_DIST_PORT_MIN: '20000',
    RABBITMQ_CTL_DIST_PORT_MAX: '60000',
    RABBITMQ_BASE: folder,
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'rabbitmq-env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_FEATURE_FLAGS_FILE: join(folder, 'data', 'feature_flags'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_CTL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
}

function tail(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-2_000) : '(no output)';
}
