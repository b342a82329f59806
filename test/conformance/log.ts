import assert from 'node:assert/strict';
import type { Broker, BrokerOptions, LogEntry, LogReader, LogStart } from '#lynchpin/broker/index.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { type BreakableGround, Collected, type Ground, message, until } from './ground.js';

const QUICK: BrokerOptions = { backoff: { first: 10, most: 100 } };

interface Reading {
  readonly reader: LogReader;
  readonly entries: Collected<LogEntry>;
  readonly lost: Collected<Error>;
}

async function read(broker: Broker, name: string, start: LogStart = 'first'): Promise<Reading> {
  const entries = new Collected<LogEntry>();
  const lost = new Collected<Error>();
  return { reader: await broker.openLog(name, start, { onEntry: entries.add, onLost: lost.add }), entries, lost };
}

/** All that is in a log up to now: an entry of its own is appended and read back. */
async function everything(broker: Broker, name: string, start: LogStart = 'first'): Promise<LogEntry[]> {
  const { reader, entries } = await read(broker, name, start);
  const messageId = `end ${entries.items.length} ${performance.now()}`;
  await broker.publish(message(name, '', { messageId }));
  await until(
    () => entries.items.some((entry) => entry.messageId === messageId),
    (back) => back,
  );
  await reader.close();
  return entries.items.slice(
    0,
    entries.items.findIndex((entry) => entry.messageId === messageId),
  );
}

const append = (broker: Broker, name: string, ...ids: string[]): Promise<('confirmed' | 'returned')[]> =>
  Promise.all(ids.map((messageId) => broker.publish(message(name, `body of ${messageId}`, { messageId }))));

const idsOf = (entries: readonly LogEntry[]): (string | undefined)[] => entries.map(({ messageId }) => messageId);
const placesOf = (entries: readonly LogEntry[]): string[] => entries.map(({ offset, messageId }) => `${offset} ${messageId}`);
const numbered = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const is =
  (code: 'PROTOCOL' | 'CONNECTION') =>
  (error: unknown): boolean =>
    LynchpinError.is(error, code);

/** What is promised of logs. */
export function log(ground: () => Ground): void {
  describe('a log', () => {
    let broker: Broker;
    let other: Broker;
    let name: string;
    before(async () => {
      broker = await ground().open(QUICK);
      other = await ground().open();
    });
    after(async () => {
      await broker.close();
      await other.close();
    });
    beforeEach(async () => {
      name = `${ground().prefix()}.ledger`;
      assert.deepEqual(await broker.ensureLog(name), { supported: true });
    });
    afterEach(() => other.deleteQueue(name));

    it('is the same for all readers, however many append at once, and keeps the order of each of them', async () => {
      const appenders = [broker, other, await ground().open(), await ground().open()];
      const early = await Promise.all([read(broker, name), read(other, name)]);
      const ids = appenders.map((_, index) => numbered(`${index}-`, 50));
      await Promise.all(appenders.map((appender, index) => append(appender, name, ...(ids[index] ?? []))));
      const whole = placesOf(await everything(other, name));
      assert.equal(whole.length, 200);
      for (const { entries, reader } of early) {
        assert.deepEqual(placesOf(await entries.first(200)), whole);
        await reader.close();
      }
      ids.forEach((own, index) =>
        assert.deepEqual(
          whole.map((place) => place.split(' ')[1] ?? '').filter((id) => id.startsWith(`${index}-`)),
          own,
        ),
      );
      await Promise.all(appenders.slice(2).map((appender) => appender.close()));
    });

    it('begins at 0, and its offsets grow', async () => {
      await append(broker, name, ...numbered('m', 20));
      const offsets = (await everything(broker, name)).map(({ offset }) => offset);
      assert.equal(offsets[0], 0);
      offsets.slice(1).forEach((offset, index) => assert.ok(Number.isInteger(offset) && offset > (offsets[index] ?? Infinity)));
    });

    it('says what was appended, by whom, as it was, persistent or not', async () => {
      const properties = { messageId: 'a', userId: broker.userId, type: 'join', appId: 'volume-1' };
      await broker.publish(message(name, Buffer.from([0, 255, 1]), { ...properties, persistent: true }));
      await broker.publish(message(name, '', {}));
      const [first, second] = await everything(other, name);
      assert.deepEqual({ ...first }, { offset: 0, body: Buffer.from([0, 255, 1]), ...properties });
      assert.deepEqual([second?.body.byteLength, second?.messageId], [0, undefined]);
    });

    it('takes large entries', async () => {
      const body = Buffer.alloc(3 << 20, 'large');
      await broker.publish(message(name, body, { messageId: 'large' }));
      await append(broker, name, 'small');
      const entries = await everything(other, name);
      assert.deepEqual(idsOf(entries), ['large', 'small']);
      assert.ok(entries[0]?.body.equals(body));
    });

    it('misses nothing and repeats nothing where what was there meets what comes', async () => {
      const ids = numbered('m', 300);
      const appending = append(broker, name, ...ids);
      const readings = await Promise.all(Array.from({ length: 5 }, () => read(other, name)));
      for (const { entries, reader } of readings) {
        assert.deepEqual(idsOf(await entries.first(ids.length)), ids);
        await reader.close();
      }
      await appending;
    });

    it('is read on behind any entry that was read before', async () => {
      const ids = numbered('m', 30);
      await append(broker, name, ...ids);
      const whole = await everything(broker, name);
      for (const index of [0, 7, 28, 29]) {
        const rest = await everything(other, name, whole[index] ?? assert.fail());
        assert.deepEqual(
          idsOf(rest).filter((id) => id?.startsWith('m')),
          ids.slice(index + 1),
        );
      }
    });

    it('is read from an offset on, whether there is an entry at that or not', async () => {
      await append(broker, name, ...numbered('m', 30));
      const whole = await everything(broker, name);
      const hole = whole.find(({ offset }, index) => offset > 0 && whole[index - 1]?.offset !== offset - 1)?.offset ?? 1;
      for (const from of [0, 1, hole - 1, 17, whole.at(-1)?.offset ?? 0]) {
        const rest = await everything(other, name, { from });
        assert.deepEqual(
          placesOf(rest).filter((place) => place.includes(' m')),
          placesOf(whole.filter(({ offset }) => offset >= from)),
        );
      }
    });

    it('hands over nothing that is before the offset from which it is read, although there is nothing yet', async () => {
      await append(broker, name, 'a');
      const { reader, entries } = await read(other, name, { from: 6 });
      await append(broker, name, ...numbered('m', 12));
      await entries.first(1);
      const whole = await everything(broker, name);
      assert.equal(entries.items[0]?.offset, whole.find(({ offset }) => offset >= 6)?.offset);
      await reader.close();
    });

    it('is read from about its end on, and from its beginning while it has none', async () => {
      const empty = await read(other, name, 'last');
      for (const id of numbered('m', 30)) await append(broker, name, id);
      assert.deepEqual(idsOf(await empty.entries.first(30)), numbered('m', 30));
      await empty.reader.close();
      const { reader, entries } = await read(other, name, 'last');
      await append(broker, name, 'next');
      const ids = await until(
        () => idsOf(entries.items),
        (all) => all.includes('next'),
      );
      assert.deepEqual(ids.slice(-2), ['m29', 'next']);
      assert.ok(ids.length < 12, `${ids.length}`);
      await reader.close();
    });

    it('does not let itself be mistaken for another one of its name', async () => {
      await append(broker, name, 'a', 'b');
      const [, second] = await everything(broker, name);
      const { lost } = await read(broker, name);
      await other.deleteQueue(name);
      assert.ok(is('CONNECTION')((await lost.first(1))[0]));
      assert.equal(lost.items.length, 1);
      await other.ensureLog(name);
      await append(broker, name, 'c', 'd');
      await assert.rejects(read(broker, name, second), is('PROTOCOL'));
      assert.deepEqual(idsOf(await everything(broker, name)), ['c', 'd']);
    });

    it('holds an entry twice that was appended twice, under one id', async () => {
      await append(broker, name, 'a', 'b', 'a');
      assert.deepEqual(idsOf(await everything(broker, name)), ['a', 'b', 'a']);
    });

    it('hands each reader bytes of its own', async () => {
      await append(broker, name, 'a');
      const first = await everything(broker, name);
      first[0]?.body.fill('x');
      assert.equal((await everything(broker, name))[0]?.body.toString(), 'body of a');
    });

    it('is declared by several at once, and used as it is', async () => {
      await append(broker, name, 'a');
      assert.deepEqual(await Promise.all([broker, other, broker].map((each) => each.ensureLog(name))), Array(3).fill({ supported: true }));
      assert.deepEqual(idsOf(await everything(broker, name)), ['a']);
      const fresh = `${name}.fresh`;
      await Promise.all([broker, other, broker, other].map((each) => each.ensureLog(fresh)));
      assert.deepEqual(await append(broker, fresh, 'b'), ['confirmed']);
      await broker.deleteQueue(fresh);
    });

    it('is not found where there is none, and takes nothing there', async () => {
      await assert.rejects(read(broker, `${name}.missing`), is('CONNECTION'));
      assert.deepEqual(await append(broker, `${name}.missing`, 'a'), ['returned']);
    });

    it('is not made of a queue, whose messages stay untouched', async () => {
      const queue = `${name}.queue`;
      await broker.ensureQueue(queue);
      await broker.publish(message(queue));
      await assert.rejects(broker.ensureLog(queue), is('PROTOCOL'));
      await assert.rejects(read(broker, queue), is('PROTOCOL'));
      const tap = await broker.openTap();
      assert.equal((await tap.get(queue))?.redelivered, false);
      await tap.close();
      await broker.deleteQueue(queue);
    });

    it('says nothing by its count', async () => {
      await append(broker, name, 'a');
      const { reader } = await read(other, name);
      assert.deepEqual(await broker.count(name), { known: true, ready: 0, consumers: 0 });
      await reader.close();
    });

    it('hands over nothing once its reader was closed, which is no loss', async () => {
      const entries = new Collected<LogEntry>();
      const lost = new Collected<Error>();
      const reader = await broker.openLog(name, 'first', {
        onEntry: (entry) => {
          entries.add(entry);
          if (entries.items.length === 3) void reader.close();
        },
        onLost: lost.add,
      });
      await append(broker, name, ...numbered('m', 10));
      await entries.first(3);
      assert.equal(reader.open, false);
      await everything(broker, name);
      await reader.close();
      assert.deepEqual([entries.items.length, lost.items.length], [3, 0]);
    });

    it('is lost to a reader that throws', async () => {
      const lost = new Collected<Error>();
      const failure = new Error('cannot be folded');
      const reader = await broker.openLog(name, 'first', {
        onEntry: () => {
          throw failure;
        },
        onLost: lost.add,
      });
      await append(broker, name, 'a', 'b');
      assert.deepEqual(await lost.first(1), [failure]);
      assert.equal(reader.open, false);
      await everything(broker, name);
      assert.equal(lost.items.length, 1);
    });

    it('has everything that was confirmed, and its reader goes on where it was, over cuts of both', async () => {
      const cut = await ground().open(QUICK);
      const ids = numbered('m', 120);
      const seen: LogEntry[] = [];
      let reading = await read(cut, name);
      const appending: Promise<unknown>[] = [];
      for (let round = 0; round < 4; round += 1) {
        appending.push(append(cut, name, ...ids.slice(round * 30, round * 30 + 30)));
        await reading.entries.first(1);
        ground().cut(cut);
        assert.ok(is('CONNECTION')((await reading.lost.first(1))[0]));
        assert.equal(reading.reader.open, false);
        await append(other, name, `other${round}`);
        await cut.ready();
        seen.push(...reading.entries.items);
        const last = seen.at(-1);
        const next = await until(
          () => read(cut, name, last).catch(() => undefined),
          (answer) => answer !== undefined,
        );
        assert.equal(reading.lost.items.length, 1);
        reading = next ?? assert.fail();
      }
      await Promise.all(appending);
      const whole = await everything(other, name);
      await until(
        () => seen.length + reading.entries.items.length,
        (count) => count >= whole.length,
      );
      seen.push(...reading.entries.items);
      assert.deepEqual(placesOf(seen).slice(0, whole.length), placesOf(whole));
      // Some may stand there twice; the first of each came in the order in which it was meant.
      assert.deepEqual(new Set(idsOf(whole)), new Set([...ids, ...numbered('other', 4)]));
      await cut.close();
    });
  });
}

/** What is promised of a log when the broker itself goes away. */
export function keepingLogs(ground: () => BreakableGround): void {
  describe('a log on a broker that restarts', () => {
    it('is what it was, transient entries and offsets included, and goes on', async function () {
      this.timeout(60_000);
      const broker = await ground().open(QUICK);
      const name = `${ground().prefix()}.ledger`;
      await broker.ensureLog(name);
      await append(broker, name, ...numbered('before', 50));
      const earlier = await everything(broker, name);
      const { lost, entries } = await read(broker, name);
      await entries.first(earlier.length);
      const restarting = ground().restart();
      await lost.first(1);
      // A node that stops returns entries before it goes; and whoever asks for the log then must not get an empty one.
      const meanwhile = until(
        async () => {
          await broker.ensureLog(name).catch(() => undefined);
          return append(broker, name, 'meanwhile');
        },
        ([outcome]) => outcome === 'confirmed',
      );
      await restarting;
      await meanwhile;
      await broker.ready();
      const later = await until(
        () => everything(broker, name).catch(() => undefined),
        (answer) => answer !== undefined,
      );
      assert.ok(later);
      assert.deepEqual(placesOf(later.slice(0, earlier.length)), placesOf(earlier));
      assert.ok(idsOf(later).includes('meanwhile'));
      assert.ok(idsOf(await everything(broker, name, earlier.at(-1))).includes('meanwhile'));
      await broker.deleteQueue(name);
      await broker.close();
    });
  });
}
