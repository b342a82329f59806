import assert from 'node:assert/strict';
import { FAULTS } from '#lynchpin/fleet/doctor/faults.js';
import { queueNameOf } from '#lynchpin/fleet/doctor/names.js';
import { permissionsCommand, permissionsFor } from '#lynchpin/fleet/doctor/roles.js';
import { consumer, found, HEALTHY, NOTHING, policy, queue, seen, shown } from './facts.js';

const ids = (findings: readonly { readonly id: string; readonly severity: string }[]): string[] =>
  findings.map(({ id, severity }) => `${severity}: ${id}`);

const server = (changes: Partial<typeof HEALTHY.server>) => found({ server: { ...HEALTHY.server, ...changes } });

describe('what the doctor finds', () => {
  it('is nothing where nothing is the matter', () => {
    assert.deepEqual(found({}), []);
  });

  describe('of the broker', () => {
    const quorum = {
      ...NOTHING,
      queues: seen(queue('lynchpin.volume@1.0', { type: 'quorum', arguments: { 'x-dead-letter-routing-key': 'd' } })),
    };
    const cluster = { ...NOTHING, nodes: seen('a', 'b') };
    const releases: readonly (readonly [release: string, management: typeof NOTHING, ids: readonly string[]])[] = [
      ['3.8.9', NOTHING, ['warning: broker/version', 'warning: broker/no-streams']],
      ['3.9.29', NOTHING, ['warning: broker/version']],
      ['3.9.29', quorum, ['warning: broker/version', 'warning: broker/quorum-cancel']],
      ['3.10.0', quorum, []],
      ['3.12.14', cluster, []],
      ['3.13.3', NOTHING, ['warning: broker/reply-traced', 'warning: broker/classic-crash']],
      ['3.13.3', cluster, ['error: broker/reply-lost', 'warning: broker/reply-traced', 'warning: broker/classic-crash']],
      ['3.13.4', cluster, ['warning: broker/reply-traced', 'warning: broker/classic-crash']],
      ['3.13.6', cluster, ['warning: broker/classic-crash']],
      ['4.1.0', quorum, ['warning: broker/classic-crash', 'warning: broker/quorum-upgrade']],
      ['4.1.1', NOTHING, []],
      ['4.2.5', NOTHING, []],
      ['4.2.6', NOTHING, ['warning: broker/passive-configure']],
      ['4.2.7', NOTHING, []],
      ['4.3.0', NOTHING, ['warning: broker/passive-configure']],
      ['4.3.0-rc.1', quorum, ['warning: broker/quorum-upgrade', 'warning: broker/quorum-count']],
      ['4.3.1', quorum, []],
    ];
    for (const [release, management, expected] of releases) {
      it(`${release}: ${expected.join(', ') || 'nothing'}${management === NOTHING ? '' : management === cluster ? ', on a cluster' : ', with quorum lanes'}`, () => {
        const { server: own } = HEALTHY;
        assert.deepEqual(ids(found({ management, server: { ...own, version: release } })), expected);
      });
    }

    it('names each fault once, with the place where it is told', () => {
      for (const { source, id } of FAULTS) {
        assert.match(source, /^https:\/\/github\.com\/rabbitmq\/rabbitmq-server\/(issues|pull|releases\/tag)\//, id);
      }
      assert.equal(new Set(FAULTS.map(({ id }) => id)).size, FAULTS.length);
    });

    it('says of what it does not know that it was not checked, or not tried', () => {
      assert.deepEqual(ids(server({ version: '' })), ['not checked: broker/version']);
      assert.deepEqual(ids(server({ product: 'LavinMQ', version: '2.0.0' })), ['warning: broker/version']);
    });

    it('minds heartbeats that are missing or rare, small frames and few channels', () => {
      for (const heartbeat of [0, 60]) assert.deepEqual(ids(server({ heartbeat })), ['warning: broker/heartbeat']);
      assert.deepEqual(ids(server({ frameMax: 4_096 })), ['warning: broker/frames']);
      assert.deepEqual(ids(server({ channelMax: 8 })), ['warning: broker/frames']);
    });

    it('warns where there are no streams, and does not call an attempt that failed a broker without them', () => {
      assert.deepEqual(ids(found({ logs: { supported: false, why: 'invalid arg' } })), ['warning: broker/streams']);
      assert.deepEqual(ids(found({ logs: { supported: undefined, why: 'no answer' } })), ['not checked: broker/streams']);
    });
  });

  describe('of rights', () => {
    const trial = (outcome: 'forbidden' | 'failed' | 'untried', needed: readonly ('server' | 'client' | 'operator')[]) => ({
      trials: [{ id: 'queue', what: 'create a queue', needed, outcome, why: 'because' }],
    });

    it('is an error where the role needs what is forbidden, and nothing where it does not', () => {
      assert.deepEqual(ids(found(trial('forbidden', ['server', 'operator']))), ['error: rights/queue']);
      assert.deepEqual(ids(found(trial('forbidden', ['server', 'operator']), 'server')), ['error: rights/queue']);
      assert.deepEqual(ids(found(trial('forbidden', ['server', 'operator']), 'client')), []);
    });

    it('tells what could not be tried from what is forbidden', () => {
      for (const outcome of ['failed', 'untried'] as const) {
        assert.deepEqual(ids(found(trial(outcome, ['operator']))), ['not checked: rights/queue']);
      }
    });

    it('gives the command that puts it right, as one line for a shell', () => {
      const [finding] = found({ ...trial('forbidden', ['server']), account: "o'hara", virtualHost: 'a b' }, 'server');
      assert.equal(
        finding?.command,
        String.raw`rabbitmqctl set_permissions -p 'a b' 'o'\''hara' '^(lynchpin[.:].*|amq\.gen-.*)$' '^(lynchpin[.:].*|amq\.gen-.*|amq\.default)$' '^(lynchpin[.:].*|amq\.gen-.*)$'`,
      );
    });

    it('lets a client configure rolls only where the release wants that for a count', () => {
      const configure = (version: string) => permissionsFor('client', 'ns', version).configure;
      assert.equal(configure('4.2.6').includes('roll'), true);
      assert.equal(configure('4.2.7').includes('roll'), false);
      assert.match(permissionsCommand('a', '/', permissionsFor('client', 'my-ns')), /my-ns/);
    });
  });

  describe('of the census', () => {
    const roll = (count: (typeof HEALTHY.rolls)[number]['count']) => ids(found({ rolls: [{ topic: 'volume', count }] }));

    it('is an error where the roll cannot be counted, and nothing where there is none yet', () => {
      for (const reason of ['down', 'forbidden', 'timeout', 'disconnected'] as const) {
        assert.deepEqual(roll({ known: false, reason }), ['error: census/count']);
      }
      assert.deepEqual(roll({ known: false, reason: 'missing' }), []);
    });

    it('is a warning where one count takes long, whatever a single one took', () => {
      assert.deepEqual(ids(found({ countTimes: [80, 90, 2] })), ['warning: census/latency']);
      assert.deepEqual(found({ countTimes: [0.1, 900, 0.1] }), []);
    });
  });

  describe('of policies', () => {
    const of = (definition: Readonly<Record<string, unknown>>, changes: Parameters<typeof policy>[0] = {}) =>
      ids(shown({ policies: seen(policy({ definition, ...changes })) }));

    const harmful: readonly (readonly [definition: Readonly<Record<string, unknown>>, ids: readonly string[]])[] = [
      [{ expires: 1000 }, ['error: policies/expires']],
      [{ 'message-ttl': 1000 }, ['error: policies/message-ttl']],
      [{ 'max-length': 10 }, ['error: policies/max-length']],
      [{ 'max-length': 10, overflow: 'reject-publish' }, ['warning: policies/overflow']],
      [{ 'max-length-bytes': 10 }, ['error: policies/max-length-bytes', 'error: policies/max-length-bytes']],
      [{ 'max-age': '1h' }, ['error: policies/max-age']],
      [{ 'dead-letter-exchange': 'x' }, ['warning: policies/dead-letter-exchange']],
      [{ 'delivery-limit': -1 }, ['error: policies/delivery-limit']],
      [{ 'delivery-limit': 2 }, ['warning: policies/delivery-limit']],
      [{ 'ha-mode': 'all' }, ['warning: policies/ha-mode', 'warning: policies/ha-mode']],
      [{ 'federation-upstream-set': 'all' }, ['error: policies/federation-upstream-set']],
      [{ 'alternate-exchange': 'x' }, ['error: policies/alternate-exchange']],
      [{ 'consumer-timeout': 1000 }, ['warning: policies/consumer-timeout']],
    ];
    for (const [definition, expected] of harmful) {
      it(`minds ${JSON.stringify(definition)} over everything`, () => assert.deepEqual(of(definition), expected));
    }

    it('minds what would forget holds, where they are kept on a queue because there are no streams', () => {
      const expiring = seen(policy({ definition: { 'message-ttl': 1 }, pattern: '\\.holds$' }));
      assert.deepEqual(ids(shown({ policies: expiring })), []);
      const logs = { supported: false, why: 'too old' };
      const old = found({ logs, management: { ...NOTHING, policies: expiring } });
      assert.deepEqual(ids(old), ['error: policies/message-ttl', 'warning: broker/streams']);
      const bounded = seen(policy({ definition: { 'max-length': 1, overflow: 'reject-publish' }, pattern: '\\.holds$' }));
      assert.deepEqual(ids(found({ logs, management: { ...NOTHING, policies: bounded } })), ['warning: broker/streams']);
    });

    it('does not mind what does no harm, and what is about others', () => {
      for (const definition of [{ 'queue-mode': 'lazy' }, { overflow: 'reject-publish' }, { 'delivery-limit': 20 }]) {
        assert.deepEqual(of(definition), [], JSON.stringify(definition));
      }
      assert.deepEqual(of({ expires: 1 }, { pattern: '^other\\.' }), []);
      assert.deepEqual(of({ expires: 1 }, { appliesTo: 'exchanges' }), []);
      assert.deepEqual(of({ 'max-age': '1h' }, { appliesTo: 'quorum_queues' }), []);
      assert.deepEqual(of({ 'max-length': 1 }, { pattern: '\\.ledger$' }), []);
    });

    it('finds a policy for one topic, for what exists and for what is still to come', () => {
      const policies = seen(policy({ definition: { expires: 1 }, pattern: '^lynchpin\\.volume@' }));
      const [future] = shown({ policies });
      assert.match(future?.seen ?? '', /still to be created/);
      const [now] = shown({ policies, queues: seen(queue('lynchpin.volume@1.7')) });
      assert.match(now?.seen ?? '', /lynchpin\.volume@1\.7/);
      const later = shown({ policies: seen(policy({ definition: { expires: 1 }, pattern: '^lynchpin\\.[a-z-]+@' })) });
      assert.deepEqual(ids(later), ['error: policies/expires']);
    });

    it('judges the one of the highest priority alone, and operator policies apart', () => {
      const bad = policy({ name: 'bad', definition: { expires: 1 }, priority: 1 });
      const good = policy({ name: 'good', definition: { 'queue-mode': 'lazy' }, priority: 2 });
      assert.deepEqual(ids(shown({ policies: seen(bad, good) })), []);
      assert.deepEqual(ids(shown({ policies: seen(bad, { ...good, priority: 0 }) })), ['error: policies/expires']);
      const operators = shown({ policies: seen(good), operatorPolicies: seen({ ...bad, operator: true }) });
      assert.deepEqual(ids(operators), ['error: operator-policies/expires']);
      assert.match(operators[0]?.command ?? '', /clear_operator_policy -p \/ bad/);
    });

    it('says when a pattern, a list or the whole could not be looked at', () => {
      assert.deepEqual(of({ expires: 1 }, { pattern: '(?i)x' }), ['not checked: policies']);
      assert.deepEqual(ids(shown({ operatorPolicies: { known: false, why: 'no' } })), ['not checked: operator-policies']);
      const unreachable = found({ management: { unreachable: 'ECONNREFUSED' } });
      assert.deepEqual(ids(unreachable), ['not checked: policies', 'not checked: queues', 'not checked: consumers']);
      for (const { command } of unreachable) assert.match(command ?? '', /^rabbitmqctl list_/);
    });
  });

  describe('of queues', () => {
    const of = (...queues: readonly ReturnType<typeof queue>[]) => ids(shown({ queues: seen(...queues) }));

    it('minds the wrong kind', () => {
      assert.deepEqual(of(queue('lynchpin.volume.roll', { type: 'quorum' })), ['error: queues/type']);
      assert.deepEqual(of(queue('lynchpin.volume.roll@3.2', { type: 'stream' })), ['error: queues/type']);
      assert.deepEqual(of(queue('lynchpin.volume.ledger')), ['error: queues/type']);
      assert.deepEqual(of(queue('lynchpin.volume@3.2', { type: 'stream' })), ['error: queues/lane-type']);
      assert.deepEqual(of(queue('lynchpin.volume.roll'), queue('lynchpin.volume.ledger', { type: 'stream' })), []);
    });

    it('minds classic lanes on a cluster, and quorum lanes that drop what was returned too often', () => {
      const lane = queue('lynchpin.volume@3.2');
      const own = queue('lynchpin.volume@3.2', { type: 'quorum', arguments: { 'x-dead-letter-routing-key': 'lynchpin.volume.dead' } });
      assert.deepEqual(of(lane), []);
      assert.deepEqual(ids(shown({ queues: seen(lane), nodes: seen('a', 'b') })), ['warning: queues/lane-type']);
      assert.deepEqual(ids(shown({ queues: seen(own), nodes: seen('a', 'b') })), []);
      assert.deepEqual(of({ ...own, arguments: {} }), ['warning: queues/lane-dead-letters']);
    });

    it('minds arguments that do harm', () => {
      const lane = (given: Readonly<Record<string, unknown>>) => of(queue('lynchpin.volume@3.2', { arguments: given }));
      assert.deepEqual(lane({ 'x-expires': 1 }), ['error: queues/expires']);
      assert.deepEqual(lane({ 'x-message-ttl': 1 }), ['error: queues/message-ttl']);
      assert.deepEqual(lane({ 'x-max-length': 1 }), ['error: queues/max-length']);
      assert.deepEqual(lane({ 'x-single-active-consumer': true }), ['error: queues/single-active-consumer']);
      assert.deepEqual(lane({ 'x-queue-mode': 'lazy' }), []);
      assert.deepEqual(of(queue('lynchpin.volume.ledger', { type: 'stream', arguments: { 'x-max-age': '1D' } })), [
        'error: queues/max-age',
      ]);
    });

    it('minds queues that do not outlive a restart', () => {
      assert.deepEqual(of(queue('lynchpin.volume@3.2', { durable: false })), ['error: queues/durable']);
    });
  });

  describe('of consumers', () => {
    const of = (...consumers: readonly ReturnType<typeof consumer>[]) => ids(shown({ consumers: seen(...consumers) }));

    it('minds those of other programs on lanes and presence queues, and nowhere else', () => {
      assert.deepEqual(of(consumer('lynchpin.volume.roll', { product: 'pika' })), ['error: consumers/foreign']);
      assert.deepEqual(of(consumer('lynchpin.volume@3.2', { product: '' })), ['error: consumers/foreign']);
      assert.deepEqual(of(consumer('lynchpin.volume.dead', { product: 'pika' }), consumer('other', { product: 'pika' })), []);
      assert.deepEqual(of(consumer('lynchpin.volume@3.2')), []);
    });

    it('minds those that keep others away, or lose what they were handed', () => {
      assert.deepEqual(of(consumer('lynchpin.volume@3.2', { exclusive: true })), ['error: consumers/exclusive']);
      assert.deepEqual(of(consumer('lynchpin.volume@3.2', { acknowledges: false })), ['error: consumers/no-acknowledgement']);
      assert.deepEqual(of(consumer('lynchpin.volume.roll', { acknowledges: false })), []);
    });

    it('does not call a consumer foreign whose connection it may not see', () => {
      assert.deepEqual(of(consumer('lynchpin.volume@3.2', { product: undefined })), ['not checked: consumers']);
    });
  });

  it('reads the names of queues as the protocol has them', () => {
    const kinds = [
      'volume@3.10',
      'volume.roll',
      'volume.roll@3.2',
      'volume.dead',
      'volume.ledger',
      'volume.server.a.b:1',
      'volume.parked.x',
      'volume.x',
    ];
    assert.deepEqual(
      kinds.map((name) => queueNameOf(`ns.${name}`, 'ns')?.kind),
      ['lane', 'presence', 'presence', 'dead', 'ledger', 'server', 'parked', 'other'],
    );
    assert.deepEqual(queueNameOf('ns.my_topic-2@1.0', 'ns'), { topic: 'my_topic-2', kind: 'lane' });
    for (const name of ['nsx.volume@1.0', 'other.volume.roll', 'ns.volume', 'ns']) assert.equal(queueNameOf(name, 'ns'), undefined, name);
  });
});
