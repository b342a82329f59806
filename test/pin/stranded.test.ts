import assert from 'node:assert/strict';
import { LynchpinError, Rpc, RpcApi, type Implements, type Method } from 'lynchpin';
import * as older from '../rpc/fixtures/old.js';
import { OldService } from '../rpc/fixtures/services.js';
import { HubWorld, until } from '../rpc/hub.js';

/** The volume contract much later: it reads nothing below 3.4. */
@RpcApi({ topic: 'volume', version: '3.5', floor: '3.4' })
class LaterApi {
  @Rpc({ takes: older.Note }) note!: Method<older.Note>;
}

class LaterService implements Implements<LaterApi> {
  note(): void {}
}

describe('the start of a server whose floor is above a lane', () => {
  let here: HubWorld;
  beforeEach(() => {
    here = new HubWorld();
  });
  afterEach(() => here.close());

  const serveLater = (name: string) => here.bus(name).bus.serve(LaterApi, new LaterService(), { server: name });
  const serveOld = async (name: string) => {
    const { bus } = here.bus(name);
    const service = new OldService(name);
    return { bus, service, server: await bus.serve(older.VolumeApi, service, { server: name, concurrency: 1 }) };
  };
  /** Casts of 3.2 whose readers are gone, and who sent them as well. */
  const strand = async (casts: number): Promise<void> => {
    const { bus } = await serveOld('volume-1');
    const { bus: sender } = here.bus('api-1');
    const volumes = await sender.client(older.VolumeApi, { rescue: false });
    await bus.close();
    for (let at = 0; at < casts; at++) await volumes.cast.note({ text: `note ${at}` });
    await sender.close();
  };

  it('is refused while messages stand there that nobody would read, with how many and since when', async () => {
    const before = Date.now() - 1_000;
    await strand(3);
    await assert.rejects(serveLater('volume-2'), (error: unknown) => {
      assert.ok(LynchpinError.is(error, 'STRANDED'));
      assert.deepEqual(error.details['lanes'], [{ version: '3.2', messages: 3, readers: 0 }]);
      const since = Date.parse(error.details['since'] as string);
      assert.ok(since >= before && since <= Date.now(), String(error.details['since']));
      return true;
    });
    assert.equal(here.ready(here.names.lane('3.2')), 3, 'all of them are there');
    for (let at = 0; at < 3; at++) {
      const message = await here.take(here.names.lane('3.2'));
      assert.deepEqual([message?.redelivered, message?.headers], [false, undefined], 'and none of them is marked');
    }
    await (await serveLater('volume-2')).drain();
  });

  it('goes on as soon as the lane is empty: older servers may be about to empty it', async () => {
    await strand(3);
    const later = serveLater('volume-2');
    later.catch(() => undefined);
    await until(() => here.hub.queues.some((queue) => queue.startsWith('lynchpin:life.')));
    const { service } = await serveOld('volume-1');
    await service.until((ran) => ran.length === 3);
    assert.equal((await later).state, 'serving');
  });

  it('is no later for it where no older version was ever there, or its lane is empty', async () => {
    const timed = async (name: string): Promise<number> => {
      const begun = performance.now();
      const server = await serveLater(name);
      const took = performance.now() - begun;
      await server.drain();
      return took;
    };
    assert.ok((await timed('volume-2')) < 1_000);
    const { bus: old } = await serveOld('volume-1');
    await old.close();
    assert.ok((await timed('volume-3')) < 1_000);
  });

  it('is looked at once: who was admitted is not turned away when it reconnects', async () => {
    await strand(0);
    const { bus, broker } = here.bus('volume-2');
    const server = await bus.serve(LaterApi, new LaterService(), { server: 'volume-2' });
    const lane = here.names.lane('3.2');
    await here.broker.publish({ exchange: '', routingKey: lane, body: Buffer.from('{}'), messageId: 'late', persistent: true });
    here.hub.cut(broker);
    await until(() => server.state === 'joining');
    await until(() => server.state === 'serving');
    assert.equal(here.ready(lane), 1);
  });
});
