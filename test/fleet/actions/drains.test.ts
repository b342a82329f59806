import assert from 'node:assert/strict';
import { LynchpinError, type Bus, type DrainProgress } from 'lynchpin';
import { CONTROL, encodeDrain } from '#lynchpin/rpc/index.js';
import { code } from '../../rpc/code.js';
import * as newer from '../../rpc/fixtures/new.js';
import { NewService } from '../../rpc/fixtures/services.js';
import { HubWorld, until } from '../../rpc/hub.js';

describe('a server that is taken out by an operator', () => {
  let here: HubWorld;
  let operator: Bus;
  beforeEach(() => {
    here = new HubWorld();
    operator = here.bus('ada').bus;
  });
  afterEach(() => here.close());

  async function served(name: string) {
    const { bus, broker } = here.bus(`process of ${name}`);
    const service = new NewService(name);
    return { bus, broker, service, server: await bus.serve(newer.VolumeApi, service, { server: name, concurrency: 1 }) };
  }

  it('finishes what runs, gives back what never began, and leaves; its process stays', async () => {
    const { bus, service, server } = await served('volume-1');
    const { bus: caller } = here.bus('caller');
    const volumes = await caller.client(newer.VolumeApi);
    const long = volumes.at('volume-1').call.work({ text: 'long', ms: 400 });
    await service.until((ran) => ran.length === 1);
    const waiting = volumes.call.work({ text: 'waits', ms: 0 });
    await until(() => server.load.waiting === 1);
    const seen: DrainProgress[] = [];
    const ended = await operator.fleet.drain('volume-1', { reason: 'maintenance', onProgress: (now) => seen.push(now) });
    assert.equal(await long, 'volume-1: long');
    assert.deepEqual(
      ended.map(({ topic, state }) => [topic, state]),
      [['volume', 'left']],
    );
    assert.ok(
      seen.some(({ state, running }) => state === 'draining' && running === 1),
      JSON.stringify(seen),
    );
    assert.deepEqual([server.state, bus.state, bus.ready], ['left', 'up', false]);
    await served('volume-2');
    assert.equal(await waiting, 'volume-2: waits');
    const acts = (await operator.fleet.history('volume')).filter(({ kind }) => kind === 'acted');
    assert.deepEqual(
      acts.map(({ author, reason, entry }) => [author, reason, entry?.kind === 'acted' && [entry.what, entry.target]]),
      [['ada', 'maintenance', ['drain', 'volume-1']]],
    );
  });

  it('must be there: those that are, are named', async () => {
    await served('volume-1');
    await assert.rejects(operator.fleet.drain('volume-2'), (error: unknown) => {
      assert.ok(LynchpinError.is(error, 'NO_SUCH_SERVER'));
      assert.deepEqual(error.details['servers'], [{ topic: 'volume', server: 'volume-1' }]);
      return true;
    });
    await assert.rejects(operator.fleet.drain('volume-1', { topic: 'other' }), code('NO_SUCH_SERVER'));
  });

  it('is waited for no longer than was asked, and leaves all the same', async () => {
    const { service, server } = await served('volume-1');
    const { bus: caller } = here.bus('caller');
    const volumes = await caller.client(newer.VolumeApi);
    const long = volumes.call.work({ text: 'long', ms: 600 });
    await service.until((ran) => ran.length === 1);
    await assert.rejects(operator.fleet.drain('volume-1', { timeout: 300 }), code('TIMEOUT'));
    assert.equal(await long, 'volume-1: long');
    await until(() => server.state === 'left');
  });

  it('does not leave when it is told by another way than the exchange of the fleet', async () => {
    const { bus, server } = await served('volume-1');
    const { reports } = await operator.fleet.rollCall();
    const report = reports.find(({ servers }) => servers.length > 0);
    const order = { type: CONTROL.drain, body: encodeDrain({ instance: report?.instance ?? '', server: 'volume-1' }) };
    const life = `lynchpin:life.${report?.instance}.${report?.lives}`;
    assert.equal(await here.broker.publish({ ...order, exchange: '', routingKey: life }), 'confirmed');
    await operator.fleet.rollCall();
    assert.deepEqual([server.state, bus.ready], ['serving', true]);
    await here.broker.publish({ ...order, exchange: 'lynchpin:fleet', routingKey: '' });
    await until(() => server.state === 'left');
  });
});
