import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Bus } from 'lynchpin';
import { namesOf, openBroker, type Broker } from '#lynchpin/broker/index.js';
import { bin, run } from '../cli/support/project.js';
import { until } from '../pin/support/until.js';
import * as newer from '../rpc/fixtures/new.js';
import * as older from '../rpc/fixtures/old.js';
import { NewService, OldService } from '../rpc/fixtures/services.js';
import { root } from '../style/project.js';
import { sharedRabbit } from '../support/rabbitmq/index.js';

/** Casts on the lane that fit the older release, those that only the newer one has, and those to one server by its name. */
const FIT = 4_900;
const ONLY_NEW = 50;
const NAMED = 50;

describe('a roll-back after which no process of the newer release is left', function () {
  this.timeout(120_000);

  it('loses none of 5,000 casts: lynchpin rescue has each run once, or buried with its reason, while calls go on', async () => {
    const { url } = await sharedRabbit();
    const namespace = `t${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
    const names = namesOf('volume', namespace);
    const buses: Bus[] = [];
    const bus = async (name: string): Promise<Bus> => {
      const opened = await connect(url, { name, namespace });
      buses.push(opened);
      return opened;
    };
    const broker = await openBroker(url);
    try {
      const young = await bus('young');
      await young.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
      const sender = await bus('api-1');
      const volumes = await sender.client(newer.VolumeApi, { rescue: false });
      assert.equal(volumes.pin.version, '3.4');
      await young.close();
      const casts = Array.from({ length: FIT }, (_, at) => volumes.cast.note({ text: `fits ${at}` }));
      for (let at = 0; at < ONLY_NEW; at++) casts.push(volumes.cast.extend({ id: `new ${at}`, sizeGb: 2 }));
      for (let at = 0; at < NAMED; at++) casts.push(volumes.at('volume-1').cast.note({ text: `named ${at}` }));
      await Promise.all(casts);
      await sender.close();

      // The older release is back under the same name: what was sent to it by name it cannot read, and nobody takes back.
      const service = new OldService('volume-1');
      await (await bus('old')).serve(older.VolumeApi, service, { server: 'volume-1' });
      await until('all of it is parked', async () => (await ready(broker, names.parked('volume-1'))) === NAMED);
      assert.equal(await ready(broker, names.lane('3.4')), FIT + ONLY_NEW);

      const caller = await (await bus('api-2')).client(older.VolumeApi);
      let answered = 0;
      let over = false;
      const calls = (async () => {
        while (!over) {
          assert.equal(await caller.call.workAgain({ text: 'meanwhile', ms: 0 }), 'volume-1: meanwhile');
          answered++;
        }
      })();

      const command = ['rescue', 'volume', '--broker', url, '--namespace', namespace, '--contracts', 'build/test/rpc/fixtures/new.js'];
      const dry = await run(process.execPath, [bin, ...command, '--dry-run', '--json'], root);
      assert.equal(dry.code, 0, dry.err);
      assert.equal(await ready(broker, names.lane('3.4')), FIT + ONLY_NEW, 'counting takes nothing');
      const said = await run(process.execPath, [bin, ...command, '--yes', '--reason', 'rolled back', '--patience', '1s', '--json'], root);
      over = true;
      await calls;
      assert.equal(said.code, 0, said.err);
      const { to, queues } = JSON.parse(said.out) as { to: string; queues: Record<string, unknown>[] };
      assert.equal(to, '3.2');
      assert.deepEqual(
        queues.map(({ kind, fate, stood, moved, dead }) => [kind, fate, stood, moved, dead]),
        [
          ['lane', 'convert', FIT + ONLY_NEW, FIT, ONLY_NEW],
          ['parked', 'return', NAMED, NAMED, 0],
        ],
      );

      await service.until((ran) => ran.filter(({ method }) => method === 'note').length === FIT + NAMED);
      await until('every lane is empty', async () => (await ready(broker, names.lane('3.2'))) === 0);
      const ran = service.ran.filter(({ method }) => method === 'note');
      assert.equal(ran.length, FIT + NAMED);
      assert.equal(new Set(ran.map(({ id }) => id)).size, FIT + NAMED, 'each once');
      assert.equal(new Set(ran.map(({ request }) => (request as older.Note).text)).size, FIT + NAMED);
      for (const queue of [names.lane('3.4'), names.parked('volume-1'), names.server('volume-1')])
        assert.equal(await ready(broker, queue), 0, queue);
      const dead = await buried(broker, names.dead);
      assert.deepEqual([dead.size, [...new Set(dead.values())]], [ONLY_NEW, ['UNKNOWN_METHOD']]);
      assert.ok(answered > 20, `${answered} calls were answered meanwhile`);
    } finally {
      await Promise.all(buses.map((one) => one.close()));
      await broker.close();
    }
  });

  it('loses none when the command is killed in the middle, and runs none twice', async () => {
    const { url } = await sharedRabbit();
    const namespace = `t${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
    const names = namesOf('volume', namespace);
    const broker = await openBroker(url);
    const bus = await connect(url, { name: 'all', namespace });
    try {
      const young = await bus.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
      const sender = await connect(url, { name: 'api-1', namespace });
      const volumes = await sender.client(newer.VolumeApi, { rescue: false });
      await young.drain();
      await Promise.all(Array.from({ length: 1_500 }, (_, at) => volumes.cast.note({ text: `note ${at}` })));
      await sender.close();
      const service = new OldService('volume-2');
      await bus.serve(older.VolumeApi, service, { server: 'volume-2' });

      const command = ['rescue', '--broker', url, '--namespace', namespace, '--contracts', 'build/test/rpc/fixtures/new.js', '--yes'];
      const killed = spawn(process.execPath, [bin, ...command], { cwd: root, stdio: 'ignore' });
      await service.until((ran) => ran.length >= 200);
      killed.kill('SIGKILL');
      await once(killed, 'exit');
      assert.ok((await ready(broker, names.lane('3.4'))) > 0, 'there is something left to do');
      const said = await run(process.execPath, [bin, ...command], root);
      assert.equal(said.code, 0, said.err + said.out);
      await until(
        'every lane is empty',
        async () => (await ready(broker, names.lane('3.2'))) + (await ready(broker, names.lane('3.4'))) === 0,
      );
      const texts = (): ReadonlySet<string> => new Set(service.ran.map(({ request }) => (request as older.Note).text));
      let dead: ReadonlyMap<string, unknown> = new Map();
      await until('everything is accounted for', async () => {
        dead = new Map([...dead, ...(await buried(broker, names.dead))]);
        return new Set([...service.ran.map(({ id }) => id), ...dead.keys()]).size === 1_500;
      });
      assert.equal(texts().size, service.ran.length, 'none ran twice');
      assert.ok(
        [...dead.values()].every((reason) => reason === 'MAYBE_EXECUTED'),
        [...dead.values()].join(),
      );
      assert.ok(dead.size <= 8, `${dead.size} were in hand`);
    } finally {
      await bus.close();
      await broker.close();
    }
  });
});

/** Takes everything off the dead letters; answers which casts are there, and why. */
async function buried(broker: Broker, queue: string): Promise<ReadonlyMap<string, unknown>> {
  const tap = await broker.openTap();
  const found = new Map<string, unknown>();
  try {
    for (let message = await tap.get(queue); message !== undefined; message = await tap.get(queue)) {
      found.set(message.messageId ?? '', message.headers?.['lynchpin-reason']);
      await tap.ack(message);
    }
    return found;
  } finally {
    await tap.close();
  }
}

async function ready(broker: Broker, queue: string): Promise<number> {
  const count = await broker.count(queue);
  return count.known ? count.ready : 0;
}
