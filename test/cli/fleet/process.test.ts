import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, defineApi, defineMessage, t, type Bus } from 'lynchpin';
import { fleetNamesOf, namesOf, openBroker } from '#lynchpin/broker/index.js';
import { sharedRabbit, type SharedRabbit } from '../../support/rabbitmq/index.js';
import { CONTRACTS } from '../support/contracts.js';
import { bin, Project } from '../support/project.js';

class Place {
  total!: number;
}
defineMessage(Place, { fields: { total: t.integer({ minimum: 0 }) } });

class OrdersApi {
  place!: (request: Place) => Promise<void>;
}
defineApi(OrdersApi, { topic: 'orders', version: '2.0', methods: { place: { takes: Place } } } as never);

describe('the fleet commands as processes', () => {
  const project = new Project({ 'contracts.js': CONTRACTS });
  let rabbit: SharedRabbit;
  let namespace: string;
  let bus: Bus;
  before(async function () {
    rabbit = await sharedRabbit(this);
    namespace = rabbit.namespace();
    bus = await connect(rabbit.url, { namespace });
    await bus.serve(OrdersApi, { place: () => Promise.resolve() }, { server: 'orders-1' });
  });
  after(async () => {
    project.remove();
    await bus?.close();
    const broker = await openBroker(rabbit.url);
    const names = namesOf('orders', namespace);
    const queues = [names.lane('2.0'), names.roll, names.rollAt('2.0'), names.dead, names.ledger, names.server('orders-1')];
    await Promise.all(queues.map((queue) => broker.deleteQueue(queue)));
    const exchanges = [names.exchange, names.fanout, names.control, names.notices, fleetNamesOf(namespace).fleet];
    await Promise.all(exchanges.map((exchange) => broker.deleteExchange(exchange)));
    await broker.close();
  });

  it('find broker and namespace in the environment, answer on standard output alone, and end by themselves', async () => {
    const env = { LYNCHPIN_BROKER: rabbit.url, LYNCHPIN_NAMESPACE: namespace };
    const [doctor, check] = await Promise.all([
      project.lynchpin(['doctor', '--json'], { env }),
      project.lynchpin(['upgrade-check', '--json'], { env }),
    ]);
    assert.deepEqual([doctor.code, doctor.err], [0, ''], doctor.out);
    assert.deepEqual((JSON.parse(doctor.out) as { topics: readonly string[] }).topics, ['orders']);
    assert.deepEqual([check.code, check.err], [0, ''], check.out);
    assert.equal((JSON.parse(check.out) as { readiness: string }).readiness, 'ready');
    const { password } = new URL(rabbit.url);
    assert.ok(password === '' || !`${doctor.out}${check.out}`.includes(`:${password}@`));
  }).timeout(20_000);

  it('watch ends once nobody reads it any more, at the next change', async () => {
    const args = ['watch', '--json', '--every', '50ms', '--topic', 'nobody', '--broker', rabbit.url, '--namespace', namespace];
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'ignore'], timeout: 15_000 });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    // A document that is written when nobody reads any more is how the process notices.
    const other = await connect(rabbit.url, { namespace });
    await other.client(OrdersApi);
    assert.deepEqual(await ended, [0, null]);
    await other.close();
  }).timeout(20_000);

  it('load nothing that speaks with a broker to answer --help', async () => {
    const told = [
      '--import',
      `data:text/javascript,import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(SAYS)}));`,
    ];
    const { out, err } = await project.lynchpin(['doctor', '--help'], { node: told });
    assert.match(out, /^Usage: lynchpin doctor /);
    assert.match(err, /LOADED commander/);
    assert.doesNotMatch(err, /LOADED (ajv|fast-check|amqplib|semver)/);
  });
});

/** Says on standard error from which packages modules are loaded. */
const SAYS = `import { writeSync } from 'node:fs';
export async function load(url, context, next) {
  const at = url.lastIndexOf('/node_modules/');
  if (at >= 0) writeSync(2, 'LOADED ' + url.slice(at + 14).split('/')[0] + '\\n');
  return next(url, context);
}`;
