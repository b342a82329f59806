import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryHub } from 'lynchpin';
import type { Broker } from '#lynchpin/broker/index.js';
import {
  EMPTY_LEDGER,
  entryBody,
  fold,
  machineClock,
  parseEntry,
  Scribe,
  snapshotOf,
  TopicLedger,
  type Entry,
  type LedgerState,
} from '#lynchpin/pin/index.js';
import { until } from '../rpc/hub.js';
import { entries, joined, left, newer } from './ledger/support/entries.js';

const SEED = 20_261_122;
const NAME = 'volume.ledger';
const STRIDES = { first: 4, last: 5 };
const patience = AbortSignal.timeout(60_000);
const acted = (id: string): Entry => ({ kind: 'acted', id, author: 'ada', reason: '', what: 'drain', target: 'volume-1' });

/** A log on a hub, and what it came to at each of its entries. */
class Log {
  readonly broker: Broker;
  readonly states: LedgerState[] = [];
  #count = 0;
  readonly #ledgers: TopicLedger[] = [];

  constructor(readonly hub = new MemoryHub()) {
    this.broker = hub.connect();
  }

  async open(): Promise<this> {
    await this.broker.ensureLog(NAME);
    await this.broker.openLog(NAME, 'first', {
      onEntry: ({ offset, body }) => void this.states.push(fold(this.last, parseEntry(body), offset)),
      onLost: () => undefined,
    });
    return this;
  }

  get last(): LedgerState {
    return this.states.at(-1) ?? EMPTY_LEDGER;
  }

  async write(entry: Entry | string): Promise<void> {
    const body = Buffer.from(typeof entry === 'string' ? entry : entryBody(entry));
    const messageId = typeof entry === 'string' ? undefined : entry.id;
    this.#count += 1;
    await this.broker.publish({ exchange: '', routingKey: NAME, messageId, persistent: true, body });
    await until(() => this.states.length >= this.#count);
  }

  /** A snapshot of what the log came to so many entries before its end. */
  async sumUp(before = 0): Promise<void> {
    const state = this.states.at(-1 - before);
    const snapshot = state && snapshotOf({ ...state, unreadable: undefined }, { id: `s${this.#count}`, author: 'ada', reason: '' });
    if (snapshot !== undefined) await this.write(snapshot);
  }

  ledger(strides = STRIDES): TopicLedger {
    const ledger = new TopicLedger(this.hub.connect(), 'volume', NAME, undefined, strides);
    this.#ledgers.push(ledger);
    return ledger;
  }

  async close(): Promise<void> {
    await Promise.all(this.#ledgers.map((ledger) => ledger.close()));
    await this.broker.close();
  }
}

type Step = Entry | string | { readonly sumUp: number };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: entries },
    { weight: 1, arbitrary: fc.constant(newer()) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 }).map((sumUp) => ({ sumUp })) },
  ),
  { minLength: 30, maxLength: 70 },
);

describe('a long ledger', () => {
  it('comes to the same for whoever begins near its end as for whoever has read all of it', async () => {
    let skipped = 0;
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (log, appends) => {
        const here = await new Log().open();
        for (const step of log) await (typeof step === 'object' && 'sumUp' in step ? here.sumUp(step.sumUp) : here.write(step));
        const ledger = here.ledger();
        const told: LedgerState[] = [];
        ledger.watch((state) => void told.push(state));
        if (appends) {
          const { offset, state } = await ledger.append(acted('mine'), patience);
          await until(() => here.last.offset >= offset);
          assert.deepEqual(state, here.states.find((one) => one.offset === offset) ?? assert.fail());
        } else await ledger.look(patience);
        assert.deepEqual(ledger.state, here.last);
        for (const state of told) {
          const whole = here.states.find(({ offset }) => offset === state.offset) ?? assert.fail();
          assert.deepEqual(state, whole);
        }
        if (told.length < here.states.length) skipped += 1;
        await here.close();
      }),
      { seed: SEED, numRuns: 30 },
    );
    assert.ok(skipped > 2, `${skipped}`);
  }).timeout(20_000);

  it('is not read as a whole by whoever comes once it was summed up', async () => {
    const here = await new Log().open();
    for (let one = 0; one < 100; one += 1) await here.write(joined(`i${one}`, 1, '3.2'));
    await here.sumUp();
    for (let one = 0; one < 3; one += 1) await here.write(left(`i${one}`, 1));
    const ledger = here.ledger();
    let told = 0;
    ledger.watch(() => (told += 1));
    const { state } = await ledger.append(joined('me', 1, '3.2'), patience);
    assert.equal(state.members.length, 98);
    assert.ok(told < 12, `${told}`);
    assert.ok(ledger.unsummed < 8, `${ledger.unsummed}`);
    await here.close();
  });

  it('is read from its first entry where nobody has summed it up, and by somebody whose connection is cut', async () => {
    const here = await new Log().open();
    for (let one = 0; one < 60; one += 1) await here.write(joined(`i${one}`, 1, '3.2'));
    const broker = here.hub.connect({ backoff: { first: 1, most: 5 } });
    const ledger = new TopicLedger(broker, 'volume', NAME, undefined, STRIDES);
    let cuts = 0;
    ledger.watch(({ members }) => {
      if (members.length % 9 === 0 && cuts++ < 5) here.hub.cut(broker);
    });
    const { state } = await ledger.append(joined('me', 1, '3.2'), patience);
    assert.equal(state.members.length, 61);
    assert.ok(cuts >= 3, `${cuts}`);
    await ledger.close();
    await here.close();
  });

  it('is summed up by a server that has read all of it but has seen little of it come', async () => {
    const here = await new Log().open();
    // Five that have joined eight times: a snapshot is not due before there are several entries for each member.
    for (let one = 0; one < 40; one += 1) await here.write(joined(`i${one % 5}`, 1 + Math.floor(one / 5), '3.2'));
    const ledger = here.ledger();
    await ledger.look(patience);
    const scribe = new Scribe(ledger, machineClock, 'ada', { every: 20, still: 1 });
    await here.write(left('i0', 8));
    await until(() => ledger.unsummed === 0);
    assert.equal(here.last.unreadable, undefined);
    await scribe.close();
    await here.close();
  });

  it('is looked at to its end, however slowly it comes', async () => {
    const here = await new Log().open();
    for (let one = 0; one < 40; one += 1) await here.write(joined(`i${one}`, 1, '3.2'));
    const slow = here.hub.connect();
    const openLog: Broker['openLog'] = (name, start, handlers) => {
      if (start === 'last') return slow.openLog(name, start, handlers);
      // Half of it comes, and the rest after a pause that is longer than any quiet moment.
      const late: (() => void)[] = [];
      let count = 0;
      const release = (): void => {
        for (const give of late.splice(0)) give();
      };
      const timer = setTimeout(() => ((count = -Infinity), release()), 250);
      return slow.openLog(name, start, {
        ...handlers,
        onEntry: (entry) => {
          count += 1;
          if (count <= 20) handlers.onEntry(entry);
          else late.push(() => handlers.onEntry(entry));
        },
        onLost: (cause) => (clearTimeout(timer), handlers.onLost(cause)),
      });
    };
    const lagging = new Proxy(slow, {
      get: (target, key) => {
        if (key === 'openLog') return openLog;
        const value = Reflect.get(target, key, target) as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const ledger = new TopicLedger(lagging, 'volume', NAME);
    assert.equal((await ledger.look(patience)).members.length, 40);
    await ledger.close();
    await here.close();
  });
});
