import { strict as assert } from 'node:assert';
import { LynchpinError, MemoryHub } from 'lynchpin';
import type { Broker } from '#lynchpin/broker/index.js';
import type { Admitted, Gate } from '#lynchpin/rpc/index.js';
import { Place } from '#lynchpin/rpc/server/place.js';
import { turn, until } from './hub.js';

/** A gate that a test keeps. */
class Kept implements Gate {
  readonly member = undefined;
  readonly problem = undefined;
  entered = 0;
  asked = 0;
  /** Answers who asks whether the place is still there. */
  answer: (() => void) | undefined;
  lose!: () => void;
  refuses = false;

  async enter(): Promise<Admitted> {
    this.entered++;
    if (this.refuses) throw new LynchpinError('TOO_OLD', 'a version above it is final');
    const lost = new Promise<Error>((resolve) => {
      this.lose = () => resolve(new Error('the place is lost'));
    });
    return { lost };
  }

  confirm(): Promise<void> {
    this.asked++;
    return new Promise((resolve) => {
      this.answer = resolve;
    });
  }

  async leave(): Promise<void> {}
}

describe('the place of a server', () => {
  const patience = AbortSignal.timeout(60_000);
  let hub: MemoryHub;
  let broker: Broker;
  let gate: Kept;
  let place: Place;

  beforeEach(async () => {
    hub = new MemoryHub();
    broker = hub.connect({ backoff: { first: 5, most: 20 } });
    gate = new Kept();
    place = new Place(broker, gate);
    await place.enter(patience);
  });
  afterEach(async () => {
    await place.leave();
    await broker.close();
  });

  /** What became of somebody who waits until it is sure: undefined while he waits. */
  function waiter(): { readonly sent: boolean | undefined } {
    const fate: { sent: boolean | undefined } = { sent: undefined };
    void place.assured().then((sure) => {
      fate.sent = sure;
    });
    return fate;
  }

  it('is sure once it was entered, and nobody waits', async () => {
    assert.equal(place.sure, true);
    assert.equal(await place.assured(), true);
  });

  it('is in doubt from the loss of a connection until the gate has been asked again', async () => {
    hub.cut(broker);
    assert.equal(place.sure, false, 'at once, before anything else can be sent');
    const fate = waiter();
    await until(() => gate.asked === 1 && broker.state === 'up');
    for (let at = 0; at < 20; at++) await turn();
    assert.equal(fate.sent, undefined);
    gate.answer?.();
    await until(() => fate.sent === true);
    assert.equal(place.sure, true);
  });

  it('is not sure by an answer to what was asked before it was in doubt once more', async () => {
    hub.cut(broker);
    await until(() => gate.asked === 1 && broker.state === 'up');
    const early = gate.answer;
    hub.cut(broker);
    await until(() => gate.asked === 2 && broker.state === 'up');
    early?.();
    for (let at = 0; at < 20; at++) await turn();
    assert.equal(place.sure, false);
    gate.answer?.();
    await until(() => place.sure);
  });

  it('that is lost is in doubt until it is entered anew', async () => {
    gate.lose();
    await until(() => !place.sure);
    const fate = waiter();
    await place.enter(patience);
    await until(() => fate.sent === true);
  });

  it('that is refused is lost for good: whoever waited is told so, and whoever comes later', async () => {
    gate.lose();
    await until(() => !place.sure);
    const fate = waiter();
    gate.refuses = true;
    await assert.rejects(place.enter(patience), (error) => LynchpinError.is(error, 'TOO_OLD'));
    await until(() => fate.sent === false);
    assert.deepEqual([place.forfeited, await place.assured()], [true, false]);
  });

  it('is entered anew by itself for who joins no more but has something to say', async () => {
    place.stay();
    gate.lose();
    await until(() => gate.entered === 2);
    await until(() => place.sure);
  });

  it('that was left keeps nobody waiting', async () => {
    hub.cut(broker);
    const fate = waiter();
    await place.leave();
    await until(() => fate.sent === false);
  });
});
