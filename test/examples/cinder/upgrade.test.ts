import assert from 'node:assert/strict';
import { connect, MemoryHub, type Bus, type Interceptor, type RpcClient, type ServerCall, type Version } from 'lynchpin';
import { compareVersions } from '#lynchpin/versions/index.js';
import { Stories, WrongAnswer, type Sent } from '../../../examples/cinder-volume/client.js';
import { VolumeApi } from '../../../examples/cinder-volume/contract/index.js';
import { VolumeApi as OcatasApi } from '../../../examples/cinder-volume/releases/ocata/contract/index.js';
import { VolumeService as OcatasService } from '../../../examples/cinder-volume/releases/ocata/service.js';
import { VolumeService } from '../../../examples/cinder-volume/service.js';
import { Values } from '../../../examples/cinder-volume/values.js';

/** What a server wrote down of one message. */
interface Entry {
  readonly release: 'ocata' | 'today';
  readonly method: string;
  readonly version: Version;
}

/** What every server gets, and is counted by nobody. */
const FANOUTS = ['publish_service_capabilities', 'failover_completed'];

/** Three servers and two clients that never stop, on one broker in memory. */
class Fleet {
  readonly hub = new MemoryHub();
  readonly log: Entry[] = [];
  readonly sent: Sent[] = [];
  readonly failures: unknown[] = [];
  readonly #servers = new Map<string, Bus>();
  readonly #clients: { readonly bus: Bus; readonly volumes: RpcClient<VolumeApi>; readonly telling: Promise<void> }[] = [];
  #stopping = false;

  /** How many calls and casts the servers have written down. */
  get handled(): number {
    return this.log.filter(({ method }) => !FANOUTS.includes(method)).length;
  }

  /** How many calls and casts the clients have sent. */
  get expected(): number {
    return this.sent.filter(({ verb }) => verb !== 'fanout').length;
  }

  async start(server: string, release: Entry['release'], service?: VolumeService): Promise<void> {
    const bus = await connect(this.hub, { name: server });
    const interceptors: Interceptor<ServerCall>[] = [
      (next) => (call) => {
        this.log.push({ release, method: call.method, version: call.context.version });
        return next(call);
      },
    ];
    const options = { server, interceptors };
    if (release === 'ocata') await bus.serve(OcatasApi, new OcatasService(server), options);
    else await bus.serve(VolumeApi, service ?? new VolumeService(server), options);
    this.#servers.set(server, bus);
  }

  async stop(server: string): Promise<void> {
    const bus = this.#servers.get(server);
    this.#servers.delete(server);
    await bus?.close();
  }

  /**
   * Replaces every server by one of another release, one at a time. On the way back the new ones leave once the pin is down:
   * what only they have must not be sent when the last of them is gone.
   */
  async replaceAll(release: Entry['release']): Promise<void> {
    for (const server of Array.from(this.#servers.keys())) {
      await this.start(`${server}-next`, release);
      if (release === 'ocata') await this.pinned('3.10');
      await this.stop(server);
    }
  }

  async addClient(seed: number): Promise<void> {
    const bus = await connect(this.hub, { name: `api-${seed}` });
    const volumes = await bus.client(VolumeApi, { settle: 200 });
    this.#clients.push({ bus, volumes, telling: this.#tell(volumes, seed) });
  }

  async #tell(volumes: RpcClient<VolumeApi>, seed: number): Promise<void> {
    const stories = new Stories(volumes, new Values(seed), (sent) => this.sent.push(sent));
    while (!this.#stopping) {
      try {
        await stories.tell();
      } catch (error) {
        this.failures.push(error);
      }
    }
  }

  /** Resolves once every client sends at this version. */
  async pinned(version: Version): Promise<void> {
    await Promise.all(
      this.#clients.map(
        ({ volumes }) =>
          new Promise<void>((resolve) => {
            if (volumes.pin.version === version) return resolve();
            const stop = volumes.watchPin((now) => {
              if (now.version !== version) return;
              stop();
              resolve();
            });
          }),
      ),
    );
  }

  /** Resolves once that many more messages were sent. */
  async under(more: number): Promise<void> {
    const enough = this.sent.length + more;
    while (this.sent.length < enough && this.failures.length < 50) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async close(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#clients.map(({ telling }) => telling));
    const late = performance.now() + 10_000;
    while (this.handled < this.expected && performance.now() < late) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const { bus } of this.#clients) await bus.close();
    for (const server of Array.from(this.#servers.keys())) await this.stop(server);
  }
}

describe('Cinder, upgraded under load', function () {
  this.timeout(60_000);

  it('goes from 3.10 to 3.20, back and up again without a failed call, and no release meets what it cannot read', async () => {
    const fleet = new Fleet();
    for (const server of ['store-1', 'store-2', 'store-3']) await fleet.start(server, 'ocata');
    for (const seed of [1, 2]) await fleet.addClient(seed);
    try {
      await fleet.pinned('3.10');
      await fleet.under(60);
      for (const [release, version] of [
        ['today', '3.20'],
        ['ocata', '3.10'],
        ['today', '3.20'],
      ] as const) {
        await fleet.replaceAll(release);
        await fleet.pinned(version);
        await fleet.under(60);
      }
    } finally {
      await fleet.close();
    }
    assert.deepEqual(fleet.failures, []);
    for (const { release, method, version } of fleet.log) {
      if (release === 'ocata') assert.ok(compareVersions(version, '3.10') <= 0, `Ocata was given ${method} at ${version}`);
    }
    const served = (release: Entry['release'], version: Version): number =>
      fleet.log.filter((entry) => entry.release === release && entry.version === version).length;
    assert.ok(served('ocata', '3.10') > 0 && served('today', '3.10') > 0 && served('today', '3.20') > 0);
    assert.equal(fleet.handled, fleet.expected, 'every call and cast was handled once');
  });

  it('notices an answer that belongs to something else', async () => {
    class Confused extends VolumeService {
      override secure_file_operations_enabled(): boolean {
        return false;
      }
    }
    const fleet = new Fleet();
    await fleet.start('store-1', 'today', new Confused());
    await fleet.addClient(1);
    try {
      await fleet.under(120);
    } finally {
      await fleet.close();
    }
    assert.ok(fleet.failures.length > 0);
    assert.ok(fleet.failures.every((failure) => failure instanceof WrongAnswer));
  });
});
