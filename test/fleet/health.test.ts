import { strict as assert } from 'node:assert';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Bus, connect, health, MemoryHub, serveHealth, type Health } from 'lynchpin';
import { mutationArguments, unapplied, type Mutation } from '../harness/mutation/index.js';
import { until } from '../pin/support/until.js';
import { VolumeApi } from '../rpc/fixtures/old.js';
import { OldService } from '../rpc/fixtures/services.js';

interface Answered {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function ask(port: number, path: string, method = 'GET'): Promise<Answered> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, agent: false }, (response) => {
      let text = '';
      response.on('data', (part) => (text += String(part)));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the health of a bus', () => {
  const servers: Server[] = [];
  const buses: Bus[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    await Promise.all(buses.splice(0).map((bus) => bus.close({ timeout: 100 })));
  });
  const listen = async (listener: RequestListener): Promise<number> => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const open = async (hub = new MemoryHub()): Promise<Bus> => {
    const bus = await connect(hub, { backoff: { first: 1, most: 10 } });
    buses.push(bus);
    return bus;
  };

  it('is ready while the bus may be sent work, and not from the moment that a server begins to leave, with the facts', async () => {
    const bus = await open();
    const port = await listen(health(bus));
    const readyz = async (): Promise<unknown> => {
      const { status, headers, text } = await ask(port, '/readyz?verbose');
      assert.equal(headers['content-type'], 'application/json');
      assert.equal(headers['cache-control'], 'no-store');
      return [status, JSON.parse(text)];
    };
    const one = (state: string, running = 0) => [{ topic: 'volume', name: 'volume-1', state, running, waiting: 0 }];
    assert.deepEqual(await readyz(), [200, { ready: true, broker: 'up', servers: [] }]);
    const service = new OldService('volume-1');
    const server = await bus.serve(VolumeApi, service, { server: 'volume-1' });
    const volumes = await bus.client(VolumeApi);
    const call = volumes.call.work({ text: 'a', ms: 200 });
    await service.until((ran) => ran.length === 1);
    assert.deepEqual(await readyz(), [200, { ready: true, broker: 'up', servers: one('serving', 1) }]);
    const draining = server.drain();
    assert.deepEqual(await readyz(), [503, { ready: false, broker: 'up', servers: one('draining', 1) }]);
    await call;
    await draining;
    assert.deepEqual(await readyz(), [503, { ready: false, broker: 'up', servers: one('left') }]);
    await bus.close();
    assert.deepEqual(await readyz(), [503, { ready: false, broker: 'closed', servers: one('left') }]);
  });

  it('is alive until the bus is closed: neither a lost connection nor leaving is a reason to restart', async () => {
    const hub = new MemoryHub();
    const broker = hub.connect({ backoff: { first: 1, most: 10 } });
    const bus = new Bus(broker, 'volume-1', {});
    buses.push(bus);
    const port = await listen(health(bus));
    const server = await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const statuses = async () => [(await ask(port, '/livez')).status, (await ask(port, '/readyz')).status];
    assert.deepEqual(await statuses(), [200, 200]);
    hub.isolate(broker);
    assert.deepEqual(await statuses(), [200, 503]);
    hub.rejoin(broker);
    await broker.ready();
    await server.drain();
    assert.deepEqual(await statuses(), [200, 503]);
    // Closed from elsewhere: nothing in this process opens it again.
    await broker.close();
    assert.deepEqual(await statuses(), [503, 503]);
  });

  it('answers GET and HEAD, and nothing else', async () => {
    const bus = await open();
    const port = await listen(health(bus));
    const seen = async (path: string, method: string): Promise<unknown> => {
      const { status, text, headers } = await ask(port, path, method);
      return [status, text === '', headers['allow']];
    };
    for (const path of ['/livez', '/readyz', '/metrics']) {
      assert.deepEqual(await seen(path, 'GET'), [200, false, undefined]);
      assert.deepEqual(await seen(path, 'HEAD'), [200, true, undefined]);
      assert.deepEqual(await seen(path, 'POST'), [405, false, 'GET, HEAD']);
    }
    for (const path of ['/', '/livez/', '/constructor', '/metrics2']) assert.deepEqual(await seen(path, 'GET'), [404, false, undefined]);
  });

  it('fits where a framework takes a path away and hands on what is not answered', async () => {
    const bus = await open();
    const probes = health(bus);
    const port = await listen((incoming, response) => {
      incoming.url = (incoming.url ?? '').replace(/^\/health(?=\/|$)/, '') || '/';
      probes(incoming, response, () => response.writeHead(418).end());
    });
    assert.equal((await ask(port, '/health/livez')).status, 200);
    assert.equal((await ask(port, '/health/volumes')).status, 418);
  });

  it('shows pins, holds, stranded messages, load and connection as Prometheus reads them', async () => {
    const bus: Health = {
      ready: true,
      state: 'up',
      servers: [{ topic: 'volume', name: 'a\\b"c\n', state: 'serving', load: { running: 3, waiting: 1 } }],
      clients: [
        { topic: 'image', pin: { version: '2.10', state: 'released' }, stranded: new Map() },
        { topic: 'image', pin: { version: '2.9', state: 'capped', heldBack: '2.10', final: '2.8' }, stranded: new Map([['2.8', 7]]) },
      ],
    };
    const port = await listen(health(bus));
    const { headers, text } = await ask(port, '/metrics');
    assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    const lines = text.split('\n');
    assert.equal(lines.pop(), '', 'the last line is ended as well');
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('#')),
      [
        'lynchpin_ready 1',
        'lynchpin_broker_state{state="up"} 1',
        'lynchpin_server_state{topic="volume",server="a\\\\b\\"c\\n",state="serving"} 1',
        'lynchpin_requests_running{topic="volume",server="a\\\\b\\"c\\n"} 3',
        'lynchpin_requests_waiting{topic="volume",server="a\\\\b\\"c\\n"} 1',
        'lynchpin_pin{topic="image",version="2.9",state="capped"} 1',
        'lynchpin_pin_final{topic="image",version="2.8"} 1',
        'lynchpin_pin_held_back{topic="image"} 1',
        'lynchpin_stranded_messages{topic="image",version="2.8"} 7',
      ],
    );
    for (const name of lines.filter((line) => !line.startsWith('#')).map((line) => line.replace(/[{ ].*/, '')))
      assert.deepEqual(
        lines.filter((line) => line.startsWith('#') && line.split(' ')[2] === name).map((line) => line.split(' ')[1]),
        ['HELP', 'TYPE'],
        name,
      );
  });

  it('tells of the clients of a bus for as long as they are open', async () => {
    const bus = await open();
    await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const volumes = await bus.client(VolumeApi);
    const port = await listen(health(bus));
    assert.match((await ask(port, '/metrics')).text, /^lynchpin_pin\{topic="volume",version="3\.2",state="released"\} 1$/m);
    await volumes.close();
    assert.doesNotMatch((await ask(port, '/metrics')).text, /lynchpin_pin/);
  });

  it('shows a hold while it is all that keeps a pin, and no longer', async () => {
    const bus = await open();
    await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const volumes = await bus.client(VolumeApi, { settle: 50 });
    const port = await listen(health(bus));
    const held = async (): Promise<string | undefined> =>
      /^lynchpin_pin_held_back\{topic="volume"\} (.)$/m.exec((await ask(port, '/metrics')).text)?.[1];
    assert.equal(await held(), '0');
    const moved = (state: string): Promise<void> => until(`it is ${state}`, () => volumes.pin.state === state);
    const hold = await bus.fleet.hold('volume', { until: '3.1', reason: 'a look first' });
    await moved('capped');
    assert.equal(await held(), '1');
    await bus.fleet.release('volume', { hold: hold.id, reason: 'looked' });
    await moved('released');
    assert.equal(await held(), '0');
  });

  it('is served on a port of its own until the bus closes', async () => {
    const bus = await open();
    const { port } = await serveHealth(bus, { port: 0, host: '127.0.0.1' });
    assert.equal((await ask(port, '/livez')).status, 200);
    await assert.rejects(serveHealth(bus, { port, host: '127.0.0.1' }), { code: 'EADDRINUSE' });
    await bus.close();
    await assert.rejects(ask(port, '/livez'), { code: 'ECONNREFUSED' });
  });

  describe('keeps no process alive, not even with a connection that somebody leaves open', () => {
    const mutation = (find: string, replace: string): Mutation => ({ file: 'dist/fleet/serve-health.js', find, replace });
    const lives = async (mutations: readonly Mutation[]): Promise<boolean> => {
      const folder = mkdtempSync(join(tmpdir(), 'lynchpin-health-'));
      const { nodeOptions, environment } = mutationArguments(mutations, join(folder, 'mutations'));
      const program = fork(fileURLToPath(new URL('./probed.js', import.meta.url)), {
        execArgv: [...nodeOptions],
        env: { ...process.env, ...environment },
      });
      const exit = once(program, 'exit');
      await Promise.race([once(program, 'message'), exit]);
      // What has nothing more to do ends at once; a process that lives on does so for good.
      const late = new AbortController();
      const lived = await Promise.race([exit.then(() => false), pause(mutations.length === 0 ? 10_000 : 500, true, late)]);
      late.abort();
      program.kill('SIGKILL');
      await exit;
      assert.deepEqual(unapplied(mutations, join(folder, 'mutations')), []);
      rmSync(folder, { recursive: true });
      return lived;
    };

    it('ends when nothing else is to be done', async () => assert.equal(await lives([]), false));

    it('is shown to fail where the server holds it, and where a connection does', async () => {
      const server = mutation('createServer(health(bus)).unref()', 'createServer(health(bus))');
      const connection = mutation("server.on('connection', (socket) => socket.unref());", '');
      assert.deepEqual(await Promise.all([lives([server]), lives([connection])]), [true, true]);
    });
  });
});
