import { parseArgs } from 'node:util';
import { connect } from 'lynchpin';
import { startRabbit } from '../test/support/rabbitmq/index.js';
import { importTime } from './imports.js';
import { measure, median, middle, type Round } from './measure.js';
import { OrdersApi } from './order/contract.js';
import { sampleOrder } from './order/sample.js';
import { startPeer } from './peer.js';
import { rawClient } from './raw-client.js';
import { suiteTime } from './suite.js';

/**
 * What a call costs, beside raw amqplib doing the same JSON over one queue, in the same run and taking turns, so that a
 * busy machine hurts both alike: read the ratios. Then what is kept in memory, and what importing costs.
 *
 *     npm run bench -- [--rounds 5] [--scale 1] [--json]
 *
 * `--scale 0.01` makes a hundredth of the calls: to see that it runs, not to learn anything from it.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, scale: { type: 'string', default: '1' }, json: { type: 'boolean', default: false } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number from 1, got ${values.rounds}`);
const scale = Number(values.scale);
if (!(scale > 0 && scale <= 10)) throw new Error(`--scale takes a number above 0, up to 10, got ${values.scale}`);
const calls = (count: number): number => Math.max(20, Math.round(count * scale));
if (globalThis.gc === undefined) throw new Error('run it with node --expose-gc, as npm run bench does: heap growth means nothing without');

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const MB = 2 ** 20;
interface Memory {
  readonly heap: number;
  readonly rss: number;
}

const node = process.env['AMQP_URL'] === undefined ? await startRabbit({ prefix: 'bench' }) : undefined;
const url = process.env['AMQP_URL'] ?? (node?.url as string);
const namespace = `bench-${process.pid}`;
try {
  const rawServer = await startPeer('raw-server', url, `${namespace}-raw`);
  const server = await startPeer('lynchpin-server', url, namespace);
  const raw = await rawClient(url, `${namespace}-raw`);
  const bus = await connect(url, { namespace, name: 'bench-client' });
  const orders = await bus.client(OrdersApi);
  const order = sampleOrder();
  const ways = { raw: () => raw.call(order), lynchpin: () => orders.call.place({ order }) };

  say('warming up');
  for (const call of Object.values(ways)) {
    await measure(calls(10_000), 100, call);
    await measure(calls(3_000), 1, call);
  }

  const results: Record<string, { raw: Round; lynchpin: Round; ratio: number }> = {};
  for (const [inFlight, count] of [
    [1, 3_000],
    [100, 15_000],
  ] as const) {
    const taken: { raw: Round[]; lynchpin: Round[] } = { raw: [], lynchpin: [] };
    for (let round = 0; round < rounds; round++) {
      say(`${inFlight} in flight, round ${round + 1} of ${rounds}`);
      for (const way of round % 2 === 0 ? (['raw', 'lynchpin'] as const) : (['lynchpin', 'raw'] as const))
        taken[way].push(await measure(calls(count), inFlight, ways[way]));
    }
    results[inFlight] = {
      raw: middle(taken.raw),
      lynchpin: middle(taken.lynchpin),
      ratio: median(taken.lynchpin.map(({ perSecond }, at) => perSecond / (taken.raw[at] as Round).perSecond)),
    };
  }

  say('heap growth over many calls');
  const own = (): Memory => {
    globalThis.gc?.();
    const { heapUsed: heap, rss } = process.memoryUsage();
    return { heap, rss };
  };
  const before = { client: own(), server: (await server.ask('memory')) as Memory };
  await measure(calls(100_000), 100, ways.lynchpin);
  const after = { client: own(), server: (await server.ask('memory')) as Memory };
  const growth = { client: (after.client.heap - before.client.heap) / MB, server: (after.server.heap - before.server.heap) / MB };

  say('memory at rest, and importing');
  const idleServer = await startPeer('lynchpin-server', url, `${namespace}-idle`);
  const idleClient = await startPeer('idle-client', url, `${namespace}-idle`);
  const idle = { client: (await idleClient.ask('memory')) as Memory, server: (await idleServer.ask('memory')) as Memory };
  const imports = await importTime(9);

  say('the compatibility suite of a large contract');
  const suite = await suiteTime();

  await Promise.all([idleClient.stop(), idleServer.stop(), server.stop(), rawServer.stop(), raw.close(), bus.close()]);
  const report = {
    bodyBytes: Buffer.byteLength(JSON.stringify({ order })),
    calls: results,
    heapGrowthMb: growth,
    heapGrowthOver: calls(100_000),
    idleMb: {
      client: { heap: idle.client.heap / MB, rss: idle.client.rss / MB },
      server: { heap: idle.server.heap / MB, rss: idle.server.rss / MB },
    },
    importMs: imports.ms,
    loadedByImport: imports.early,
    suite,
  };
  process.stdout.write(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : table(report));
} finally {
  await node?.stop();
}

interface Report {
  readonly bodyBytes: number;
  readonly calls: Readonly<Record<string, { readonly raw: Round; readonly lynchpin: Round; readonly ratio: number }>>;
  readonly heapGrowthOver: number;
  readonly heapGrowthMb: { readonly client: number; readonly server: number };
  readonly idleMb: {
    readonly client: { readonly heap: number; readonly rss: number };
    readonly server: { readonly heap: number; readonly rss: number };
  };
  readonly importMs: number;
  readonly loadedByImport: readonly string[];
  readonly suite: { readonly ms: number; readonly facts: number };
}

function table(report: Report): string {
  const lines = [
    `A call with an order of ${report.bodyBytes} bytes, answered with the same; medians of ${rounds} rounds taken in turns`,
    '',
  ];
  const row = (...cells: string[]): string => cells.map((cell, at) => (at === 0 ? cell.padEnd(22) : cell.padStart(12))).join('');
  lines.push(row('', 'calls/s', 'p50 ms', 'p99 ms', 'of raw'));
  for (const [inFlight, { raw, lynchpin, ratio }] of Object.entries(report.calls)) {
    const figures = ({ perSecond, p50, p99 }: Round): string[] => [perSecond.toFixed(0), p50.toFixed(2), p99.toFixed(2)];
    lines.push(
      row(`raw, ${inFlight} in flight`, ...figures(raw), '1.00'),
      row(`lynchpin, ${inFlight} in flight`, ...figures(lynchpin), ratio.toFixed(2)),
    );
  }
  const { client, server } = report.idleMb;
  lines.push(
    '',
    `heap growth over ${report.heapGrowthOver} calls: client ${report.heapGrowthMb.client.toFixed(1)} MB, server ${report.heapGrowthMb.server.toFixed(1)} MB`,
    `at rest: client ${client.heap.toFixed(1)} MB heap, ${client.rss.toFixed(0)} MB resident; server ${server.heap.toFixed(1)} MB heap, ${server.rss.toFixed(0)} MB resident`,
    `importing the package: ${report.importMs.toFixed(0)} ms${report.loadedByImport.length === 0 ? ', neither amqplib nor ajv loaded' : `, with ${report.loadedByImport.join(' and ')}`}`,
    `compatibility of the Cinder contract: ${report.suite.facts} facts in ${(report.suite.ms / 1000).toFixed(1)} s`,
  );
  return `${lines.join('\n')}\n`;
}
