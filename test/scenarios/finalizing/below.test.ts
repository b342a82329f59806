import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, LynchpinError, type Bus } from 'lynchpin';
import { namesOf, type TopicNames } from '#lynchpin/broker/index.js';
import { floorOf, type TopicLedger } from '#lynchpin/pin/index.js';
import type { Mutation } from '../../harness/mutation/index.js';
import { Proxy } from '../../harness/proxy/index.js';
import * as newer from '../../rpc/fixtures/new.js';
import { NewService } from '../../rpc/fixtures/services.js';
import { sharedRabbit } from '../../support/rabbitmq/index.js';
import { FinalizingStage, look, type Actor } from './stage.js';

const place = (find: string, replace: string): Mutation => ({ file: 'dist/rpc/server/place.js', find, replace });
/** A server that takes it for granted that it may come back. */
const JOINS_WITHOUT_ASKING = [
  place(
    'const admitted = await this.#gate.enter(signal);',
    'const admitted = this.#doubts === 0 ? await this.#gate.enter(signal) : { lost: new Promise(() => undefined) };',
  ),
];
/** A server that answers although it does not know whether anybody wants that. */
const ANSWERS_IN_DOUBT = [
  place('return this.#doubt === undefined;', 'return true;'),
  place('while (this.#doubt !== undefined) {', 'while (false) {'),
];

/** How long a handler works that is in hand when its process is frozen or cut off, in ms: less than it takes to make something final. */
const WORK = 6_000;

describe('what is final on RabbitMQ', () => {
  let stage: FinalizingStage;
  let names: TopicNames;
  let namespace: string;
  let url: string;
  let bus: Bus | undefined;
  const proxies: Proxy[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'below-'));
  before(async function () {
    const rabbit = await sharedRabbit(this);
    ({ url } = rabbit);
    namespace = rabbit.namespace();
    names = namesOf('volume', namespace);
    stage = await FinalizingStage.open(url);
  });
  after(async () => {
    await bus?.close({ timeout: 500 });
    await stage.close();
    await Promise.all(proxies.map((proxy) => proxy.close()));
    rmSync(folder, { recursive: true });
  });

  const opened = async (): Promise<Proxy> => {
    const { hostname, port } = new URL(url);
    const proxy = await Proxy.open({ host: hostname, port: Number(port), journal: join(folder, `${proxies.length}.wire`) });
    proxies.push(proxy);
    return proxy;
  };
  const through = ({ port }: Proxy): string => {
    const address = new URL(url);
    address.port = String(port);
    return address.href;
  };
  const consumers = async (queue: string): Promise<number> => {
    const count = await stage.broker.count(queue);
    return count.known ? count.consumers : -1;
  };

  it('is heard of by nobody below: not consumed, not published and not answered, by whoever was frozen or cut off meanwhile', async function () {
    this.timeout(120_000);
    const old = (name: string, at: string, mutations: readonly Mutation[] = []): Actor =>
      stage.actor({ url: at, namespaces: [namespace], name, release: 'old', heartbeat: 1 }, mutations);
    const [one, two] = [await opened(), await opened()];
    const frozen = old('frozen', url);
    const cut = old('cut', through(one));
    const eager = old('eager', url, JOINS_WITHOUT_ASKING);
    const talker = old('talker', through(two), ANSWERS_IN_DOUBT);
    await Promise.all([frozen, cut, eager, talker].map((actor) => actor.ready()));
    bus = await connect(url, { name: 'volume-new', namespace });
    const service = new NewService('volume-new');
    await bus.serve(newer.VolumeApi, service, { server: 'volume-new' });
    const volumes = await bus.client(newer.VolumeApi);
    const ledger: TopicLedger = await stage.ledger(namespace);

    const answered: string[] = [];
    const ask = (server: string): void => {
      const calling = volumes.at(server).call.work({ text: server, ms: WORK }, { timeout: 60_000 });
      // What is not answered fails with the bus at the end.
      void calling.then(() => answered.push(server)).catch(() => undefined);
    };
    for (const server of ['frozen', 'cut', 'talker']) ask(server);
    for (const actor of [frozen, cut, talker])
      await look('it is in hand', async () => ((await actor.ask({ do: 'look' }))?.ran.length ?? 0) > 0);
    frozen.freeze();
    eager.freeze();
    one.refuse();
    two.refuse();

    // As long as the broker knows that somebody below is connected, frozen or not, it is refused.
    let refusals = 0;
    await look('it is final', async () => {
      const finalizing = bus?.fleet.finalize('volume', '3.4', { reason: 'the column goes', timeout: 30_000 });
      try {
        await finalizing;
        return true;
      } catch (error) {
        assert.ok(LynchpinError.is(error, 'NOT_FINAL'), String(error));
        assert.equal(error.details['outcome'], 'refused', error.message);
        refusals += 1;
        return false;
      }
    });
    assert.ok(refusals > 0, 'a frozen process held it for as long as it was connected');
    await look('others read it as well', () => floorOf(ledger.state)?.version === '3.4');
    assert.equal(await consumers(names.roll), 1);

    frozen.thaw();
    eager.thaw();
    one.mend();
    two.mend();
    const states = async (actor: Actor): Promise<string> => String((await actor.ask({ do: 'look' }))?.states);
    for (const actor of [frozen, cut, talker]) await look('it is refused', async () => (await states(actor)) === 'refused');

    // It publishes nothing: whatever it is asked to send fails, and nobody runs it.
    for (const actor of [frozen, cut]) {
      const { codes, sent } = (await actor.ask({ do: 'send', text: 'after', times: 5 })) ?? assert.fail();
      assert.deepEqual([sent, new Set(codes)], [0, new Set(['TOO_OLD'])]);
    }
    assert.ok(service.ran.every(({ request }) => (request as { text?: string } | undefined)?.text !== 'after'));
    // It answers nothing, although its handler has long been done.
    await look('the one that answers in doubt is noticed', () => answered.includes('talker'));
    // It consumes nothing; but the one that joins without asking does.
    assert.equal(await consumers(names.server('frozen')), 0);
    assert.equal(await consumers(names.server('cut')), 0);
    await look('the one that joins without asking is noticed', async () => (await consumers(names.roll)) === 2);
    assert.equal(await consumers(names.server('eager')), 1);
    assert.deepEqual(answered, ['talker']);
  });
});
