import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { namesOf, openBroker } from '#lynchpin/broker/index.js';
import { sharedRabbit, type SharedRabbit } from '../support/rabbitmq/index.js';
import { negotiating, Scene } from './support/negotiating.js';
import { rescuing } from './support/rescuing.js';
import { record, untilPin } from './support/until.js';

const MEMBER = fileURLToPath(new URL('support/member-process.js', import.meta.url));

describe('on RabbitMQ,', () => {
  let rabbit: SharedRabbit;
  let namespace: string;
  let scene: Scene;
  const children: ChildProcess[] = [];

  before(async function () {
    rabbit = await sharedRabbit(this);
  });

  beforeEach(() => {
    namespace = rabbit.namespace();
    scene = new Scene({ connect: () => openBroker(rabbit.url), names: () => namesOf('volume', namespace) });
  });

  afterEach(async () => {
    for (const child of children.splice(0)) {
      const gone = once(child, 'exit');
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await gone;
    }
    await scene.close();
  });

  async function memberProcess(server: string, version: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, [MEMBER, rabbit.url, namespace, server, version], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const joined = once(child.stdout as NonNullable<typeof child.stdout>, 'data');
    await Promise.race([joined, once(child, 'exit').then(([code]) => assert.fail(`the member ended with ${String(code)}`))]);
    return child;
  }

  describe('a pin', () => {
    negotiating(() => scene);

    it('an old server killed with kill -9 stops holding it at once', async () => {
      await scene.member('volume-1', '3.4');
      const old = await memberProcess('volume-2', '3.2');
      const pins = await scene.client({ settle: 1_000 });
      assert.equal((await pins.negotiated).version, '3.2');
      const from = performance.now();
      old.kill('SIGKILL');
      await untilPin(pins, ({ state }) => state === 'released', 5_000);
      const took = performance.now() - from;
      assert(took >= 1_000 && took <= 4_000, `it took ${took} ms`);
    });

    it('an old server that is stopped in its tracks goes on holding it', async () => {
      await scene.member('volume-1', '3.4');
      const old = await memberProcess('volume-2', '3.2');
      const pins = await scene.client({ settle: 300 });
      await pins.negotiated;
      old.kill('SIGSTOP');
      const seen = record(pins);
      for (let looks = 0; looks < 6; looks++) await new Promise((resolve) => setTimeout(resolve, 260)).then(() => pins.check());
      assert.deepEqual(seen, ['held 3.2']);
    });
  });

  describe('rescue', () => rescuing(() => scene));
});
