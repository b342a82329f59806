import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'lynchpin';
import { now } from '../harness/journal/index.js';
import { type RabbitNode, startRabbit } from '../support/rabbitmq/index.js';
import { Fleet } from './fleet/fleet.js';
import { isAbove } from './restarts/judge.js';

const SERVERS = 200;
const CLIENTS = 200;
/** One server in ten is of the release before. */
const OLD_EVERY = 10;
const NAMESPACE = 'large';
/** None: they would be counted along. */
const HEARTBEAT = 0;
/** For how long requests are counted, in ms. */
const WINDOW = 10_000;

const serverName = (at: number): string => `server-${at}`;
const clientName = (at: number): string => `client-${at}`;

describe(`${SERVERS} servers and ${CLIENTS} clients on one broker, each with connections of its own`, function () {
  this.timeout(150_000);
  const fleet = new Fleet();
  const seen: string[] = [];
  let node: RabbitNode;
  const host = (name: string): ReturnType<Fleet['host']> => fleet.host(`${name.split('-')[0]}s ${Number(name.split('-')[1]) % 2}`);
  const clients = Array.from({ length: CLIENTS }, (_, at) => clientName(at));

  before(async () => {
    node = await startRabbit({ prefix: 'scale' });
    const common = { url: node.url, namespace: NAMESPACE, heartbeat: HEARTBEAT };
    const begun = now();
    const joined = await Promise.all(
      Array.from({ length: SERVERS }, (_, at) =>
        host(serverName(at)).join({ ...common, name: serverName(at), role: 'server', release: at % OLD_EVERY === 0 ? 'A' : 'B' }),
      ),
    );
    const between = now();
    const opened = await Promise.all(clients.map((name) => host(name).join({ ...common, name, role: 'client', release: 'B' })));
    const ended = now();
    await Promise.all(clients.map((name) => host(name).wait(name, { version: '1.2', state: 'held', readers: SERVERS }, 60_000)));
    seen.push(
      told('servers joined', between - begun, joined),
      told('clients opened', ended - between, opened),
      `all pins held by ${SERVERS} servers ${seconds(now() - ended)} s later`,
      await figures(),
    );
  });

  after(async () => {
    console.log(seen.map((line) => `      ${line}`).join('\n'));
    await fleet.stop();
    await node?.stop();
  });

  async function figures(): Promise<string> {
    const lines = async (...what: readonly string[]): Promise<string[]> => (await node.ctl(...what)).trim().split('\n').slice(1);
    const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${node.pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
    const ledger = (await lines('list_queues', 'name', 'messages')).find((line) => line.startsWith(`${NAMESPACE}.orders.ledger\t`));
    return [
      `${(await lines('list_connections', 'name')).length} connections`,
      `${(await lines('list_channels', 'name')).length} channels`,
      `${Math.round(memory)} MB in the broker`,
      `${ledger?.split('\t')[1] ?? 'no'} entries in the ledger`,
    ].join(', ');
  }

  /** How many packets the broker has had from clients, by its own count. At rest each is one request: it is answered before the next. */
  async function received(): Promise<{ readonly at: number; readonly packets: number }> {
    const lines = (await node.ctl('list_connections', 'recv_cnt', 'client_properties')).split('\n');
    const counts = lines.filter((line) => line.includes('"client-')).map((line) => Number(line.split('\t')[0]));
    equal(counts.length % CLIENTS, 0, 'each client has the same connections');
    return { at: now(), packets: counts.reduce((sum, count) => sum + count, 0) };
  }

  it('status names all of them within two seconds', async () => {
    const bus = await connect(node.url, { name: 'operator', namespace: NAMESPACE });
    try {
      // The best of three: what else the machine has to do is no part of it.
      const looks: number[] = [];
      let status = await bus.fleet.status();
      while (looks.length < 3) {
        const begun = now();
        status = await bus.fleet.status();
        looks.push(now() - begun);
      }
      const took = Math.min(...looks);
      seen.push(`status in ${seconds(took)} s`);
      equal(status.instances, SERVERS + CLIENTS);
      const topic = status.topics.find((one) => one.topic === 'orders');
      const named = (role: 'server' | 'client'): readonly string[] =>
        (topic?.groups ?? []).flatMap((group) => (group.role === role ? group.names : [])).toSorted();
      deepEqual(named('server'), Array.from({ length: SERVERS }, (_, at) => serverName(at)).toSorted());
      deepEqual(named('client'), clients.toSorted());
      equal(topic?.verdict, 'held');
      ok(took < 2_000, `it took ${took} ms`);
    } finally {
      await bus.close();
    }
  });

  it('each client asks the broker less than once a second while nothing changes', async () => {
    let rate = Infinity;
    // Until it falls no further: the notices of those who came last are still being heeded.
    for (let before = Infinity; before === Infinity || rate < before * 0.9; ) {
      before = rate;
      const from = await received();
      await new Promise((resolve) => setTimeout(resolve, WINDOW));
      const to = await received();
      rate = ((to.packets - from.packets) / CLIENTS / (to.at - from.at)) * 1_000;
    }
    seen.push(`${rate.toFixed(2)} requests per client per second at rest`);
    ok(rate < 1, `${rate} requests per client per second`);
  });

  it('all come back after the broker was killed, and no pin rises on the way', async () => {
    await node.kill();
    await node.start();
    const from = now();
    const wanted = { version: '1.2', state: 'held', readers: SERVERS } as const;
    await Promise.all(clients.map((name) => host(name).wait(name, wanted, 90_000)));
    seen.push(`all counted again by all ${seconds(now() - from)} s after the broker was back`);
    const pins = await Promise.all(clients.map((name) => host(name).pins(name)));
    deepEqual(
      clients.filter((_, at) => pins[at]?.some(({ version }) => isAbove(version))),
      [],
    );
  });
});

function told(what: string, took: number, each: readonly number[]): string {
  const sorted = each.toSorted((one, other) => one - other);
  return `${what} within ${seconds(took)} s, half of them within ${seconds(sorted[sorted.length >> 1] ?? 0)} s`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(1);
}
