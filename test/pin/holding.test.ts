import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { MemoryHub, namesOf, type Broker } from '#lynchpin/broker/index.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import {
  machineClock,
  negotiate,
  TopicLedger,
  type Clock,
  type Entry,
  type Negotiation,
  type PinEvent,
  type PinOptions,
} from '#lynchpin/pin/index.js';
import type { Version } from '#lynchpin/versions/index.js';
import { joined, newer } from './ledger/support/entries.js';
import { Member } from './support/member.js';
import { LINE } from './support/readings.js';
import { record, until, untilPin } from './support/until.js';

/** A topic on a hub of its own, its servers, its clients, and an operator. */
class Topic {
  readonly names = namesOf('volume');
  readonly hub: MemoryHub;
  readonly #ledgers: TopicLedger[] = [];
  readonly #pins: Negotiation[] = [];
  readonly #brokers: Broker[] = [];
  #entries = 0;

  constructor(logs: boolean) {
    this.hub = new MemoryHub('', { logs });
  }

  broker(): Broker {
    const broker = this.hub.connect({ countTimeout: 100, backoff: { first: 10, most: 50 } });
    this.#brokers.push(broker);
    return broker;
  }

  server(server: string, version: Version): Promise<Member> {
    return Member.join(this.broker(), this.names, { server, floor: '3.0', version });
  }

  ledger(broker = this.broker()): TopicLedger {
    const ledger = new TopicLedger(broker, 'volume', this.names.ledger, this.names);
    this.#ledgers.push(ledger);
    void ledger.ready(this.patience).catch(() => undefined);
    return ledger;
  }

  /** A client in a process of its own. */
  client(options: PinOptions = {}): Negotiation {
    const broker = this.broker();
    const ledger = this.ledger(broker);
    return this.#keep(negotiate({ broker, names: this.names, line: LINE, ledger }, { settle: 300, ...options }));
  }

  /** One that knows of no ledger. */
  deafClient(options: PinOptions = {}): Negotiation {
    return this.#keep(negotiate({ broker: this.broker(), names: this.names, line: LINE }, { settle: 300, ...options }));
  }

  said(): Pick<Entry, 'id' | 'author' | 'reason' | 'at'> {
    return { id: `entry-${++this.#entries}`, author: 'ada', reason: 'a bad night', at: '2026-01-01T00:00:00Z' };
  }

  get patience(): AbortSignal {
    return AbortSignal.timeout(10_000);
  }

  async close(): Promise<void> {
    await Promise.all(this.#pins.map((pins) => pins.close()));
    await Promise.all(this.#ledgers.map((ledger) => ledger.close()));
    await Promise.all(this.#brokers.map((broker) => broker.close({ timeout: 200 })));
  }

  #keep(pins: Negotiation): Negotiation {
    this.#pins.push(pins);
    return pins;
  }
}

/** A clock by which everything takes a tenth of its time. */
const FAST: Clock = {
  ...machineClock,
  now: () => performance.now() * 10,
  after: (ms, run, options) => machineClock.after(ms / 10, run, options),
};

const isAt = (state: string, version: Version) => (pin: { readonly state: string; readonly version: Version }) =>
  pin.state === state && pin.version === version;

for (const logs of [true, false]) {
  describe(`a hold, ${logs ? 'in the ledger' : 'on a broker without logs'},`, () => {
    let topic: Topic;
    let operator: TopicLedger;

    beforeEach(() => {
      topic = new Topic(logs);
      operator = topic.ledger();
    });
    afterEach(() => topic.close());

    const hold = async (at?: Version): Promise<string> => {
      const entry = { kind: 'hold', ...topic.said(), until: at } as const;
      await operator.append(entry, topic.patience);
      return entry.id;
    };
    const release = (id: string) => operator.append({ kind: 'release', ...topic.said(), hold: id }, topic.patience);

    it('caps the pins of every process while they run, and its release gives them back without a quiet time', async () => {
      await topic.server('volume-1', '3.4');
      const all = [topic.client({ settle: 60_000 }), topic.client({ settle: 60_000 })];
      for (const pins of all) assert.equal((await pins.negotiated).state, 'released');
      const id = await hold('3.2');
      for (const pins of all) {
        const pin = await untilPin(pins, isAt('capped', '3.2'), 2_000);
        assert.equal(pin.heldBack, '3.4');
        assert.deepEqual(pin.holds, [{ id, author: 'ada', reason: 'a bad night', since: '2026-01-01T00:00:00Z', until: '3.2' }]);
        for (const fact of ['ada', 'a bad night', '2026-01-01', 'until 3.2', '3.4', `lynchpin release volume --hold ${id}`])
          assert.ok(pin.why.includes(fact), `${fact} is not in: ${pin.why}`);
      }
      await release(id);
      for (const pins of all) {
        const pin = await untilPin(pins, isAt('released', '3.4'), 4_000);
        assert.deepEqual([pin.holds, pin.heldBack], [[], undefined]);
      }
    });

    it('is never exceeded by a process that starts under it', async () => {
      await topic.server('volume-1', '3.4');
      await hold('3.1');
      const pins = topic.client();
      const seen = record(pins);
      const pin = await pins.negotiated;
      await new Promise((resolve) => setTimeout(resolve, 260)).then(() => pins.check());
      assert.equal(`${pin.state} ${pin.version}`, 'capped 3.1');
      assert.deepEqual(seen, ['unknown 3.0', 'capped 3.1']);
      const deaf = await topic.deafClient().negotiated;
      assert.equal(deaf.version, '3.4', 'one that does not read the ledger would');
    });

    it('combines with others and with a version set by hand: the lowest counts', async () => {
      await topic.server('volume-1', '3.4');
      const pins = topic.client({ pin: '3.3', settle: 60_000 });
      await pins.negotiated;
      await hold('3.1');
      await hold('3.2');
      await untilPin(pins, ({ holds, version }) => holds.length === 2 && version === '3.1');
      assert.equal(pins.current.heldBack, '3.3');
      pins.cap('3.0');
      assert.deepEqual([pins.current.version, pins.current.heldBack], ['3.0', undefined]);
    });

    it('without a version keeps pins where they are', async () => {
      const old = await topic.server('volume-1', '3.2');
      await topic.server('volume-2', '3.4');
      const pins = topic.client();
      await pins.negotiated;
      await hold();
      await untilPin(pins, ({ holds }) => holds.length === 1, 4_000);
      await old.leave();
      const pin = await untilPin(pins, ({ heldBack }) => heldBack === '3.4');
      assert.equal(`${pin.state} ${pin.version}`, 'capped 3.2');
    });
  });
}

describe('what the ledger says of a pin', () => {
  let topic: Topic;
  let operator: TopicLedger;

  beforeEach(() => {
    topic = new Topic(true);
    operator = topic.ledger();
  });
  afterEach(() => topic.close());

  async function finalized(version: Version): Promise<void> {
    const { offset: epoch } = await operator.append({ kind: 'prepare', ...topic.said(), version }, topic.patience);
    const census = { before: { counted: 1, answered: 1 }, after: { counted: 1, answered: 1 } };
    await operator.append({ kind: 'finalize', ...topic.said(), epoch, census }, topic.patience);
  }

  it('a client that starts under a hold without a version goes as far as all servers went then', async () => {
    await topic.server('volume-1', '3.4');
    await operator.append(joined('one', 1, '3.3'), topic.patience);
    await operator.append({ kind: 'hold', ...topic.said() }, topic.patience);
    const pin = await topic.client().negotiated;
    assert.equal(`${pin.state} ${pin.version}`, 'capped 3.3');
  });

  it('one that names a version below the floor of the client keeps it at its floor, and it says so', async () => {
    await topic.server('volume-1', '3.4');
    await operator.append({ kind: 'hold', ...topic.said(), until: '2.7' }, topic.patience);
    const pin = await topic.client().negotiated;
    assert.equal(`${pin.state} ${pin.version}`, 'capped 3.0');
    assert.match(pin.why, /2\.7.*floor/);
  });

  it('is waited for at the start, and after two seconds the client goes on at its floor', async () => {
    await topic.server('volume-1', '3.4');
    await operator.append({ kind: 'hold', ...topic.said(), until: '3.2' }, topic.patience);
    topic.hub.ail(topic.names.ledger, 'down');
    const from = performance.now();
    const pins = topic.client({ clock: FAST });
    const pin = await pins.negotiated;
    const took = (performance.now() - from) * 10;
    assert.equal(`${pin.state} ${pin.version}`, 'unknown 3.0');
    assert.ok(took >= 1_900 && took < 4_900, `it took ${took} ms`);
    assert.match(pin.why, /the ledger is out of reach/);
    topic.hub.heal(topic.names.ledger);
    await untilPin(pins, isAt('capped', '3.2'));
  });

  it('raises no pin while it cannot be followed, and lowers it all the same', async () => {
    const old = await topic.server('volume-1', '3.2');
    await topic.server('volume-2', '3.4');
    const pins = topic.client({ settle: 100 });
    const deaf = topic.deafClient({ settle: 100 });
    await Promise.all([pins.negotiated, deaf.negotiated]);
    topic.hub.ail(topic.names.ledger, 'down');
    await old.leave();
    await untilPin(deaf, isAt('released', '3.4'));
    for (let looks = 0; looks < 2; looks++) await new Promise((resolve) => setTimeout(resolve, 260)).then(() => pins.check());
    assert.equal(`${pins.current.state} ${pins.current.version}`, 'held 3.2');
    const older = await topic.server('volume-3', '3.1');
    await untilPin(pins, isAt('held', '3.1'));
    await older.leave();
    topic.hub.heal(topic.names.ledger);
    await untilPin(pins, isAt('released', '3.4'));
  });

  it('that this build does not understand is a hold', async () => {
    const old = await topic.server('volume-1', '3.2');
    await topic.server('volume-2', '3.4');
    const pins = topic.client({ settle: 100 });
    await pins.negotiated;
    await topic.broker().publish({ exchange: '', routingKey: topic.names.ledger, messageId: 'p', body: Buffer.from(newer()) });
    await untilPin(pins, ({ holds }) => holds[0]?.id === 'unreadable');
    await old.leave();
    const pin = await untilPin(pins, ({ heldBack }) => heldBack === '3.4');
    assert.equal(`${pin.state} ${pin.version}`, 'capped 3.2');
  });

  it('is final is the least, at once and for who starts, and at its newest version the pin is finalized', async () => {
    await topic.server('volume-1', '3.4');
    const pins = topic.client({ pin: '3.1' });
    await pins.negotiated;
    assert.equal(pins.current.version, '3.1');
    await finalized('3.3');
    await untilPin(pins, ({ version, final }) => version === '3.3' && final === '3.3', 2_000);
    await finalized('3.4');
    await untilPin(pins, isAt('finalized', '3.4'), 2_000);
    assert.match(pins.current.why, /final.*ada/);
    const { negotiated } = topic.client();
    assert.equal((await negotiated).state, 'finalized');
  });

  it('a hold that is the only thing left is warned of once, and told on the channel', async () => {
    const old = await topic.server('volume-1', '3.2');
    await topic.server('volume-2', '3.4');
    const pins = topic.client({ settle: 200 });
    await pins.negotiated;
    const warnings: Error[] = [];
    const events: PinEvent[] = [];
    const warn = (warning: Error): number => warnings.push(warning);
    const listen = (message: unknown): number => events.push(message as PinEvent);
    process.on('warning', warn);
    subscribe('lynchpin:pin', listen);
    try {
      await operator.append({ kind: 'hold', ...topic.said(), until: '3.2' }, topic.patience);
      await untilPin(pins, ({ holds }) => holds.length === 1);
      assert.equal(warnings.length, 0, 'an old server is in the way as well');
      await old.leave();
      await untilPin(pins, ({ heldBack }) => heldBack === '3.4');
      await until('it is warned', () => warnings.length > 0);
      for (let looks = 0; looks < 2; looks++) await new Promise((resolve) => setTimeout(resolve, 260)).then(() => pins.check());
    } finally {
      process.off('warning', warn);
      unsubscribe('lynchpin:pin', listen);
    }
    assert.deepEqual(
      warnings.map((warning) => (warning as Error & { code?: string }).code),
      ['HELD_BACK'],
    );
    assert.equal(events.filter(({ now }) => now.heldBack === '3.4').length, 1);
  });

  it('costs a held client no more than a free one: looks at rest are as rare', async () => {
    await topic.server('volume-1', '3.4');
    await operator.append({ kind: 'hold', ...topic.said(), until: '3.1' }, topic.patience);
    let looks = 0;
    const pins = topic.client({ clock: { ...FAST, after: (ms, run, options) => FAST.after(ms, () => (looks++, run()), options) } });
    await pins.negotiated;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    // 20 s by its clock.
    assert.ok(looks >= 3 && looks <= 15, `${looks} looks`);
  });
});

describe('a broker without logs', () => {
  it('keeps holds and nothing else, and however many read them at once each reads all', async () => {
    const topic = new Topic(false);
    try {
      const ledger = topic.ledger();
      await assert.rejects(ledger.append({ kind: 'prepare', ...topic.said(), version: '3.2' }, topic.patience), (error) =>
        LynchpinError.is(error, 'NO_LEDGER'),
      );
      await ledger.append({ kind: 'hold', ...topic.said(), until: '3.2' }, topic.patience);
      const readers = Array.from({ length: 12 }, () => topic.ledger());
      const states = await Promise.all(readers.map((reader) => reader.look(topic.patience)));
      for (const { holds } of states) assert.equal(holds.length, 1, 'however many read at once');
      assert.equal(topic.hub.facts(topic.names.holds)?.ready, 1, 'and nothing is taken off, nothing left behind');
    } finally {
      await topic.close();
    }
  });
});
