import assert from 'node:assert/strict';
import { EMPTY_LEDGER, fold, machineClock, parseEntry, Scribe, TopicLedger, type Entry, type LedgerState } from '#lynchpin/pin/index.js';
import { HubWorld, until } from '../rpc/hub.js';

describe('a ledger of many entries', () => {
  let here: HubWorld;
  const ledgers: TopicLedger[] = [];
  const scribes: Scribe[] = [];
  let patience: AbortSignal;
  let said = 0;

  beforeEach(() => {
    patience = AbortSignal.timeout(20_000);
    here = new HubWorld();
  });
  afterEach(async () => {
    await Promise.all(scribes.splice(0).map((scribe) => scribe.close()));
    await Promise.all(ledgers.splice(0).map((ledger) => ledger.close()));
    await here.close();
  });

  const follow = async (): Promise<TopicLedger> => {
    const ledger = new TopicLedger(here.broker, 'volume', here.names.ledger);
    ledgers.push(ledger);
    await ledger.ready(patience);
    return ledger;
  };
  const scribe = (ledger: TopicLedger, author: string): void =>
    void scribes.push(new Scribe(ledger, machineClock, author, { every: 10, still: 5 }));
  const hold = (): Entry => ({ kind: 'hold', id: `hold ${++said}`, author: 'ada', reason: 'a bad night', until: '3.1' });

  it('gets a snapshot now and then, by one of those who would write one', async () => {
    const [one, two] = [await follow(), await follow()];
    scribe(one, 'volume-1');
    scribe(two, 'volume-2');
    let counted = 0;
    one.watch((state, { kind }) => {
      if (kind === 'snapshot' && state.outcome.kind === 'counted') counted += 1;
    });
    for (let at = 0; at < 9; at++) await one.append(hold(), patience);
    assert.equal(counted, 0);
    for (let at = 0; at < 20; at++) await one.append(hold(), patience);
    await until(() => counted > 0);
    await one.look(patience);
    assert.equal(one.state.holds.length, 29);
    // On a slow machine the ledger may have been still long enough in between.
    assert.ok(counted <= 2, `${counted} snapshots`);
  });

  it('gets it from whoever is first: from others only when that one does not', async () => {
    const [one, two] = [await follow(), await follow()];
    const by: string[] = [];
    one.watch((_, entry) => entry.kind === 'snapshot' && by.push(entry.author));
    const due = { every: 10, still: 5 } as const;
    // Sixty others come before it: it would have its turn in a minute.
    scribes.push(new Scribe(two, machineClock, 'late', { ...due, before: () => 60 }));
    for (let at = 0; at < 20; at++) await one.append(hold(), patience);
    scribes.push(new Scribe(one, machineClock, 'first', due));
    await one.append(hold(), patience);
    await until(() => by.length > 0);
    await one.append(hold(), patience);
    assert.deepEqual(by, ['first']);
  });

  it('can be read although its beginning is lost', async () => {
    const ledger = await follow();
    scribe(ledger, 'volume-1');
    let snapshots = 0;
    ledger.watch((state, { kind }) => {
      if (kind === 'snapshot' && state.outcome.kind === 'counted') snapshots += 1;
    });
    for (let at = 0; at < 20; at++) await ledger.append(hold(), patience);
    await until(() => snapshots > 0);
    await ledger.append(hold(), patience);
    const kept: { readonly offset: number; readonly body: Buffer }[] = [];
    const reader = await here.broker.openLog(here.names.ledger, 'first', { onEntry: (entry) => kept.push(entry), onLost: () => undefined });
    await until(() => kept.at(-1)?.offset === ledger.state.offset);
    await reader.close();
    const from = (first: number): LedgerState =>
      kept.slice(first).reduce((state, { offset, body }) => fold(state, parseEntry(body), offset), EMPTY_LEDGER);
    const { outcome: _outcome, ...whole } = from(0);
    const { outcome: _other, ...cut } = from(10);
    assert.deepEqual(cut, whole);
    assert.equal(cut.unreadable, undefined);
    // Without the snapshot it could not.
    const without = kept.filter(({ body }) => parseEntry(body).kind !== 'snapshot').slice(10);
    const lost = without.reduce((state, { offset, body }) => fold(state, parseEntry(body), offset), EMPTY_LEDGER);
    assert.equal(lost.unreadable?.cause, 'beginning');
  });
});
