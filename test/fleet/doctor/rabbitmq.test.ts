import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect as amqp, type ChannelModel } from 'amqplib';
import { connect, type Bus } from 'lynchpin';
import { namesOf, openBroker, type Broker } from '#lynchpin/broker/index.js';
import { examine, type DoctorOptions, type Finding } from '#lynchpin/fleet/doctor/index.js';
import { permissionsCommand, permissionsFor } from '#lynchpin/fleet/doctor/roles.js';
import * as newest from '../../rpc/fixtures/new.js';
import { VolumeApi } from '../../rpc/fixtures/old.js';
import { NewService, OldService } from '../../rpc/fixtures/services.js';
import { inside } from '../../cli/support/project.js';
import { root } from '../../style/project.js';
import { ManagedNode } from './management.js';

const NAMESPACE = 'ns';

describe('the doctor on RabbitMQ', () => {
  let managed: ManagedNode;
  let broker: Broker;
  let bus: Bus;
  let raw: ChannelModel;
  const service = new OldService('volume-1');
  before(async function () {
    this.timeout(90_000);
    managed = await ManagedNode.start();
    broker = await openBroker(managed.node.url);
    bus = await connect(managed.node.url, { namespace: NAMESPACE });
    await bus.serve(VolumeApi, service, { server: 'volume-1' });
    raw = await amqp(managed.node.url);
    raw.on('error', () => undefined);
    const channel = await raw.createChannel();
    await channel.assertQueue('foreign.volume@1.0', { durable: true });
    await channel.consume('foreign.volume@1.0', () => undefined, { noAck: true });
  });
  after(async () => {
    await raw?.close();
    await bus?.close();
    await broker?.close();
    await managed?.node.stop();
  });

  const asked = (options: DoctorOptions = {}): DoctorOptions => ({
    management: { url: managed.url, user: 'guest', password: 'guest' },
    ...options,
  });

  /** What is found, as `severity: id about`. */
  async function found(options: DoctorOptions = asked(), by = broker): Promise<readonly string[]> {
    const { findings } = await examine({ broker: by, namespace: NAMESPACE }, options);
    return texts(findings);
  }

  function texts(findings: readonly Finding[]): readonly string[] {
    return findings.filter(({ severity }) => severity !== 'fine').map(({ severity, id, about }) => `${severity}: ${id} ${about}`.trim());
  }

  it('tells how old the oldest message of a queue is, which nothing else does', async function () {
    this.timeout(30_000);
    const { dead } = namesOf('aged', NAMESPACE);
    await broker.ensureQueue(dead);
    for (const sent of [1_700_000_000, 1_800_000_000])
      await broker.publish({ exchange: '', routingKey: dead, persistent: true, sent, body: Buffer.from('{}') });
    const [queue] = (await bus.fleet.lanes('aged')).queues;
    assert.deepEqual([queue?.ready, queue?.oldest], [2, undefined]);
    // What the API tells of queues is gathered every few seconds.
    await managed.until('the age is shown', async () => {
      const { queues, noAges } = await bus.fleet.lanes('aged', asked());
      assert.equal(noAges, undefined);
      return queues[0]?.oldest === '2023-11-14T22:13:20.000Z';
    });
    const { noAges } = await bus.fleet.lanes('aged', { management: { url: 'http://127.0.0.1:1', user: 'ada', password: 'x' } });
    assert.match(noAges ?? '', /127\.0\.0\.1:1/);
    await broker.deleteQueue(dead);
  });

  /** What is found once something was done, and no longer once it was undone. */
  async function planted(plant: () => Promise<unknown>, remove: () => Promise<unknown>): Promise<readonly string[]> {
    await plant();
    const sick = await found();
    await remove();
    assert.deepEqual(await found(), []);
    return sick;
  }

  it('finds nothing the matter with a broker that is as it should be, and leaves nothing behind', async () => {
    const before = await managed.names();
    assert.deepEqual(await found(), []);
    assert.deepEqual(await managed.names(), before);
  });

  it('says what was not checked where the management API is not asked, is not there, or refuses the account', async () => {
    const parts = ['not checked: policies', 'not checked: queues', 'not checked: consumers'];
    assert.deepEqual(await found({}), parts);
    assert.deepEqual(await found(asked({ management: { url: 'http://127.0.0.1:1', user: 'guest', password: 'guest' } })), parts);
    const management = { url: managed.url, user: 'guest', password: 'wrong-secret' };
    const { findings } = await examine({ broker, namespace: NAMESPACE }, asked({ management }));
    assert.deepEqual(texts(findings), parts);
    assert.doesNotMatch(JSON.stringify(findings), /wrong-secret/);
  });

  const policies: readonly (readonly [definition: object, applyTo: string, pattern: string, expected: string])[] = [
    [{ expires: 3_600_000 }, 'queues', '.*', 'error: policies/expires bad'],
    [{ 'message-ttl': 3_600_000 }, 'queues', '^ns\\.volume@', 'error: policies/message-ttl bad'],
    [{ 'max-length': 100_000 }, 'queues', '^ns\\.', 'error: policies/max-length bad'],
    [{ 'max-length': 100_000, overflow: 'reject-publish' }, 'queues', '^ns\\.', 'warning: policies/overflow bad'],
    [{ 'max-age': '10D' }, 'all', '\\.ledger$', 'error: policies/max-age bad'],
    [{ 'ha-mode': 'all' }, 'queues', '\\.roll', 'warning: policies/ha-mode bad'],
    [{ 'dead-letter-exchange': 'x' }, 'queues', '@', 'warning: policies/dead-letter-exchange bad'],
    [{ 'alternate-exchange': 'amq.fanout' }, 'exchanges', '^ns', 'error: policies/alternate-exchange bad'],
  ];
  for (const [definition, applyTo, pattern, expected] of policies) {
    it(`finds the policy ${JSON.stringify(definition)}`, async () => {
      const sick = await planted(
        () => managed.put('policies/%2F/bad', { pattern, definition, 'apply-to': applyTo, priority: 0 }),
        () => managed.delete('policies/%2F/bad'),
      );
      assert.deepEqual(sick, [expected]);
    });
  }

  it('finds an operator policy, which no policy of higher priority outdoes', async () => {
    await managed.put('policies/%2F/good', { pattern: '.*', definition: { 'queue-mode': 'lazy' }, 'apply-to': 'queues', priority: 9 });
    const operator = { pattern: '.*', definition: { 'message-ttl': 3_600_000 }, 'apply-to': 'queues', priority: 0 };
    const sick = await planted(
      () => managed.put('operator-policies/%2F/bad', operator),
      () => managed.delete('operator-policies/%2F/bad'),
    );
    await managed.delete('policies/%2F/good');
    assert.deepEqual(sick, ['error: operator-policies/message-ttl bad']);
  });

  const queues: readonly (readonly [name: string, given: object, expected: readonly string[]])[] = [
    ['ns.other.roll@1.0', { 'x-queue-type': 'quorum' }, ['error: queues/type ns.other.roll@1.0']],
    ['ns.other.ledger', { 'x-queue-type': 'classic' }, ['error: queues/type ns.other.ledger']],
    ['ns.other@1.0', { 'x-expires': 3_600_000 }, ['error: queues/expires ns.other@1.0']],
    ['ns.other@1.0', { 'x-message-ttl': 3_600_000 }, ['error: queues/message-ttl ns.other@1.0']],
    ['ns.other@1.0', { 'x-max-length': 100_000 }, ['error: queues/max-length ns.other@1.0']],
    ['ns.other@1.0', { 'x-single-active-consumer': true }, ['error: queues/single-active-consumer ns.other@1.0']],
    ['ns.other@1.0', { 'x-queue-type': 'quorum' }, ['warning: queues/lane-dead-letters ns.other@1.0']],
    ['ns.other.ledger', { 'x-queue-type': 'stream', 'x-max-age': '10D' }, ['error: queues/max-age ns.other.ledger']],
  ];
  for (const [name, given, expected] of queues) {
    it(`finds the queue ${name} with ${JSON.stringify(given)}`, async () => {
      const channel = await raw.createChannel();
      const sick = await planted(
        () => channel.assertQueue(name, { durable: true, arguments: given }),
        () => channel.deleteQueue(name),
      );
      await channel.close();
      assert.deepEqual(sick, expected);
    });
  }

  it('finds a consumer of another program on a lane, and one that does not acknowledge', async () => {
    let sick: readonly string[] = [];
    // The management API shows what is new after a few seconds.
    await managed.until('the consumer is shown', async () => {
      sick = texts((await examine({ broker, namespace: 'foreign' }, asked())).findings);
      return sick.some((text) => text.includes('consumers'));
    });
    assert.deepEqual(sick, ['error: consumers/foreign foreign.volume@1.0', 'error: consumers/no-acknowledgement foreign.volume@1.0']);
    assert.deepEqual(await found(), []);
  }).timeout(30_000);

  it('looks at the virtual host that it is connected to, whatever its name', async () => {
    await managed.put('vhosts/a%2Fb', {});
    await managed.put('permissions/a%2Fb/guest', { configure: '.*', write: '.*', read: '.*' });
    await managed.put('policies/a%2Fb/bad', { pattern: '.*', definition: { expires: 3_600_000 }, 'apply-to': 'queues', priority: 0 });
    const other = await openBroker(`${managed.node.url}/a%2Fb`);
    const { findings, permissions } = await examine({ broker: other, namespace: NAMESPACE }, asked());
    await other.close();
    assert.deepEqual(texts(findings), ['error: policies/expires bad']);
    assert.equal(findings[0]?.command, 'rabbitmqctl clear_policy -p a/b bad');
    assert.match(permissions.client, /^rabbitmqctl set_permissions -p a\/b guest '/);
    assert.deepEqual(await found(), []);
  });

  it('is reached from the command line, with the management API where it is', async () => {
    await managed.put('policies/%2F/bad', { pattern: '^ns\\.', definition: { expires: 3_600_000 }, 'apply-to': 'queues', priority: 0 });
    const args = ['doctor', '--broker', managed.node.url, '--namespace', NAMESPACE, '--management', managed.url];
    const { code, out } = await inside('', args, { columns: 200 });
    assert.equal(code, 1, out);
    assert.match(out, /\nerror {2}policies\/expires {2}bad\n/);
    const [command = ''] = /rabbitmqctl clear_policy .*/.exec(out) ?? [];
    await managed.node.ctl(...command.split(' ').slice(1));
    assert.equal((await inside('', args)).code, 0);
  }).timeout(20_000);

  describe('with an account of limited rights', () => {
    const all = { configure: '.*', write: '.*', read: '.*' };

    async function asAccount<T>(rights: typeof all, work: (broker: Broker) => Promise<T>): Promise<T> {
      const own = await openBroker(await managed.account('limited', rights));
      try {
        return await work(own);
      } finally {
        await own.close();
      }
    }

    const tables: readonly (readonly [what: string, rights: Partial<typeof all>, expected: readonly string[]])[] = [
      ['nothing to configure', { configure: '' }, ['inbox', 'life', 'queue', 'exchange', 'notices']],
      ['nothing to write', { write: '' }, ['default-exchange', 'life', 'bind', 'publish', 'notices']],
      ['nothing to read', { read: '' }, ['inbox', 'life', 'read', 'bind', 'notices', 'ledger']],
      ['no default exchange', { write: String.raw`^(ns[.:].*|amq\.gen.*)$` }, ['default-exchange']],
      ['no inboxes', { configure: String.raw`^ns[.:]` }, ['inbox', 'notices']],
      ['no queue of its life', { configure: String.raw`^(ns\.|amq\.)` }, ['life']],
      ['no ledger', { read: String.raw`^(ns[.:].*[^r]|amq\..*)$` }, ['ledger']],
      ['only its own exchanges', { write: String.raw`^(ns\.doctor.*|ns:.*|amq\..*)$` }, ['publish']],
    ];
    for (const [what, rights, expected] of tables) {
      it(`finds that it has ${what}`, async () => {
        const errors = await asAccount({ ...all, ...rights }, (own) => found({ topics: ['volume'] }, own));
        assert.deepEqual(
          errors.filter((text) => text.startsWith('error')),
          expected.map((id) => `error: rights/${id} limited`),
        );
      });
    }

    it('has no objection to an account with what suffices for its role, whose command is right as it is printed', async () => {
      for (const role of ['server', 'client', 'operator'] as const) {
        const before = await openBroker(await managed.account('limited', { configure: '', write: '', read: '' }));
        const { permissions } = await examine({ broker: before, namespace: NAMESPACE }, { role, topics: ['volume'] });
        await before.close();
        // As a shell reads the line.
        const { stdout } = await promisify(execFile)('bash', ['-c', permissions[role].replace('rabbitmqctl', String.raw`printf '%s\n'`)]);
        const words = stdout.trimEnd().split('\n');
        const [command, option, host, account, configure = '', write = '', read = ''] = words;
        assert.deepEqual([command, option, host, account, words.length], ['set_permissions', '-p', '/', 'limited', 7]);
        // The tool itself once: it takes longer than everything else.
        if (role === 'client') await managed.node.ctl(...words);
        else await managed.account('limited', { configure, write, read });
        const own = await openBroker(managed.node.url.replace('guest:guest', 'limited:secret'));
        const errors = (await found({ role, topics: ['volume'] }, own)).filter((text) => text.startsWith('error'));
        await own.close();
        assert.deepEqual(errors, [], role);
      }
    }).timeout(30_000);

    it('suffices as the guide has it, for each role', () => {
      const guide = readFileSync(join(root, 'docs/guide/operating.md'), 'utf8');
      const shown = guide.split('\n').filter((line) => line.startsWith('rabbitmqctl set_permissions'));
      assert.deepEqual(
        shown,
        (['server', 'client', 'operator'] as const).map((role) => permissionsCommand(role, '/', permissionsFor(role, 'lynchpin'))),
      );
    });

    it('operates with what suffices for an operator', async () => {
      const operating = await connect(await managed.account('operating', permissionsFor('operator', NAMESPACE)), { namespace: NAMESPACE });
      try {
        const { fleet } = operating;
        assert.deepEqual(await fleet.topics(), ['volume']);
        const hold = await fleet.hold('volume', { reason: 'soak', until: '3.2' });
        assert.deepEqual(
          (await fleet.release('volume', { reason: 'done', hold: hold.id })).map(({ id }) => id),
          [hold.id],
        );
        await fleet.finalize('volume', '3.2', { reason: 'for good' });
        await fleet.unfinalize('volume', { reason: 'not yet' });
        assert.deepEqual(
          (await fleet.lanes('volume')).lanes.map(({ version }) => version),
          ['3.2', '3.1', '3.0'],
        );
      } finally {
        await operating.close();
      }
    }).timeout(20_000);

    it('serves and calls with what suffices for a server and a client', async () => {
      const at = await managed.account('served', permissionsFor('server', NAMESPACE));
      const from = await managed.account('calling', permissionsFor('client', NAMESPACE));
      const serving = await connect(at, { namespace: NAMESPACE });
      const calling = await connect(from, { namespace: NAMESPACE, name: 'calling' });
      try {
        await serving.serve(VolumeApi, new OldService('volume-2'), { server: 'volume-2' });
        const volumes = await calling.client(VolumeApi);
        assert.equal(await volumes.at('volume-2').call.whoAmI(), 'volume-2');
        await volumes.call.create({ sizeGb: 1 });
        await volumes.cast.touch({ text: 'a' });
        await volumes.fanout.touch({ text: 'b' });
        assert.equal(volumes.pin.version, '3.2');
        // It reads the ledger, and is known there.
        await managed.until('the client is a member', async () => {
          const { reports } = await bus.fleet.rollCall();
          const own = reports.find(({ name }) => name === 'calling');
          return own?.clients[0]?.member !== undefined;
        });
      } finally {
        await calling.close();
        await serving.close();
      }
    });

    it('rescues with what suffices for a client', async () => {
      const from = await managed.account('calling', permissionsFor('client', NAMESPACE));
      const [leaving, calling] = await Promise.all([
        connect(managed.node.url, { namespace: NAMESPACE }),
        connect(from, { namespace: NAMESPACE }),
      ]);
      try {
        const newer = await leaving.serve(newest.VolumeApi, new NewService('volume-3'), { server: 'volume-3' });
        await newer.drain();
        const body = Buffer.from('{"text":"left behind"}');
        const type = { type: 'touch@3.4', contentType: 'application/json' };
        await broker.publish({ exchange: '', routingKey: `${NAMESPACE}.volume@3.4`, messageId: 'left', persistent: true, body, ...type });
        await calling.client(newest.VolumeApi);
        await service.until((ran) => ran.some(({ id }) => id === 'left'));
      } finally {
        await calling.close();
        await leaving.close();
      }
    }).timeout(30_000);
  });
});
