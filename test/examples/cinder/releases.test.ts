import assert from 'node:assert/strict';
import { LynchpinError, type Version } from 'lynchpin';
import { Contract } from '#lynchpin/rpc/index.js';
import { Stories, type Sent } from '../../../examples/cinder-volume/client.js';
import { VolumeApi } from '../../../examples/cinder-volume/contract/index.js';
import { Stories as StoriesOfOcata } from '../../../examples/cinder-volume/releases/ocata/client.js';
import { VolumeApi as NewtonsApi } from '../../../examples/cinder-volume/releases/newton/contract/index.js';
import { VolumeService as NewtonsService } from '../../../examples/cinder-volume/releases/newton/service.js';
import { VolumeApi as OcatasApi } from '../../../examples/cinder-volume/releases/ocata/contract/index.js';
import { VolumeService as OcatasService } from '../../../examples/cinder-volume/releases/ocata/service.js';
import { Values as ValuesOfOcata } from '../../../examples/cinder-volume/releases/ocata/values.js';
import { VolumeService } from '../../../examples/cinder-volume/service.js';
import { Values } from '../../../examples/cinder-volume/values.js';
import { facts } from './facts.js';
import { loopback, type Crossing } from './loopback.js';

const today = Contract.of(VolumeApi);
const ocata = Contract.of(OcatasApi);
const newton = Contract.of(NewtonsApi);

describe('an older release of Cinder', () => {
  for (const [name, release, head] of [
    ['Ocata', ocata, '3.10'],
    ['Newton', newton, '3.0'],
  ] as const) {
    it(`${name} speaks ${head} and nothing above`, () => {
      assert.equal(release.line.head, head);
      for (const record of release.graph.records) {
        const there = facts.objects[record.name];
        if (there !== undefined && record.line !== undefined)
          assert.equal(record.line.head, today.graph.manifest(head)[record.name], record.name);
      }
    });

    it(`${name} says of each version that it speaks what today's contract says of it`, () => {
      for (const version of release.line.versions) {
        const theirs = release.methods.flatMap((method) => release.wireName(method, version) ?? []);
        const ours = today.methods.flatMap((method) => today.wireName(method, version) ?? []);
        assert.deepEqual(theirs.sort(), ours.sort(), `the methods of ${version}`);
        assert.deepEqual(
          release.graph.manifest(version),
          reduced(today.graph.manifest(version), Object.keys(release.graph.manifest(version))),
        );
        for (const method of theirs) {
          const [their, our] = [release.find(version, method), today.find(version, method)];
          for (const part of ['takes', 'returns'] as const) {
            const [theirShape, ourShape] = [their?.[part], our?.[part]];
            assert.equal(theirShape === undefined, ourShape === undefined, `${method} ${part} at ${version}`);
            if (theirShape === undefined || ourShape === undefined) continue;
            assert.deepEqual(
              release.graph.schema(theirShape, version),
              today.graph.schema(ourShape, version),
              `${method} ${part} at ${version}`,
            );
          }
        }
      }
    });
  }
});

describe("the stories of Cinder's API", () => {
  const served: readonly [string, Version, () => Promise<Told>][] = [
    ["today's, by Newton's service", '3.0', () => tell('3.0', newton, new NewtonsService())],
    ["today's, by Ocata's service", '3.10', () => tell('3.10', ocata, new OcatasService())],
    ["today's, by Ocata's service under Newton's pin", '3.0', () => tell('3.0', ocata, new OcatasService())],
    ["Ocata's, by today's service", '3.10', () => tellOcatas('3.10')],
    ...today.line.versions.map((version): [string, Version, () => Promise<Told>] => [
      `today's, by today's service at ${version}`,
      version,
      () => tell(version, today, new VolumeService()),
    ]),
  ];
  for (const [what, pin, told] of served) {
    it(`end well: ${what}`, async () => {
      const { sent, crossings } = await told();
      assert.equal(sent.length, crossings.length);
      for (const { name } of crossings) assert.ok(exists(name, pin), `${name} at ${pin}`);
    });
  }

  it('use every method of the history, but for the two that only make sense for one server', async () => {
    const used = new Set<string>();
    for (const version of today.line.versions) {
      for (const { name } of (await tell(version, today, new VolumeService())).crossings) used.add(name);
    }
    const missing = facts.methods.map(({ name }) => name).filter((name) => !used.has(name));
    assert.deepEqual(missing, ['freeze_host', 'thaw_host']);
  });
});

describe('what Cinder did by hand', () => {
  const values = new Values(11);
  const volume = values.volume();

  it('attach_volume carries its volume from 3.3 on, and goes without below', async () => {
    const request = { volume_id: volume.id, volume };
    assert.equal(Object.hasOwn(await requestAt('3.2', (client) => client.call.attach_volume(request)), 'volume'), false);
    assert.equal(Object.hasOwn(await requestAt('3.3', (client) => client.call.attach_volume(request)), 'volume'), true);
  });

  it('detach_volume carries its volume from 3.4 on, and goes without below', async () => {
    const request = { volume_id: volume.id, volume };
    assert.equal(Object.hasOwn(await requestAt('3.3', (client) => client.call.detach_volume(request)), 'volume'), false);
    assert.equal(Object.hasOwn(await requestAt('3.4', (client) => client.call.detach_volume(request)), 'volume'), true);
  });

  it('failover goes out as failover_host below 3.8', async () => {
    for (const [pin, name] of [
      ['3.7', 'failover_host'],
      ['3.8', 'failover'],
    ] as const) {
      const crossings: Crossing[] = [];
      await loopback<VolumeApi>(today, today, new VolumeService(), pin, (crossing) => crossings.push(crossing)).cast.failover({});
      assert.deepEqual(
        crossings.map((crossing) => crossing.name),
        [name],
      );
    }
  });

  it('accept_transfer is refused where the wish to leave the snapshots behind cannot be said', async () => {
    const request = { volume_id: volume.id, new_user: 'u', new_project: 'p', no_snapshots: true };
    await assert.rejects(
      requestAt('3.15', (client) => client.call.accept_transfer(request)),
      (error) => LynchpinError.is(error, 'PINNED'),
    );
    assert.equal((await requestAt('3.16', (client) => client.call.accept_transfer(request)))['no_snapshots'], true);
    assert.equal(
      Object.hasOwn(await requestAt('3.15', (client) => client.call.accept_transfer({ ...request, no_snapshots: false })), 'no_snapshots'),
      false,
    );
  });

  it('migrate_volume tells of the cluster from 3.5 on', async () => {
    const request = { volume, host: values.backend(), force_host_copy: false };
    const host = async (pin: Version): Promise<unknown> => (await requestAt(pin, (client) => client.cast.migrate_volume(request)))['host'];
    assert.equal(Object.hasOwn((await host('3.4')) as object, 'cluster_name'), false);
    assert.equal(((await host('3.5')) as { cluster_name: string }).cluster_name, 'store@ceph');
  });

  it('get_backup_device answers until 3.17, and is cast from then on', async () => {
    const backup = values.backup();
    const at = (pin: Version) => loopback<VolumeApi>(today, today, new VolumeService(), pin);
    assert.equal((await at('3.16').call.get_backup_device({ backup })).volume?.id, backup.volume_id);
    await assert.rejects(at('3.16').cast.get_backup_device_async({ backup }), (error) => LynchpinError.is(error, 'PINNED'));
    await assert.rejects(at('3.17').call.get_backup_device({ backup }), (error) => LynchpinError.is(error, 'UNKNOWN_METHOD'));
    await at('3.17').cast.get_backup_device_async({ backup });
  });
});

interface Told {
  readonly sent: readonly Sent[];
  readonly crossings: readonly Crossing[];
}

async function tell(pin: Version, server: Contract, service: object): Promise<Told> {
  const [sent, crossings]: [Sent[], Crossing[]] = [[], []];
  const client = loopback<VolumeApi>(today, server, service, pin, (crossing) => crossings.push(crossing));
  const stories = new Stories(client, new Values(42), (one) => sent.push(one));
  for (const story of Stories.all) await stories.tell(story);
  return { sent, crossings };
}

async function tellOcatas(pin: Version): Promise<Told> {
  const [sent, crossings]: [Sent[], Crossing[]] = [[], []];
  const client = loopback<OcatasApi>(ocata, today, new VolumeService(), pin, (crossing) => crossings.push(crossing));
  const stories = new StoriesOfOcata(client, new ValuesOfOcata(42), (one) => sent.push(one));
  for (const story of StoriesOfOcata.all) await stories.tell(story);
  return { sent, crossings };
}

/** What a request looks like on the wire at a pin. */
async function requestAt(
  pin: Version,
  send: (client: ReturnType<typeof loopback<VolumeApi>>) => Promise<unknown>,
): Promise<Record<string, unknown>> {
  let request = '';
  await send(loopback<VolumeApi>(today, today, new VolumeService(), pin, (crossing) => (request = crossing.request)));
  return JSON.parse(request) as Record<string, unknown>;
}

/** Whether the history has a method at a version. */
function exists(name: string, version: Version): boolean {
  return facts.methods.some(
    (method) =>
      method.name === name && minor(method.since) <= minor(version) && (method.until === undefined || minor(version) < minor(method.until)),
  );
}

function minor(version: string): number {
  return Number(version.split('.')[1]);
}

function reduced<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, all[name] as T]));
}
