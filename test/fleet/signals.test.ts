import { strict as assert } from 'node:assert';
import { connect, type Bus, type RpcClient } from 'lynchpin';
import { namesOf, openBroker } from '#lynchpin/broker/index.js';
import { code } from '../rpc/code.js';
import { VolumeApi } from '../rpc/fixtures/old.js';
import { sharedRabbit } from '../support/rabbitmq/index.js';
import { Instance } from './instance.js';
import type { Orders } from './service.js';

describe('an instance of a service that is told to stop', function () {
  this.timeout(30_000);
  let url: string;
  let namespace: string;
  let api: Bus;
  let volumes: RpcClient<VolumeApi>;
  const instances: Instance[] = [];
  before(async function () {
    ({ url } = await sharedRabbit(this));
  });
  beforeEach(async () => {
    namespace = (await sharedRabbit()).namespace();
    api = await connect(url, { name: 'api-1', namespace });
  });
  afterEach(async () => {
    await api.close({ timeout: 100 });
    await Promise.all(instances.splice(0).map((instance) => instance.kill()));
  });
  const start = (name: string, more: Partial<Orders> = {}): Instance => {
    const instance = new Instance({ url, namespace, name, concurrency: 1, drainTimeout: 10_000, grace: 0, ...more });
    instances.push(instance);
    return instance;
  };

  it('turns unready first, then answers what it began, leaves the rest to others, and ends by itself', async () => {
    const one = start('one', { grace: 150 });
    const before = await one.probed(200);
    assert.deepEqual(
      [before.body.ready, before.body.broker, before.body.servers.map(({ name, state }) => `${name} ${state}`)],
      [true, 'up', ['one serving']],
    );
    volumes = await api.client(VolumeApi);
    const calls = ['a', 'b', 'c', 'd', 'e'].map((text) => volumes.call.work({ text, ms: text === 'a' ? 900 : 0 }));
    await one.begun(1);
    const told = performance.now();
    one.signal('SIGTERM');
    const { body } = await one.probed(503);
    assert.deepEqual(
      [body.ready, body.broker, body.servers[0]?.state],
      [false, 'up', 'serving'],
      'unready while it still serves, so that load balancers notice first',
    );
    const two = start('two');
    assert.deepEqual(await Promise.all(calls), ['one: a', 'two: b', 'two: c', 'two: d', 'two: e']);
    assert.deepEqual(await one.ended, { code: 0, signal: null }, one.output);
    assert.ok(performance.now() - told < 8_000, 'well within its bound');
    assert.deepEqual([one.began, two.began.toSorted()], [['a'], ['b', 'c', 'd', 'e']]);
    // It may have answered before it was on the roll, and who is told to stop on the way there has failed to serve.
    await two.probed(200);
    two.signal('SIGINT');
    assert.deepEqual(await two.ended, { code: 0, signal: null }, two.output);
  });

  it('ends within its bound when a handler does not, and its caller is told', async () => {
    const one = start('one', { drainTimeout: 100 });
    await one.probed(200);
    volumes = await api.client(VolumeApi);
    const endless = volumes.call.work({ text: 'endless', ms: 25_000 });
    await one.begun(1);
    one.signal('SIGTERM');
    await assert.rejects(endless, code('DRAINING'));
    assert.deepEqual(await one.ended, { code: 0, signal: null }, one.output);
    const broker = await openBroker(url);
    const lane = await broker.count(namesOf('volume', namespace).lane('3.2'));
    await broker.close();
    assert.deepEqual(lane, { known: true, ready: 0, consumers: 0 }, 'its caller was told, so nobody has to look at it again');
  });

  it('ends at once at the second signal', async () => {
    const one = start('one');
    await one.probed(200);
    volumes = await api.client(VolumeApi);
    const patience = new AbortController();
    const call = volumes.call.work({ text: 'long', ms: 25_000 }, { signal: patience.signal });
    await one.begun(1);
    one.signal('SIGTERM');
    await one.probed(503);
    const again = performance.now();
    one.signal('SIGTERM');
    assert.deepEqual(await one.ended, { code: null, signal: 'SIGTERM' }, one.output);
    assert.ok(performance.now() - again < 1_000);
    patience.abort();
    await assert.rejects(call, code('CANCELLED'));
  });
});
