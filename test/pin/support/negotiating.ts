import assert from 'node:assert/strict';
import type { Broker, TopicNames } from '#lynchpin/broker/index.js';
import { negotiate, type Negotiation, type PinOptions } from '#lynchpin/pin/index.js';
import type { Version } from '#lynchpin/versions/index.js';
import { Member, type MemberOptions } from './member.js';
import { LINE } from './readings.js';
import { record, untilPin } from './until.js';

/** A broker that many connect to. */
export interface Ground {
  connect(): Promise<Broker>;
  names(): TopicNames;
}

/** Opens everything that one test needs, and closes all of it again. */
export class Scene {
  readonly names: TopicNames;
  readonly #brokers: Broker[] = [];
  readonly #negotiations: Negotiation[] = [];
  readonly #later: (() => Promise<void>)[] = [];

  constructor(readonly ground: Ground) {
    this.names = ground.names();
  }

  async broker(): Promise<Broker> {
    const broker = await this.ground.connect();
    this.#brokers.push(broker);
    return broker;
  }

  /** A server with a connection of its own. */
  async member(server: string, version: Version, options: Partial<MemberOptions> = {}): Promise<Member> {
    return Member.join(await this.broker(), this.names, { server, floor: '3.0', version, ...options });
  }

  /** A client that speaks 3.0 to 3.4, with a quiet time fit for a test. */
  async client(options: PinOptions = {}, line = LINE): Promise<Negotiation> {
    const pins = negotiate({ broker: await this.broker(), names: this.names, line }, { settle: 400, ...options });
    this.#negotiations.push(pins);
    return pins;
  }

  /** Has something done before everything is closed. */
  later(what: () => Promise<void>): void {
    this.#later.push(what);
  }

  async close(): Promise<void> {
    for (const what of this.#later) await what();
    await Promise.all(this.#negotiations.map((pins) => pins.close()));
    await Promise.all(this.#brokers.map((broker) => broker.close({ timeout: 200 })));
  }
}

/** How a pin is negotiated, on any broker. */
export function negotiating(scene: () => Scene): void {
  it('picks the highest version that all servers read, at once', async () => {
    await scene().member('volume-1', '3.2');
    await scene().member('volume-2', '3.4');
    const pin = await (await scene().client({ settle: 60_000 })).negotiated;
    assert.equal(`${pin.state} ${pin.version}`, 'held 3.2');
  });

  it('names who holds it, in words too', async () => {
    await scene().member('volume-1', '3.2');
    await scene().member('volume-2', '3.4');
    const pins = await scene().client();
    const pin = await untilPin(pins, ({ by }) => by.length > 0);
    assert.deepEqual(
      pin.by.map(({ server, version }) => `${server} ${version}`),
      ['volume-1 3.2'],
    );
    assert.match(pin.why, /3\.2.*volume-1/);
  });

  it('speaks the newest version at once when all servers read it', async () => {
    await scene().member('volume-1', '3.4');
    const pin = await (await scene().client({ settle: 60_000 })).negotiated;
    assert.equal(`${pin.state} ${pin.version} ${pin.readers}`, 'released 3.4 1');
  });

  it('follows a rolling upgrade, a roll-back and the upgrade again, and moves nowhere else', async () => {
    let olds = [await scene().member('volume-1', '3.2'), await scene().member('volume-2', '3.2')];
    const pins = await scene().client();
    await pins.negotiated;
    const moves: Version[] = [pins.current.version];
    pins.watch((now, before) => now.version !== before.version && moves.push(now.version));
    for (const version of ['3.4', '3.2', '3.4'] as const) {
      const news: Member[] = [];
      for (const [at, old] of olds.entries()) {
        news.push(await scene().member(`volume-${at + 1}-at-${version}-${moves.length}`, version));
        await old.leave();
      }
      olds = news;
      await untilPin(pins, (pin) => pin.version === version);
    }
    assert.deepEqual(moves, ['3.2', '3.4', '3.2', '3.4']);
  });

  it('is released within settle and 3 s after the last old server has left, and not before settle', async () => {
    const old = await scene().member('volume-1', '3.2');
    await scene().member('volume-2', '3.4');
    const pins = await scene().client({ settle: 800 });
    await pins.negotiated;
    const seen = record(pins);
    const from = performance.now();
    await old.leave();
    await untilPin(pins, ({ state }) => state === 'released');
    const took = performance.now() - from;
    assert(took >= 800 && took <= 3_800, `it took ${took} ms`);
    assert.deepEqual(seen, ['held 3.2', 'settling 3.2', 'released 3.4']);
  });

  it('is lowered when an older server joins', async () => {
    await scene().member('volume-1', '3.4');
    const pins = await scene().client();
    await pins.negotiated;
    await scene().member('volume-2', '3.1');
    const pin = await untilPin(pins, ({ state }) => state === 'held', 3_000);
    assert.equal(pin.version, '3.1');
  });

  it('a server that is frozen holds it, though it says nothing', async () => {
    await scene().member('volume-1', '3.2', { silent: true });
    await scene().member('volume-2', '3.4');
    const pins = await scene().client({ settle: 300 });
    await pins.negotiated;
    const seen = record(pins);
    await untilPin(pins, ({ why }) => why.includes('1 of 2 servers'));
    for (let looks = 0; looks < 4; looks++) await new Promise((resolve) => setTimeout(resolve, 260)).then(() => pins.check());
    assert.deepEqual(seen, ['held 3.2']);
  });

  it('goes on without a server, at the floor, and finds one that comes later', async () => {
    const pins = await scene().client();
    const pin = await pins.negotiated;
    assert.equal(`${pin.state} ${pin.version} ${pin.readers}`, 'unknown 3.0 0');
    await scene().member('volume-1', '3.3');
    assert.equal((await untilPin(pins, ({ state }) => state !== 'unknown')).version, '3.3');
  });

  it('keeps its version while nobody is there', async () => {
    const only = await scene().member('volume-1', '3.4');
    const pins = await scene().client();
    await pins.negotiated;
    await only.leave();
    await untilPin(pins, ({ readers }) => readers === 0);
    assert.equal(`${pins.current.state} ${pins.current.version}`, 'released 3.4');
  });

  it('says split, too old and too new, with the windows', async () => {
    const first = await scene().member('volume-1', '3.1');
    await scene().member('volume-2', '3.3', { floor: '3.2' });
    const pins = await scene().client();
    const pin = await pins.negotiated;
    assert.equal(`${pin.state} ${pin.version}`, 'split 3.3');
    assert.equal(pins.current.problem, 'SPLIT');
    await first.leave();
    const { Line } = await import('#lynchpin/versions/index.js');
    const old = await scene().client({}, Line.between('VolumeApi', '3.0', '3.1'));
    assert.equal((await old.negotiated).problem, 'TOO_OLD', 'told at the start, for whoever opens a client to be refused');
    assert.ok(old.current.why.includes('3.2 to 3.3'), old.current.why);
    const young = await scene().client({}, Line.between('VolumeApi', '3.4', '3.5'));
    assert.equal((await young.negotiated).problem, 'TOO_NEW');
    assert.ok(young.current.why.includes('3.2 to 3.3'), young.current.why);
  });

  it('declares the presence queues that it watches, so that none is missed again and again', async () => {
    const pins = await scene().client();
    await pins.negotiated;
    const broker = await scene().broker();
    assert.deepEqual(await broker.count(scene().names.roll), { known: true, ready: 0, consumers: 0 });
  });
}
