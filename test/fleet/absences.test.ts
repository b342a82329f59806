import assert from 'node:assert/strict';
import type { Broker, Intake } from '#lynchpin/broker/index.js';
import { Absences } from '#lynchpin/fleet/finalizing/absences.js';
import { machineClock, type Member } from '#lynchpin/pin/index.js';
import { HubWorld, until } from '../rpc/hub.js';

describe('evidence that a member is gone', () => {
  let here: HubWorld;
  let observer: Broker;
  let intake: Intake;
  let absences: Absences;
  let now = 0;

  beforeEach(async () => {
    here = new HubWorld();
    observer = here.hub.connect({ backoff: { first: 1, most: 5 }, countTimeout: 20 });
    await observer.ready();
    intake = await here.broker.openIntake(() => undefined);
    now = 0;
    absences = new Absences(observer, { ...machineClock, now: () => now });
  });
  afterEach(async () => {
    absences.close();
    await observer.close({ timeout: 100 });
    await here.close();
  });

  const member = (queue: string): Member => ({
    instance: queue,
    incarnation: 1,
    role: 'server',
    window: { floor: '3.0', version: '3.4' },
    queue,
    author: queue,
    offset: 0,
  });
  const gone = member('none');
  /** Looks at these moments, in seconds. */
  const look = async (who: Member, ...seconds: readonly number[]): Promise<void> => {
    for (const second of seconds) {
      now = second * 1_000;
      await absences.look([who]);
    }
  };

  it('is a queue that was missing at every look, at least twice, over ten seconds', async () => {
    await look(gone, 0);
    assert.equal(absences.presence(gone), 'gone');
    assert.equal(absences.evidence(gone), undefined);
    await look(gone, 5, 9.9);
    assert.equal(absences.evidence(gone), undefined);
    await look(gone, 12);
    assert.deepEqual(absences.evidence(gone), { seen: 'gone', looks: 4, over: 12_000 });
  });

  it('is none when the queue is there, when its node is down, when the account may not ask, and when no answer comes', async () => {
    const there = member(await intake.inbox([]));
    await look(there, 0, 20);
    assert.deepEqual([absences.presence(there), absences.evidence(there)], ['connected', undefined]);
    const queue = 'a queue';
    await here.broker.ensureQueue(queue);
    for (const ailment of ['down', 'forbidden', 'timeout'] as const) {
      here.hub.ail(queue, ailment);
      const who = member(queue);
      await look(who, 100, 120);
      assert.deepEqual([absences.presence(who), absences.evidence(who)], ['unknown', undefined], ailment);
      here.hub.heal(queue);
    }
  });

  it('begins anew with each other answer', async () => {
    await look(gone, 0, 8);
    await here.broker.ensureQueue(gone.queue);
    await look(gone, 11);
    assert.equal(absences.presence(gone), 'connected');
    await here.broker.deleteQueue(gone.queue);
    await look(gone, 14, 22);
    assert.equal(absences.evidence(gone), undefined);
    await look(gone, 24);
    assert.equal(absences.evidence(gone)?.over, 10_000);
  });

  it('begins anew when whoever looks has lost its own connection', async () => {
    await look(gone, 0, 8);
    here.hub.cut(observer);
    await until(() => observer.state !== 'up');
    await observer.ready();
    await look(gone, 12);
    assert.deepEqual([absences.presence(gone), absences.evidence(gone)], ['gone', undefined]);
    await look(gone, 21);
    assert.equal(absences.evidence(gone), undefined);
    await look(gone, 23);
    assert.equal(absences.evidence(gone)?.over, 11_000);
  });

  it('is not gathered faster than the broker can bear', async () => {
    await look(gone, 0, 0.1, 0.2, 1.9);
    await look(gone, 12);
    assert.equal(absences.evidence(gone)?.looks, 2);
  });
});
