import { strict as assert } from 'node:assert';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connect, type Bus, type RpcClient } from 'lynchpin';
import { namesOf, openBroker, type Broker, type Delivery } from '#lynchpin/broker/index.js';
import { BackApi, FrontApi } from '../../rpc/fixtures/chain.js';
import { sharedRabbit } from '../../support/rabbitmq/index.js';
import type { Orders, Role, Told } from './program.js';

const PROGRAM = fileURLToPath(new URL('./program.js', import.meta.url));
const CALLS = 50;
const BACKLOG = 2_000;
/** Longer than any of them takes that is not waited for. */
const PATIENCE = 10_000;

/** One service in a process of its own. */
class Instance {
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
  serving = false;
  began = 0;
  readonly noted: string[] = [];
  output = '';
  readonly #process: ChildProcess;

  constructor(orders: Orders) {
    this.#process = fork(PROGRAM, [JSON.stringify(orders)], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream?.on('data', (text) => (this.output += String(text)));
    this.#process.on('message', (told: Told) => {
      if ('serving' in told) this.serving = true;
      if ('began' in told) this.began = told.began;
      if ('noted' in told) this.noted.push(told.noted);
    });
    this.ended = once(this.#process, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  }

  async until(condition: (instance: Instance) => boolean): Promise<this> {
    const gone = this.ended.then(() => Promise.reject(new Error(`the process has ended: ${this.output}`)));
    gone.catch(() => undefined);
    while (!condition(this)) await Promise.race([once(this.#process, 'message'), gone]);
    return this;
  }

  /** Its handlers go on to what they need. */
  letGo(): void {
    this.#process.send('go');
  }

  terminate(): void {
    this.#process.kill('SIGTERM');
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

describe('services that are told to stop, one process each, on RabbitMQ', function () {
  this.timeout(60_000);
  let url: string;
  let namespace: string;
  let broker: Broker;
  let userBus: Bus;
  let user: RpcClient<FrontApi>;
  let instances: Map<Role, Instance>;
  before(async function () {
    ({ url } = await sharedRabbit(this));
  });
  const begin = async (roles: readonly Role[], more: Partial<Orders> = {}): Promise<void> => {
    namespace = (await sharedRabbit()).namespace();
    broker = await openBroker(url);
    const chain = roles.includes('deep');
    const started = roles.map((role) => [role, new Instance({ url, namespace, role, chain, drainTimeout: 30_000, ...more })] as const);
    instances = new Map(started);
    await Promise.all(started.map(([, instance]) => instance.until(({ serving }) => serving)));
    userBus = await connect(url, { name: 'user', namespace });
    user = await userBus.client(FrontApi);
  };
  afterEach(async () => {
    await userBus.close({ timeout: 100 });
    await broker.close();
    await Promise.all([...instances.values()].map((instance) => instance.kill()));
  });

  const the = (role: Role): Instance => instances.get(role) as Instance;
  const leave = (...roles: Role[]): void => roles.forEach((role) => the(role).terminate());
  /** Has many requests begun, and answers with what will answer them. */
  const inHand = async (calls = CALLS): Promise<{ readonly answers: Promise<string[]> }> => {
    const answers = Promise.all(Array.from({ length: calls }, (_, at) => user.call.ask({ text: `slow ${at}` })));
    answers.catch(() => undefined);
    await the('front').until(({ began }) => began === calls);
    return { answers };
  };
  const offTheRoll = async (topic: string): Promise<void> => {
    for (;;) {
      const count = await broker.count(namesOf(topic, namespace).roll);
      if (count.known && count.consumers === 0) return;
    }
  };
  const all = (form: (text: string) => string): string[] => Array.from({ length: CALLS }, (_, at) => form(`quick ${at}`));
  const endedWell = async (...roles: Role[]): Promise<void> => {
    for (const role of roles) assert.deepEqual(await the(role).ended, [0, null], the(role).output);
  };

  for (const order of [
    ['front', 'back'],
    ['back', 'front'],
  ] as const)
    it(`all ${CALLS} requests in hand are answered where both are told at once, ${order[0]} first`, async () => {
      await begin(['front', 'back']);
      const { answers } = await inHand();
      leave(...order);
      await Promise.all([offTheRoll('front'), offTheRoll('back')]);
      the('front').letGo();
      assert.deepEqual(
        await answers,
        all((text) => `front(back(${text}))`),
      );
      await endedWell('front', 'back');
    });

  it('all are answered where only the one that is needed is told, and nobody takes its place', async () => {
    await begin(['front', 'back']);
    const { answers } = await inHand();
    leave('back');
    await offTheRoll('back');
    the('front').letGo();
    assert.deepEqual(
      await answers,
      all((text) => `front(back(${text}))`),
    );
    await endedWell('back');
  });

  it('all are answered where only the one that needs others is told', async () => {
    await begin(['front', 'back']);
    const { answers } = await inHand();
    leave('front');
    await offTheRoll('front');
    the('front').letGo();
    assert.deepEqual(
      await answers,
      all((text) => `front(back(${text}))`),
    );
    await endedWell('front');
  });

  it('all are answered through a chain of three, the last one told first', async () => {
    await begin(['front', 'back', 'deep']);
    const { answers } = await inHand();
    leave('deep', 'back', 'front');
    await Promise.all(['deep', 'back', 'front'].map((topic) => offTheRoll(topic)));
    the('front').letGo();
    assert.deepEqual(
      await answers,
      all((text) => `front(back(deep(${text})))`),
    );
    await endedWell('front', 'back', 'deep');
  });

  it('nobody stays where nothing is in hand, and a call without work behind it waits for the next server', async () => {
    await begin(['front', 'back']);
    const before = performance.now();
    leave('front', 'back');
    await offTheRoll('back');
    const direct = await userBus.client(BackApi);
    const late = direct.call.ask({ text: 'late' }, { timeout: PATIENCE }).catch((error: unknown) => error);
    await endedWell('front', 'back');
    assert.ok(performance.now() - before < 5_000, `${performance.now() - before} ms`);
    const next = new Instance({ url, namespace, role: 'back', chain: false, drainTimeout: 30_000 });
    instances.set('back', next);
    assert.equal(await late, 'back(late)');
  });

  describe(`behind ${BACKLOG} casts`, () => {
    /** A request is in hand whose next call will stand behind them all, on a lane whose last server leaves. */
    const prepare = async (): Promise<{ readonly answers: Promise<string[]> }> => {
      await begin(['front', 'back']);
      const direct = await userBus.client(BackApi);
      const inHandNow = await inHand(1);
      leave('back');
      await offTheRoll('back');
      await Promise.all(Array.from({ length: BACKLOG }, (_, at) => direct.cast.note({ text: `note ${at}` })));
      return inHandNow;
    };
    const next = async (): Promise<Instance> => {
      const instance = await new Instance({ url, namespace, role: 'back', chain: false, drainTimeout: 30_000 }).until(
        ({ serving }) => serving,
      );
      instances.set('back', instance);
      return instance;
    };
    const standing = async (queue: string): Promise<number> => {
      const count = await broker.count(queue);
      return count.known ? count.ready : 0;
    };

    /** Resolves once somebody has asked for a call. */
    const asked = async (control: string): Promise<void> => {
      const intake = await broker.openIntake(() => undefined);
      const inbox = await intake.inbox([control]);
      await new Promise<void>((resolve, reject) => {
        const hear = ({ type, body }: Delivery): void => {
          if (type === 'finish' && !body.toString().includes('[]')) resolve();
        };
        intake.consume(inbox, { prefetch: 0, noAck: true }, hear).catch(reject);
      });
      await intake.close();
    };

    it('a call is found and answered, and each of them is done once by the next server', async () => {
      const { answers } = await prepare();
      the('front').letGo();
      assert.deepEqual(await answers, ['front(back(quick 0))']);
      await endedWell('back');
      const after = await (await next()).until(({ noted }) => noted.length >= BACKLOG);
      assert.deepEqual(new Set(after.noted).size, BACKLOG);
      assert.deepEqual([after.noted.length, await standing(namesOf('back', namespace).dead)], [BACKLOG, 0]);
    });

    it('nothing is lost where who looks for it is killed: each is done once, or stands with its reason', async () => {
      const { answers } = await prepare();
      const names = namesOf('back', namespace);
      const hearing = asked(names.control);
      the('front').letGo();
      await hearing;
      // Some are in its hand.
      while ((await standing(names.lane('1.1'))) === BACKLOG + 1);
      await the('back').kill();
      const after = await next();
      assert.deepEqual(await answers, ['front(back(quick 0))']);
      while ((await standing(names.lane('1.1'))) > 0);
      await after.until(({ noted }) => noted.length >= BACKLOG - 8);
      const dead = await standing(names.dead);
      assert.equal(new Set(after.noted).size, after.noted.length, 'none is done twice');
      assert.ok(dead <= 8, `${dead} look half-done`);
      assert.ok(after.noted.length + dead >= BACKLOG, `${after.noted.length} done and ${dead} dead of ${BACKLOG}`);
    });
  });

  it('nobody stays longer than its bound, whatever others have in hand', async () => {
    await begin(['front', 'back'], { drainTimeout: 2_000 });
    await inHand();
    const before = performance.now();
    leave('back');
    await endedWell('back');
    const took = performance.now() - before;
    assert.ok(took > 1_900 && took < 6_000, `${took} ms`);
  });
});
