import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'lynchpin';
import { mutationArguments, unapplied, type Mutation } from '../../harness/mutation/index.js';
import { Haproxy } from '../../support/haproxy/index.js';
import { freePorts, sharedRabbit } from '../../support/rabbitmq/index.js';
import { Instance } from './instance.js';
import { Observer, Users } from './users.js';

const REQUESTS = 10_000;
const USERS = 8;
/** So many requests go by in each state between two steps, and in each that a shown fault has to come up in. */
const MEANWHILE = 300;
const GATEWAYS = ['gateway-1', 'gateway-2'];
const SERVERS = ['stock-1', 'stock-2'];

/** How a shop is opened. */
interface Opening {
  /** Of the gateways of the next release. */
  readonly mutations?: readonly Mutation[];
  /** How long a process works on after SIGTERM, in ms. Default 0: whoever stops it has told the balancer before. */
  readonly grace?: number;
}

/** Two servers, two gateways and HAProxy in front of them. */
class Shop {
  readonly #environment: Readonly<Record<string, string>>;
  readonly #ports: ReadonlyMap<string, number>;
  readonly #mutations: readonly Mutation[];
  readonly #folder = mkdtempSync(join(tmpdir(), 'lynchpin-shop-'));
  readonly #instances = new Map<string, Instance>();

  private constructor(
    readonly haproxy: Haproxy,
    environment: Readonly<Record<string, string>>,
    ports: ReadonlyMap<string, number>,
    mutations: readonly Mutation[],
  ) {
    this.#environment = environment;
    this.#ports = ports;
    this.#mutations = mutations;
  }

  /** Opens with the release that is running today. */
  static async open({ mutations = [], grace = 0 }: Opening): Promise<Shop> {
    const rabbit = await sharedRabbit();
    const free = await freePorts(4);
    const ports = new Map([...GATEWAYS, ...SERVERS].map((name, at) => [name, free[at] as number]));
    const haproxy = await Haproxy.start(GATEWAYS.map((name) => ({ name, port: ports.get(name) as number })));
    const shop = new Shop(haproxy, { AMQP_URL: rabbit.url, NAMESPACE: rabbit.namespace(), GRACE: String(grace) }, ports, mutations);
    for (const name of SERVERS) await shop.start(name, 'released/server.js');
    for (const name of GATEWAYS) {
      await shop.start(name, 'released/gateway.js');
      await haproxy.until(name, ({ status }) => status === 'UP');
    }
    return shop;
  }

  async start(name: string, program: string): Promise<void> {
    const mutated = mutationArguments(program === 'gateway.js' ? this.#mutations : [], this.#record);
    const instance = new Instance(program, this.#ports.get(name) as number, { ...this.#environment, NAME: name }, mutated);
    this.#instances.set(name, instance);
    await instance.ready();
  }

  async stop(name: string): Promise<void> {
    const instance = this.#instances.get(name) as Instance;
    assert.deepEqual(await instance.leave(), [0, null], instance.output);
  }

  /** A server goes, and comes back as one of the next release; the other one has its work meanwhile. */
  async replaceServer(name: string): Promise<void> {
    await this.stop(name);
    await this.start(name, 'server.js');
  }

  /** A gateway is drained by the balancer, goes, and comes back as one of the next release. */
  async replaceGateway(name: string): Promise<void> {
    await this.haproxy.set(name, 'drain');
    await this.haproxy.until(name, ({ status, sessions }) => status.startsWith('DRAIN') && sessions === 0);
    await this.stop(name);
    await this.start(name, 'gateway.js');
    await this.haproxy.set(name, 'ready');
    await this.haproxy.until(name, ({ status }) => status === 'UP');
  }

  /** Nothing older may come back: what the next release shows may be shown. */
  async finalize(): Promise<void> {
    const { AMQP_URL: url = '', NAMESPACE: namespace = '' } = this.#environment;
    const operator = await connect(url, { name: 'operator', namespace });
    await operator.fleet.finalize('stock', '1.1', { reason: 'everything runs the next release' });
    await operator.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#instances.values()].map((instance) => instance.kill()));
    await this.haproxy.stop();
    const forgotten = unapplied(this.#mutations, this.#record);
    rmSync(this.#folder, { recursive: true });
    assert.deepEqual(forgotten, []);
  }

  get #record(): string {
    return join(this.#folder, 'mutations');
  }
}

describe('a shop behind HAProxy', function () {
  this.timeout(180_000);
  let shop: Shop;
  let users: Users;
  let observer: Observer;
  before(async function () {
    await sharedRabbit(this);
  });
  const open = async (opening: Opening = {}): Promise<void> => {
    shop = await Shop.open(opening);
    users = new Users(shop.haproxy.port, USERS);
    observer = new Observer(shop.haproxy.port);
    await meanwhile();
  };
  afterEach(async () => {
    await Promise.all([users.stop(), observer.stop()]);
    await shop.close();
  });
  const meanwhile = (): Promise<void> => users.until(users.answered + MEANWHILE);

  it(`is taken to the next release under load: ${REQUESTS} requests, none failed, and nobody is shown less than before`, async () => {
    await open();
    for (const name of SERVERS) {
      await shop.replaceServer(name);
      await meanwhile();
    }
    for (const name of GATEWAYS) {
      await shop.replaceGateway(name);
      await meanwhile();
    }
    await shop.finalize();
    await observer.until('1.1');
    await meanwhile();
    await users.until(REQUESTS);
    await Promise.all([users.stop(), observer.stop()]);
    assert.deepEqual(users.failed, []);
    assert.ok(users.answered >= REQUESTS);
    assert.deepEqual(observer.seen, ['1.0', '1.1']);
  });

  it('is shown to fail where a gateway shows its own pin: users are shown less than before', async () => {
    const find = "(await bus.fleet.finalVersion('stock')) ?? '1.0'";
    await open({ mutations: [{ file: 'build/examples/gateway/gateway.js', find, replace: 'stock.pin.version' }] });
    for (const name of [...SERVERS, 'gateway-1']) await (SERVERS.includes(name) ? shop.replaceServer(name) : shop.replaceGateway(name));
    await observer.until('1.1');
    await meanwhile();
    assert.deepEqual(observer.seen.slice(0, 3), ['1.0', '1.1', '1.0']);
    assert.deepEqual(users.failed, []);
  });

  it('loses nothing without a word to the balancer where gateways say early enough that they leave', async () => {
    await open({ grace: 3_000 });
    for (const name of GATEWAYS) {
      await shop.stop(name);
      await shop.start(name, 'released/gateway.js');
      await shop.haproxy.until(name, ({ status }) => status === 'UP');
      await meanwhile();
    }
    assert.deepEqual(users.failed, []);
  });

  it('is shown to fail where a gateway goes that the balancer has not drained', async () => {
    await open();
    await shop.stop('gateway-1');
    await users.until(users.answered + REQUESTS);
    assert.notDeepEqual(users.failed, []);
  });
});
