import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LynchpinError } from 'lynchpin';
import { fleetNamesOf } from '#lynchpin/broker/index.js';
import { Attendance, Life, machineClock, Membership, TopicLedger, type Entry, type LedgerListener } from '#lynchpin/pin/index.js';
import { Line } from '#lynchpin/versions/index.js';
import { code } from '../rpc/code.js';
import * as older from '../rpc/fixtures/old.js';
import { OldService } from '../rpc/fixtures/services.js';
import { HubWorld, turn, until } from '../rpc/hub.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** A ledger that knows how many listen to it. */
class Counted extends TopicLedger {
  listening = 0;

  override watch(listener: LedgerListener): () => void {
    const stop = super.watch(listener);
    this.listening += 1;
    return () => {
      stop();
      this.listening -= 1;
    };
  }
}

describe('a ledger in trouble', () => {
  let here: HubWorld;
  let ledger: Counted;
  let life: Life;
  let entries: Entry['kind'][];
  let others: (() => Promise<void>)[];
  const patience = AbortSignal.timeout(20_000);
  const acted = (id: string): Entry => ({ kind: 'acted', id, author: 'ada', reason: 'a test', what: 'drain', target: 'volume-1' });

  beforeEach(async () => {
    here = new HubWorld();
    ledger = new Counted(here.broker, 'volume', here.names.ledger);
    life = new Life(here.broker, fleetNamesOf(), 'test', () => assert.fail('nobody calls the roll'));
    others = [];
    entries = [];
    await ledger.ready(patience);
    await here.broker.openLog(here.names.ledger, 'first', {
      onEntry: ({ type }) => void entries.push(type as Entry['kind']),
      onLost: () => undefined,
    });
  });
  afterEach(async () => {
    await Promise.all(others.map((close) => close()));
    await life.close();
    await ledger.close();
    await here.close();
  });

  function membership(author: string): Membership {
    const line = Line.between('VolumeApi', '3.0', '3.2');
    return new Membership({ ledger, life, instance: 'test/1', role: 'client', author, line, clock: machineClock });
  }

  it('is not written to again and again by somebody whose entry nobody reads as one', async () => {
    await assert.rejects(membership('').enter(patience), code('PROTOCOL'));
    assert.deepEqual(entries, ['joined']);
    const { bus } = here.bus('one');
    await assert.rejects(bus.serve(older.VolumeApi, new OldService(''), { server: '' }), code('DECLARATION'));
    assert.deepEqual(entries, ['joined']);
  });

  it('that says a later life of a process is over has it join as the one after that', async () => {
    await ledger.append({ kind: 'left', id: 'forged', author: 'ada', reason: '', instance: 'test/1', incarnation: 1_000 }, patience);
    const member = membership('test');
    await member.enter(patience);
    assert.deepEqual(member.member, { instance: 'test/1', incarnation: 1_001 });
    assert.deepEqual(entries, ['left', 'joined']);
  });

  it('is listened to once by a member, however often that joins', async () => {
    const member = membership('test');
    for (let lives = 1; lives <= 3; lives += 1) await member.enter(patience);
    assert.equal(ledger.listening, 1);
    await member.leave();
    assert.equal(ledger.listening, 0);
  });

  it('hears of a client that is closed while it is admitted', async () => {
    const attendance = new Attendance(membership('test'));
    let closed: Promise<void> | undefined;
    ledger.watch(() => (closed ??= attendance.close()));
    await until(() => closed !== undefined);
    await closed;
    assert.deepEqual(ledger.state.members, []);
  });

  it('keeps nobody waiting who closes meanwhile', async () => {
    here.hub.ail(here.names.ledger, 'down');
    const attendance = new Attendance(membership('test'));
    await Promise.all([attendance.settled(60_000), attendance.close()]);
  });

  it('that the account may not read is said at once', async () => {
    here.hub.ail(here.names.ledger, 'forbidden');
    const { bus } = here.bus('one');
    await assert.rejects(bus.serve(older.VolumeApi, new OldService('volume-1')), code('FORBIDDEN'));
    const volumes = await bus.client(older.VolumeApi);
    await volumes.close();
    here.hub.heal(here.names.ledger);
    // The right was granted, which shows with the next attempt to read.
    const serve = (): Promise<unknown> => bus.serve(older.VolumeApi, new OldService('volume-1')).catch(() => turn().then(serve));
    await serve();
  });

  it('that does not answer fails a start within its bound, with the reason, whatever is collected meanwhile', async () => {
    here.hub.ail(here.names.ledger, 'timeout');
    const { bus } = here.bus('one');
    const serving = bus.serve(older.VolumeApi, new OldService('volume-1'), { joinTimeout: 300 });
    await until(() => here.hub.queues.some((queue) => queue.startsWith('lynchpin:life.')));
    collect();
    await assert.rejects(serving, (error: unknown) => LynchpinError.is(error, 'CONNECTION') && LynchpinError.is(error.cause, 'CONNECTION'));
  });

  it('that was deleted is joined anew by everyone, before anybody else writes to it', async () => {
    const { bus } = here.bus('one');
    const server = await bus.serve(older.VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    await bus.client(older.VolumeApi);
    await until(() => ledger.state.members.length === 2);
    await here.broker.deleteQueue(here.names.ledger);
    await until(() => ledger.state.members.length === 2 && ledger.state.members.every(({ incarnation }) => incarnation > 1));
    await until(() => server.state === 'serving');
  });

  it('is read on for all others when one of its listeners fails', async () => {
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const shown = new Promise((resolve) => process.once('uncaughtException', resolve));
    try {
      ledger.watch(() => {
        throw new Error('this listener fails');
      });
      const heard: string[] = [];
      ledger.watch((_, entry) => void heard.push(entry.kind));
      await ledger.append(acted('one'), patience);
      assert.match(String(await shown), /this listener fails/);
      assert.deepEqual(heard, ['acted']);
      assert.ok(ledger.following);
    } finally {
      for (const listener of before) process.on('uncaughtException', listener);
    }
  });

  it('is not written to by each attempt of a server that finds no seat', async () => {
    const { bus } = here.bus('one');
    const server = await bus.serve(older.VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const { hub, names } = here;
    hub.ail(names.lane('3.1'), 'down');
    await until(() => server.state === 'joining');
    const began = performance.now();
    await until(() => performance.now() - began > 300);
    assert.deepEqual(
      entries.filter((kind) => kind === 'left'),
      [],
    );
    hub.heal(names.lane('3.1'));
    await until(() => server.state === 'serving');
    assert.deepEqual(entries, ['joined', 'joined']);
  });
});
