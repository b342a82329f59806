import assert from 'node:assert/strict';
import { connect as dial } from 'amqplib';
import { namesOf, openBroker, type Broker } from '#lynchpin/broker/index.js';
import { machineClock, Scribe, TopicLedger, type Entry } from '#lynchpin/pin/index.js';
import { sharedRabbit } from '../support/rabbitmq/index.js';

describe('a ledger on RabbitMQ whose beginning a policy has cut', function () {
  this.timeout(60_000);
  let broker: Broker | undefined;
  const ledgers: TopicLedger[] = [];
  let scribe: Scribe | undefined;
  after(async () => {
    await scribe?.close();
    await Promise.all(ledgers.map((ledger) => ledger.close()));
    await broker?.close();
  });

  it('is read from a snapshot on, by whoever comes later', async function () {
    const rabbit = await sharedRabbit(this);
    this.timeout(60_000);
    const name = namesOf('volume', rabbit.namespace()).ledger;
    const connection = await dial(rabbit.url);
    const channel = await connection.createChannel();
    const bounds = { 'x-max-length-bytes': 40_000, 'x-stream-max-segment-size-bytes': 10_000 };
    await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'stream', ...bounds } });
    await connection.close();
    broker = await openBroker(rabbit.url);
    const patience = AbortSignal.timeout(50_000);
    const follow = async (): Promise<TopicLedger> => {
      const ledger = new TopicLedger(broker as Broker, 'volume', name);
      ledgers.push(ledger);
      await ledger.ready(patience);
      return ledger;
    };
    const ledger = await follow();
    let snapshots = 0;
    ledger.watch((state, { kind }) => {
      if (kind === 'snapshot' && state.outcome.kind === 'counted') snapshots += 1;
    });
    scribe = new Scribe(ledger, machineClock, 'volume-1', { every: 20, still: 20 });
    const said = (at: number): Pick<Entry, 'id' | 'author' | 'reason'> => ({ id: `entry ${at}`, author: 'ada', reason: 'x'.repeat(1_000) });
    await ledger.append({ kind: 'hold', ...said(0), until: '3.1' }, patience);
    let first = 0;
    let appended = 0;
    while (first === 0 || snapshots === 0) {
      patience.throwIfAborted();
      for (let at = 0; at < 30; at++)
        await ledger.append({ kind: 'acted', ...said(++appended), what: 'prune', target: 'a lane' }, patience);
      // The scribe waits for a moment without entries.
      await new Promise((resolve) => setTimeout(resolve, 100));
      let begins: number | undefined;
      const reader = await broker.openLog(name, 'first', { onEntry: ({ offset }) => (begins ??= offset), onLost: () => undefined });
      while (begins === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
      first = begins;
      await reader.close();
    }
    const late = await follow();
    const state = await late.look(patience);
    await ledger.look(patience);
    assert.equal(state.unreadable, undefined);
    const { outcome: _one, ...read } = state;
    const { outcome: _other, ...known } = ledger.state;
    assert.deepEqual(read, known);
    assert.equal(state.holds[0]?.id, 'entry 0');
  });
});
