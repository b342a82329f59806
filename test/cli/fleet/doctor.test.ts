import assert from 'node:assert/strict';
import { connect, MemoryHub, type Bus } from 'lynchpin';
import { managementOf } from '#lynchpin/cli/fleet/management.js';
import { VolumeApi } from '../../rpc/fixtures/old.js';
import { OldService } from '../../rpc/fixtures/services.js';
import { inside } from '../support/project.js';

describe('lynchpin doctor', () => {
  let hub: MemoryHub;
  let bus: Bus;
  beforeEach(async () => {
    hub = new MemoryHub();
    bus = await connect(hub);
    await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
  });
  afterEach(() => bus.close());

  const doctor = (...args: readonly string[]) => inside('', ['doctor', '--broker', 'memory:', ...args], { hub, columns: 200 });

  it('ends with 0 where there is no error, and says what was not checked and what is fine', async () => {
    const { code, out, err } = await doctor();
    assert.deepEqual([code, err], [0, '']);
    assert.equal((await doctor('--role', 'client', 'volume')).code, 0);
    assert.match(out, /^memory at memory:\nTopics: volume\.\n3 not checked; \d+ checks are fine\.\n/);
    assert.match(out, /\nnot checked {2}policies\n/);
    assert.match(out, /\n {4}rabbitmqctl list_queues name type durable arguments\n/);
    assert.match(out, /\n {4}rabbitmqctl set_permissions -p \/ memory '/);
  });

  it('ends with 1 where there is an error, with its cause and what to do', async () => {
    hub.ail('lynchpin.volume.roll', 'down');
    const { code, out } = await doctor();
    assert.equal(code, 1);
    assert.match(out, /\nerror {2}census\/count {2}volume\nThe roll cannot be counted: down\.\nCauses: .+\nDo: .+\n/);
  });

  it('warns where the broker has no streams, and what that means for finalizing', async () => {
    const old = new MemoryHub('old', { logs: false });
    const { code, out } = await inside('', ['doctor', '--broker', 'memory:'], { hub: old, columns: 200 });
    assert.equal(code, 0);
    assert.match(out, /\nwarning {2}broker\/streams\n.*\nCauses: .*finalizing a version does not/);
    assert.match(out, /set_permissions -p \/ memory/);
  });

  it('gives the same as JSON and as Markdown', async () => {
    const { out } = await doctor('--json', '--role', 'client');
    const { format, role, findings, permissions, counts } = JSON.parse(out) as {
      format: number;
      role: string;
      findings: readonly { id: string; severity: string; seen: string; causes: string; remedy: string; about: string }[];
      permissions: Readonly<Record<string, string>>;
      counts: Readonly<Record<string, number>>;
    };
    assert.deepEqual([format, role, counts['not checked'], Object.keys(permissions)], [1, 'client', 3, ['server', 'client', 'operator']]);
    for (const { id, severity, seen, remedy } of findings) {
      assert.notEqual(seen, '', id);
      assert.equal(remedy === '', severity === 'fine', id);
    }
    const markdown = (await doctor('--format', 'markdown')).out;
    assert.match(markdown, /\n## not checked {2}policies\n/);
    assert.match(markdown, /\n```sh\nrabbitmqctl list_consumers\n```\n/);
  });

  it('leaves the messages and queues of the fleet as they were', async () => {
    const before = hub.queues.sort();
    let done = false;
    const examined = doctor('volume', 'unheard-of').finally(() => (done = true));
    let own: readonly string[] = [];
    while (!done) {
      own = [...own, ...hub.queues.filter((name) => name.startsWith('lynchpin.doctor-'))];
      await new Promise((resolve) => setImmediate(resolve));
    }
    await examined;
    // There was something to leave behind.
    assert.notDeepEqual(own, []);
    assert.deepEqual(hub.queues.sort(), before);
  });

  it('ends with 2 where there is no broker, and says where it looked and how to say otherwise, without a stack', async () => {
    const { code, out, err } = await inside('', ['doctor', '--broker', 'amqp://ada:secret@127.0.0.1:1', '--timeout', '300ms']);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /CONNECTION: amqp:\/\/127\.0\.0\.1:1 /);
    assert.doesNotMatch(err, /secret|\n +at /);
  });

  it('asks the management API beside the broker with the same account, or where and as whom it is told', () => {
    assert.deepEqual(managementOf('amqp://ada:s%40t@rabbit:5000/v', undefined), {
      url: 'http://rabbit:15672',
      user: 'ada',
      password: 's@t',
    });
    assert.deepEqual(managementOf('amqps://rabbit', undefined), { url: 'https://rabbit:15671', user: 'guest', password: 'guest' });
    assert.deepEqual(managementOf('amqp://ada:x@rabbit', 'https://m:8443/base'), {
      url: 'https://m:8443/base',
      user: 'ada',
      password: 'x',
    });
    assert.deepEqual(managementOf('amqp://ada:x@rabbit', 'http://eve:y@m'), { url: 'http://m/', user: 'eve', password: 'y' });
    assert.equal(managementOf('memory:', undefined), undefined);
  });
});
