import assert from 'node:assert/strict';
import { connect, type Bus, type RpcClient } from 'lynchpin';
import { namesOf, type TopicNames } from '#lynchpin/broker/index.js';
import { sharedRabbit } from '../support/rabbitmq/index.js';
import { Attacker, type Fate } from './support/attacker.js';
import { HostileApi } from './support/contract.js';
import { KINDS, type Ground, type Kind } from './support/kinds.js';
import { Random } from './support/random.js';
import { Victim } from './support/victim.js';

const EACH = 1_000;
/** What the heap of the server may grow by over a second round, in bytes. */
const GROWTH = 10 * 2 ** 20;
const seed = Number(process.env['LYNCHPIN_SEED'] ?? Date.now() % 1_000_000_000);

describe(`a server under hostile messages (seed ${seed}: LYNCHPIN_SEED repeats it)`, function () {
  this.timeout(120_000);
  let names: TopicNames;
  let victim: Victim;
  let attacker: Attacker;
  let bus: Bus;
  let client: RpcClient<HostileApi>;
  let ground: Ground;
  let goodCalls = 0;
  let going = true;
  let good: Promise<unknown>;

  before(async function () {
    const { url, namespace } = await sharedRabbit(this);
    const space = namespace();
    names = namesOf('hostile', space);
    victim = await Victim.start(url, space);
    attacker = await Attacker.start(url, { [names.dead]: 'dead', [names.parked('victim')]: 'parked' });
    const random = new Random(seed);
    ground = { random, names, attacker, id: () => random.bytes(12).toString('base64url') };
    bus = await connect(url, { namespace: space, name: 'honest' });
    client = await bus.client(HostileApi, { timeout: 60_000 });
    // Ten good calls at a time, one after another, all the while.
    const askOn = async (): Promise<void> => {
      while (going) {
        assert.equal(await client.call.ask({ text: 'good' }), 'good');
        goodCalls++;
      }
    };
    good = Promise.all(Array.from({ length: 10 }, askOn));
    // Whoever fails says so where it is awaited, after the last test.
    good.catch(() => undefined);
  });

  after(async () => {
    going = false;
    await good;
    await bus.close();
    await attacker.stop();
    await victim.stop();
  });

  for (const kind of KINDS) {
    it(`accounts for each of ${kind.count ?? EACH}: ${kind.name}`, async () => {
      await assail(kind, kind.count ?? EACH);
    });
  }

  it('changes no prototype, says nothing on its error output, and answers good calls all the while', async () => {
    const before = goodCalls;
    assert.equal(await client.call.ask({ text: 'good' }), 'good');
    assert.deepEqual(await client.call.grow({ text: 'good' }).then(({ name, weight, branches }) => ({ name, weight, branches })), {
      name: 'good',
      weight: 0,
      branches: [],
    });
    const { polluted } = await victim.report();
    assert.equal(polluted, false);
    assert.equal(victim.errors, '');
    assert.ok(before > 50, `${before} good calls`);
  });

  it('keeps nothing of them: its heap is flat over another round', async () => {
    await client.call.ask({ text: 'good' });
    const first = await victim.report();
    for (const kind of KINDS) await assail(kind, Math.min(kind.count ?? EACH, 300));
    const second = await victim.report();
    assert.ok(second.heap - first.heap < GROWTH, `grew by ${second.heap - first.heap} bytes`);
  });

  async function assail(kind: Kind, count: number): Promise<void> {
    for (let at = 0; at < count; at++) await attacker.send(kind.make(ground, at));
    await attacker.until(kind.untold === true || kind.mayBeValid === true ? 0 : count);
    // Behind them on the same lane: when these are answered, all before them have been taken up.
    await Promise.all(Array.from({ length: 60 }, () => client.call.ask({ text: 'good' })));
    let { reached } = await victim.report();
    const silent = (fates: readonly Fate[]): number => reached.length - fates.filter(({ kind: type }) => type.startsWith('ok@')).length;
    for (let look = 0; kind.mayBeValid === true && attacker.fates.length + silent(attacker.fates) < count && look < 20; look++) {
      await attacker.until(attacker.fates.length + 1, 100);
      reached = [...reached, ...(await victim.report()).reached];
    }
    const fates = attacker.take();
    if (kind.mayBeValid !== true) assert.equal(reached.length, 0, `${kind.name}: ${reached.length} reached a handler`);
    if (kind.untold !== true) assert.equal(fates.length + silent(fates), count, tally(fates));
    for (const { kind: end, code } of fates) {
      if (end.startsWith('ok@') && kind.mayBeValid === true) continue;
      assert.ok(kind.codes.includes(code ?? ''), `${kind.name} ended as ${end} ${String(code)}`);
    }
  }
});

function tally(fates: readonly Fate[]): string {
  const counts = new Map<string, number>();
  for (const { kind, code } of fates) counts.set(`${kind} ${String(code)}`, (counts.get(`${kind} ${String(code)}`) ?? 0) + 1);
  return [...counts].map(([end, count]) => `${end}: ${count}`).join(', ');
}
