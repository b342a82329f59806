import assert from 'node:assert/strict';
import { connect, defineApi, defineMessage, MemoryHub, t, type Bus } from 'lynchpin';
import { fleetNamesOf, namesOf } from '#lynchpin/broker/index.js';
import { CONTRACTS } from '../support/contracts.js';
import { inside, Project, type Inside } from '../support/project.js';

class Place {
  total!: number;
}
defineMessage(Place, { fields: { total: t.integer({ minimum: 0 }) } });

/** An API of the topic of the contracts, at some versions. */
function apiOf(version: '1.4' | '2.0' | '2.1') {
  class OrdersApi {
    place!: (request: Place) => Promise<void>;
  }
  defineApi(OrdersApi, { topic: 'orders', version, methods: { place: { takes: Place } } } as never);
  return OrdersApi;
}

interface Answer {
  readonly format: number;
  readonly readiness: string;
  readonly builds: unknown;
  readonly findings: readonly { readonly id: string; readonly severity: string }[];
}

describe('lynchpin upgrade-check', () => {
  let hub: MemoryHub;
  let bus: Bus;
  let project: Project;
  beforeEach(async () => {
    hub = new MemoryHub();
    bus = await connect(hub, { name: 'orders-1' });
    project = new Project({ 'contracts.js': CONTRACTS });
  });
  afterEach(async () => {
    await bus.close();
    project.remove();
  });

  async function check(args: readonly string[] = [], running: Inside = {}) {
    const all = ['upgrade-check', '--broker', 'memory:', '--json', ...args];
    const { code, out, err } = await inside(project.folder, all, { hub, ...running });
    const answer = out === '' ? undefined : (JSON.parse(out) as Answer);
    const told = answer?.findings.filter(({ severity }) => severity !== 'fine').map(({ id, severity }) => `${severity}: ${id}`);
    return { code, err, answer, told };
  }

  it('ends with 0 where the build can join, beside servers that hold its pins and where nobody is', async () => {
    const first = await check();
    assert.deepEqual([first.code, first.told, first.err], [0, [], '']);
    assert.deepEqual(first.answer?.builds, [{ topic: 'orders', versions: ['2.0', '2.1'] }]);
    await bus.serve(apiOf('2.0'), { place: () => Promise.resolve() }, { server: 'orders-1' });
    const second = await check();
    assert.deepEqual([second.code, second.told, second.answer?.readiness], [0, [], 'ready']);
    assert.equal((await check(['--as', 'client'])).code, 0);
  });

  it('ends with 1 where something is to be known: a hold below it', async () => {
    await bus.serve(apiOf('2.0'), { place: () => Promise.resolve() }, { server: 'orders-1' });
    await bus.fleet.hold('orders', { reason: 'soak' });
    const { code, told } = await check();
    assert.deepEqual([code, told], [1, ['warning: upgrade/held']]);
  });

  it('ends with 2 where no live server reads any of it, or messages would be left behind', async () => {
    await bus.serve(apiOf('1.4'), { place: () => Promise.resolve() }, { server: 'orders-1' });
    const client = await bus.client(apiOf('1.4'));
    const apart = await check();
    assert.deepEqual([apart.code, apart.told], [2, ['error: upgrade/servers', 'warning: upgrade/clients']]);
    await Promise.all(bus.servers.map((server) => server.drain()));
    await client.cast.place({ total: 1 });
    const left = await check();
    assert.deepEqual([left.code, left.told], [2, ['error: upgrade/lanes', 'warning: upgrade/clients']]);
  });

  it('ends with 2 for what the doctor calls an error, and where the broker is not to be reached', async () => {
    await bus.serve(apiOf('2.1'), { place: () => Promise.resolve() }, { server: 'orders-1' });
    hub.ail(namesOf('orders').roll, 'forbidden');
    assert.deepEqual((await check()).told, ['error: census/count', 'not checked: upgrade/servers']);
    hub.heal(namesOf('orders').roll);
    const gone = await check(['--broker', 'amqp://ada:secret@127.0.0.1:1', '--timeout', '300ms']);
    assert.deepEqual([gone.code, gone.told], [2, ['error: upgrade/broker']]);
    assert.doesNotMatch(JSON.stringify(gone.answer), /secret/);
  });

  it('ends with 2 where the contract is not what was released', async () => {
    assert.equal((await inside(project.folder, ['compat', 'record'])).code, 0);
    assert.equal((await inside(project.folder, ['compat', 'release', '1.0.0'])).code, 0);
    assert.deepEqual((await check()).told, []);
    project.write({ 'changed.js': CONTRACTS.replace('id: t.uuid(),', 'id: t.uuid(),\n    note: [t.string(), { optional: true }],') });
    const { code, told } = await check(['--contracts', 'changed.js']);
    assert.deepEqual([code, told?.includes('error: upgrade/drift')], [2, true]);
  });

  it('ends with 255 where it could not begin: no contracts, or contracts that cannot be loaded', async () => {
    project.write({ 'empty.js': 'export const a = 1;', 'bad.js': 'throw new Error("no way");' });
    for (const name of ['empty.js', 'bad.js', 'gone.js']) {
      const { code, answer, err } = await check(['--contracts', name]);
      assert.deepEqual([code, answer], [255, undefined], name);
      assert.notEqual(err, '');
    }
  });

  it('says it in words, and leaves the queues as they were', async () => {
    await bus.serve(apiOf('2.0'), { place: () => Promise.resolve() }, { server: 'orders-1' });
    await bus.fleet.hold('orders', { reason: 'soak', until: '2.0' });
    const before = hub.queues.sort();
    const { out } = await inside(project.folder, ['upgrade-check', '--broker', 'memory:'], { hub, columns: 300 });
    assert.match(out, /^orders 2\.0 to 2\.1\nready, with warnings\n1 warning; \d+ checks are fine\.\n/);
    assert.match(out, /\nwarning {2}upgrade\/held {2}orders\nPins are held at 2\.0: by orders-1 since \S+, "soak"\.\n/);
    assert.match(out, /2\.0 is common to the one live server: pins are held there by orders-1/);
    assert.deepEqual(hub.queues.sort(), before);
    assert.ok(!before.includes(fleetNamesOf().fleet));
  });

  it('is reached from code with the classes of the contracts', async () => {
    await bus.serve(apiOf('2.0'), { place: () => Promise.resolve() }, { server: 'orders-1' });
    assert.equal((await bus.fleet.upgradeCheck([apiOf('2.1')])).readiness, 'ready');
    const { readiness } = await bus.fleet.upgradeCheck([{ topic: 'orders', versions: ['3.0'] }], { as: 'server' });
    assert.equal(readiness, 'not ready');
  });
});
