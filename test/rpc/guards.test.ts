import { strict as assert } from 'node:assert';
import { Bus, MemoryHub, type CallContext, type ServeOptions } from 'lynchpin';
import * as newer from './fixtures/new.js';
import { VolumeApi, type Work } from './fixtures/old.js';
import { NewService, OldService } from './fixtures/services.js';
import { Letterbox } from './letterbox.js';

// What a server owes whoever speaks the protocol, asked of it message by message. `mutations.test.ts` breaks each guard
// in turn and expects just the test that is named after it to fail, so each fails fast and by an assertion.

/** Handlers of `work` wait until they are let go. */
class SlowService extends OldService {
  readonly #ends: (() => void)[] = [];

  override async work(request: Work, context: CallContext): Promise<string> {
    this.note_(request, context);
    if (request.ms > 0) await new Promise<void>((resolve) => this.#ends.push(resolve));
    return `${this.name}: ${request.text}`;
  }

  letGo(): void {
    for (const end of this.#ends.splice(0)) end();
  }
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a server, asked by hand,', () => {
  let hub: MemoryHub;
  let box: Letterbox;
  const buses: Bus[] = [];
  beforeEach(async () => {
    hub = new MemoryHub();
    box = await Letterbox.open(hub);
  });
  afterEach(async () => {
    hub.unblock();
    await Promise.all(buses.splice(0).map((bus) => bus.close({ timeout: 100 })));
    await box.close();
  });

  const bus = (name: string): Bus => {
    const made = new Bus(hub.connect(), name, {});
    buses.push(made);
    return made;
  };
  const serve = async (service = new SlowService('volume-1'), options: ServeOptions = {}) => {
    const server = await bus(service.name).serve(VolumeApi, service, { server: service.name, ...options });
    return { service, server };
  };
  const texts = ({ ran }: OldService): unknown[] => ran.map(({ request }) => (request as Work).text);

  it('does not run again what may have run', async () => {
    const { service } = await serve();
    const headers = { 'lynchpin-redelivered': true };
    box.call('again', 'work@3.2', { text: 'a', ms: 0 }, { headers });
    assert.equal(((await box.answered('again')) as { code?: string }).code, 'MAYBE_EXECUTED');
    box.call('idempotent', 'workAgain@3.2', { text: 'b', ms: 0 }, { headers });
    assert.equal(await box.answered('idempotent'), 'volume-1: b');
    assert.deepEqual(texts(service), ['b']);
  });

  it('hands back what came to its own queue in a version that it does not read, unopened', async () => {
    const { service } = await serve();
    const own = { exchange: '', routingKey: box.names.server('volume-1') };
    box.call('later', 'work@3.3', undefined, { ...own, body: Buffer.from('{"text":') });
    box.call('sooner', 'work@2.9', undefined, { ...own, body: Buffer.from('{"text":') });
    for (const id of ['later', 'sooner']) assert.equal((await box.answer(id)).type, 'unreadable@3.0-3.2');
    assert.equal(service.ran.length, 0);
  });

  it('answers in a version that its caller accepts', async () => {
    await bus('new-1').serve(newer.VolumeApi, new NewService('new-1'), { server: 'new-1' });
    for (const [id, type, version] of [
      ['a', 'create@3.0', '3.0'],
      ['b', 'create@3.0;3.2', '3.2'],
      ['c', 'create@3.0;3.4', '3.4'],
      ['d', 'create@3.4;3.9', '3.4'],
    ] as const) {
      box.call(id, type, { sizeGb: 1, ...(type.startsWith('create@3.4') ? { tier: 'x', label: '' } : {}) });
      assert.equal((await box.answer(id)).type, `ok@${version}`);
      assert.equal(Object.hasOwn((await box.answered(id)) as object, 'attachments'), version === '3.4');
    }
  });

  it('does not begin what nobody waits for any more: its deadline has passed', async () => {
    const { service } = await serve(new SlowService('volume-1'), { concurrency: 1 });
    box.call('first', 'work@3.2', { text: 'first', ms: 1 });
    await service.until((ran) => ran.length === 1);
    box.call('late', 'work@3.2', { text: 'late', ms: 0 }, { expiration: 30 });
    await turns(5);
    const passed = performance.now() + 40;
    while (performance.now() < passed) await turns(1);
    service.letGo();
    box.call('last', 'work@3.2', { text: 'last', ms: 0 });
    await box.answer('last');
    assert.deepEqual(texts(service), ['first', 'last']);
  });

  it('does not begin what nobody waits for any more: its caller gave up while it waited', async () => {
    const { service } = await serve(new SlowService('volume-1'), { concurrency: 1 });
    box.call('first', 'work@3.2', { text: 'first', ms: 1 });
    box.call('second', 'work@3.2', { text: 'second', ms: 0 });
    await service.until((ran) => ran.length === 1);
    await turns(5);
    await box.cancel('second');
    service.letGo();
    box.call('last', 'work@3.2', { text: 'last', ms: 0 });
    await box.answer('last');
    assert.deepEqual(texts(service), ['first', 'last']);
  });

  it('does not begin what nobody waits for any more: its caller gave up before it came', async () => {
    const { service } = await serve();
    await box.cancel('given-up');
    box.call('given-up', 'work@3.2', { text: 'given up', ms: 0 });
    box.call('last', 'work@3.2', { text: 'last', ms: 0 });
    await box.answer('last');
    await turns(3);
    assert.deepEqual(texts(service), ['last']);
  });

  it('that leaves gives back what it never began, and it does not look half-done', async () => {
    const { service, server } = await serve(new SlowService('volume-1'), { concurrency: 1 });
    box.call('first', 'work@3.2', { text: 'first', ms: 1 });
    box.call('second', 'work@3.2', { text: 'second', ms: 0 });
    await service.until((ran) => ran.length === 1);
    await turns(5);
    const leaving = server.drain();
    while (server.load.waiting > 0) await turns(1);
    service.letGo();
    await leaving;
    const next = new SlowService('volume-2');
    await serve(next);
    assert.equal(await box.answered('second'), 'volume-2: second');
    assert.equal(await box.answered('first'), 'volume-1: first');
    assert.deepEqual([texts(service), texts(next)], [['first'], ['second']]);
  });

  it('acknowledges a request when its answer is out, and not before', async () => {
    const { service } = await serve();
    const lane = box.names.lane('3.2');
    box.call('first', 'work@3.2', { text: 'first', ms: 1 });
    await service.until((ran) => ran.length === 1);
    await turns(5);
    assert.equal(hub.facts(lane)?.unacknowledged, 1, 'while its handler runs');
    hub.block();
    service.letGo();
    await turns(20);
    assert.equal(hub.facts(lane)?.unacknowledged, 1, 'while its answer cannot be sent');
    hub.unblock();
    assert.equal(await box.answered('first'), 'volume-1: first');
    await turns(5);
    assert.equal(hub.facts(lane)?.unacknowledged, 0);
  });

  it('is on the roll only while it consumes all that it reads', async () => {
    const { names } = box;
    const promised = ['3.0', '3.1', '3.2'] as const;
    const on = (queue: string): boolean => (hub.facts(queue)?.consumers ?? 0) > 0;
    const seen: string[] = [];
    let looking = true;
    const looker = (async () => {
      while (looking) {
        const roll = on(names.roll);
        const present = promised.map((version) => on(names.rollAt(version)));
        const lanes = promised.every((version) => on(names.lane(version)));
        assert.ok(!roll || present.every(Boolean), 'on the roll, and present at every version');
        assert.ok(lanes || !present.some(Boolean), 'present, and consuming every lane');
        // Upwards in joining and downwards in leaving: whoever reads a version reads all below it.
        assert.deepEqual(
          present,
          [...present].sort((a, b) => Number(b) - Number(a)),
          'present from the floor upwards',
        );
        const now = `${present.filter(Boolean).length}${roll ? ' and the roll' : ''}`;
        if (seen.at(-1) !== now) seen.push(now);
        await turns(1);
      }
    })();
    const { server } = await Promise.race([serve(), looker.then(() => assert.fail())]);
    await server.drain();
    looking = false;
    await looker;
    assert.deepEqual(seen, ['0', '1', '2', '3', '3 and the roll', '3', '2', '1', '0']);
  });
});

describe('a client whose message comes back', () => {
  let hub: MemoryHub;
  let api: Bus;
  beforeEach(() => {
    hub = new MemoryHub();
    api = new Bus(hub.connect(), 'api-1', {});
  });
  afterEach(() => api.close({ timeout: 100 }));
  const lane = 'lynchpin.volume@3.0';

  it('declares the missing lane, so that a call waits there', async () => {
    const volumes = await api.client(VolumeApi);
    assert.equal(hub.queues.includes(lane), false);
    const answer = volumes.call.whoAmI(undefined, { timeout: 10_000 }).catch((error: unknown) => error);
    // Bounded, because with the guard taken away it never comes.
    for (const end = performance.now() + 3_000; performance.now() < end && hub.facts(lane)?.ready !== 1; ) await turns(1);
    assert.equal(hub.facts(lane)?.ready, 1);
    const server = new Bus(hub.connect(), 'volume-1', {});
    await server.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    assert.equal(await answer, 'volume-1');
    await server.close();
  });

  it('declares the missing lane, so that a cast waits there', async () => {
    const volumes = await api.client(VolumeApi);
    await volumes.cast.note({ text: 'x' }, { timeout: 300 });
    assert.equal(hub.facts(lane)?.ready, 1);
  });
});
