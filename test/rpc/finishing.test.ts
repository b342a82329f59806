import { strict as assert } from 'node:assert';
import type { Bus, RpcClient, Server } from 'lynchpin';
import { namesOf, type TopicNames } from '#lynchpin/broker/index.js';
import { CONTROL, encodeFinish } from '#lynchpin/rpc/wire/index.js';
import { code } from './code.js';
import { Back, BackApi, Deep, DeepApi, Front, FrontApi } from './fixtures/chain.js';
import { HubWorld, turn, until } from './hub.js';

const LINGER = 600;

describe('a finish lane', () => {
  let here: HubWorld;
  /** The process in front of all. */
  let user: RpcClient<FrontApi>;
  let userBus: Bus;
  let front: Front;
  let frontBus: Bus;
  let back: Back;
  let backBus: Bus;
  let backServer: Server;
  const names: TopicNames = namesOf('back');
  const lane = names.lane('1.1');

  beforeEach(async () => {
    here = new HubWorld();
    ({ bus: backBus } = here.bus('back'));
    back = new Back('back');
    backServer = await backBus.serve(BackApi, back, { server: 'back-1', concurrency: 1 });
    ({ bus: frontBus } = here.bus('front'));
    front = new Front(await frontBus.client(BackApi));
    await frontBus.serve(FrontApi, front, { server: 'front-1', concurrency: 10 });
    ({ bus: userBus } = here.bus('user'));
    user = await userBus.client(FrontApi);
  });
  afterEach(() => here.close());

  const consumers = (queue: string): number => here.hub.facts(queue)?.consumers ?? 0;
  /** Resolves once `back` takes nothing off its lane any more. */
  const backIsOff = (): Promise<void> => until(() => consumers(lane) === 0);
  const nextBack = async (): Promise<Back> => {
    const next = new Back('next');
    await here.bus('next').bus.serve(BackApi, next, { server: 'back-2' });
    return next;
  };

  for (const order of ['front first', 'back first'] as const)
    it(`answers what who called it needs, where both are told to stop at once, ${order}`, async () => {
      const answer = user.call.ask({ text: 'slow' });
      await until(() => front.began.length === 1);
      const leaving = order === 'front first' ? [frontBus, backBus] : [backBus, frontBus];
      const left = leaving.map((bus) => bus.close({ linger: LINGER }));
      await backIsOff();
      front.letGo('slow');
      assert.equal(await answer, 'front(back(quick))');
      await Promise.all(left);
      assert.deepEqual([back.began, here.ready(lane)], [['quick'], 0]);
    });

  it('answers what others need where it leaves alone, and only while it is there', async () => {
    const [first, second] = ['slow 1', 'slow 2'].map((text) => user.call.ask({ text }));
    await until(() => front.began.length === 2);
    const left = backBus.close({ linger: LINGER });
    await backIsOff();
    front.letGo('slow 1');
    assert.equal(await first, 'front(back(quick 1))');
    const start = performance.now();
    await until(() => performance.now() - start > 1.5 * LINGER);
    front.letGo('slow 2');
    assert.equal(await second, 'front(back(quick 2))');
    await left;
    const third = user.call.ask({ text: 'late' });
    await until(() => here.ready(lane) === 1);
    const next = await nextBack();
    assert.equal(await third, 'front(next(late))');
    assert.deepEqual(next.began, ['late']);
  });

  it('takes calls that stood on the lane already, each once, and leaves all else to who comes next', async () => {
    const direct = await userBus.client(BackApi);
    const busy = direct.call.ask({ text: 'slow' });
    await until(() => back.began.length === 1);
    const others = ['a', 'b', 'c', 'd'].map((text) => direct.call.ask({ text }));
    await direct.cast.note({ text: 'first' });
    const needed = ['needed 1', 'needed 2', 'needed note'].map((text) => user.call.ask({ text }));
    // All but what its prefetch holds.
    await until(() => here.ready(lane) + (here.hub.facts(lane)?.unacknowledged ?? 0) === 10);
    const left = backBus.close();
    await backIsOff();
    await until(() => backServer.load.waiting === 3 && here.ready(lane) === 6);
    back.letGo('slow');
    assert.equal(await busy, 'back(slow)');
    assert.deepEqual(await Promise.all(needed), ['front(back(needed 1))', 'front(back(needed 2))', 'front(back(needed note))']);
    await left;
    assert.deepEqual(back.began, ['slow', 'needed 1', 'needed 2', 'needed note']);
    assert.equal(here.ready(lane), 6);
    const next = await nextBack();
    assert.deepEqual(await Promise.all(others), ['next(a)', 'next(b)', 'next(c)', 'next(d)']);
    await until(() => next.began.length === 6);
    assert.deepEqual(next.began.toSorted(), ['a', 'b', 'c', 'd', 'noted first', 'noted needed note']);
  });

  it('takes nothing off a lane that others read', async () => {
    const direct = await userBus.client(BackApi);
    const next = new Back('next');
    const nextServer = await here.bus('next').bus.serve(BackApi, next, { server: 'back-2', concurrency: 1 });
    const busy = ['slow 1', 'slow 2'].map((text) => direct.call.ask({ text }));
    await until(() => back.began.length + next.began.length === 2);
    const left = backServer.drain();
    await until(() => consumers(lane) === 1);
    // More than whoever stays may have in hand.
    const waiting = ['a', 'b', 'c', 'd'].map((text) => direct.call.ask({ text }));
    await until(() => here.ready(lane) === 3);
    const message = await here.take(lane);
    assert.ok(message?.messageId !== undefined);
    const { queue: _queue, tag: _tag, redelivered: _redelivered, userId: _userId, ...rest } = message;
    await here.broker.publish({ ...rest, exchange: '', routingKey: lane });
    const body = encodeFinish({ version: '1.1', ids: [message.messageId] });
    await here.broker.publish({ exchange: names.control, routingKey: '', type: CONTROL.finish, body });
    for (let turns = 0; turns < 50; turns++) await turn();
    assert.deepEqual([here.ready(lane), backServer.load.waiting, nextServer.load.waiting], [3, 0, 1]);
    for (const service of [back, next]) for (const text of ['slow 1', 'slow 2']) service.letGo(text);
    await left;
    assert.deepEqual(await Promise.all(waiting), ['next(a)', 'next(b)', 'next(c)', 'next(d)']);
    await Promise.all(busy);
  });

  it('takes no cast, and nothing from a lane that it does not read, whoever asks', async () => {
    const direct = await userBus.client(BackApi);
    const busy = direct.call.ask({ text: 'slow' });
    await until(() => back.began.length === 1);
    const left = backServer.drain();
    await backIsOff();
    await direct.cast.note({ text: 'cast' });
    const message = await here.take(lane);
    const { queue: _queue, tag: _tag, redelivered: _redelivered, userId: _userId, ...rest } = message ?? assert.fail();
    await here.broker.publish({ ...rest, exchange: '', routingKey: lane });
    for (const version of ['1.1', '2.0'] as const) {
      const body = encodeFinish({ version, ids: [rest.messageId ?? ''] });
      await here.broker.publish({ exchange: names.control, routingKey: '', type: CONTROL.finish, body });
    }
    for (let turns = 0; turns < 50; turns++) await turn();
    assert.deepEqual([here.ready(lane), backServer.load.waiting, here.hub.queues.includes(names.lane('2.0'))], [1, 0, false]);
    back.letGo('slow');
    await left;
    assert.equal(await busy, 'back(slow)');
  });

  it('reaches through a chain: whoever is asked asks on', async () => {
    await backBus.close();
    const { bus: deepBus } = here.bus('deep');
    const deep = new Deep();
    await deepBus.serve(DeepApi, deep, { server: 'deep-1' });
    const { bus: middleBus } = here.bus('middle');
    const middle = new Back('middle', await middleBus.client(DeepApi));
    await middleBus.serve(BackApi, middle, { server: 'back-2' });
    const answer = user.call.ask({ text: 'slow' });
    await until(() => front.began.length === 1);
    const left = [deepBus, middleBus, frontBus].map((bus) => bus.close({ linger: LINGER }));
    await until(() => consumers(namesOf('deep').lane('1.0')) === 0 && consumers(lane) === 0);
    front.letGo('slow');
    assert.equal(await answer, 'front(middle(deep(quick)))');
    await Promise.all(left);
  });

  it('finishes the calls of a process that leaves and serves nothing itself', async () => {
    const { bus: gate } = here.bus('gate');
    const direct = await gate.client(BackApi);
    const slow = direct.call.ask({ text: 'slow' });
    await until(() => back.began.length === 1);
    const waiting = ['a', 'b', 'c'].map((text) => direct.call.ask({ text }));
    await until(() => here.ready(lane) === 2);
    const left = [backBus.close({ linger: LINGER }), gate.close()];
    await backIsOff();
    await until(() => backServer.load.waiting === 3);
    back.letGo('slow');
    assert.deepEqual(await Promise.all([slow, ...waiting]), ['back(slow)', 'back(a)', 'back(b)', 'back(c)']);
    await Promise.all(left);
  });

  it('is closed when its time is over, whatever others need', async () => {
    const answer = user.call.ask({ text: 'slow' }).catch((error: unknown) => error);
    await until(() => front.began.length === 1);
    const before = performance.now();
    await backBus.close({ linger: 60_000, timeout: 400 });
    const took = performance.now() - before;
    assert.ok(took >= 390 && took < 3_000, `${took} ms`);
    await frontBus.close({ timeout: 10 });
    assert.ok(code('DRAINING')((await answer) as Error));
  });

  it('is not kept open where nobody needs it, nor where others read the lane', async () => {
    await user.call.ask({ text: 'quick' });
    let before = performance.now();
    await nextBack();
    await backServer.drain({ linger: 60_000 });
    assert.ok(performance.now() - before < 3_000, 'others read the lane');
    await here.bus('alone').bus.close({ linger: 60_000 });
    before = performance.now();
    await frontBus.close({ linger: 200 });
    const took = performance.now() - before;
    assert.ok(took >= 190 && took < 3_000, `nobody has work in hand: ${took} ms`);
  });
});

describe('a server that leaves', () => {
  it('is asked for nothing while others serve its topic', async () => {
    const here = new HubWorld();
    const asked: string[] = [];
    try {
      const one = await here.bus('one').bus.serve(BackApi, new Back('one'), { server: 'one' });
      const two = new Back('two');
      await here.bus('two').bus.serve(BackApi, two, { server: 'two' });
      const { bus } = here.bus('front');
      const front = new Front(await bus.client(BackApi));
      await bus.serve(FrontApi, front, { server: 'front-1' });
      const user = await here.bus('user').bus.client(FrontApi);
      const intake = await here.broker.openIntake(() => undefined);
      const inbox = await intake.inbox([namesOf('back').control]);
      await intake.consume(inbox, { prefetch: 0, noAck: true }, ({ type }) => void asked.push(String(type)));
      const answer = user.call.ask({ text: 'slow' });
      await until(() => front.began.length === 1);
      await one.drain({ linger: LINGER });
      front.letGo('slow');
      assert.equal(await answer, 'front(two(quick))');
      for (let turns = 0; turns < 10; turns++) await turn();
      assert.deepEqual(
        asked.filter((type) => type === 'finish'),
        [],
      );
    } finally {
      await here.close();
    }
  });
});
