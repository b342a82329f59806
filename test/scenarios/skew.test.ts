import assert from 'node:assert/strict';
import { join } from 'node:path';
import { skew } from 'lynchpin/testing';
import { sharedNode, sharedRabbit } from '../support/rabbitmq/index.js';
import { broken, plant, releasesAlive, Warehouse } from '../testing/skew/packages.js';

describe("skew: Ocata's package of Cinder's contract against today's", function () {
  this.timeout(120_000);
  const warehouse = new Warehouse();
  let broker: string;
  before(async function () {
    broker = (await sharedRabbit(this)).url;
  });
  after(() => warehouse.close());
  const old = warehouse.package('ocata', '3.10.0', 'cinder-volume/releases/ocata/contract');

  it('is as the versions say in every cell, and leaves nothing behind', async () => {
    const result = await skew.run({ old, new: warehouse.package('today', '3.20.0', 'cinder-volume/contract'), broker });
    assert.deepEqual(broken(result), [], String(result));
    assert.equal(result.ok, true);
    assert.deepEqual(
      result.cells.map(({ servers, client, version }) => `${servers} ${client} ${version}`),
      [
        'old old 3.10',
        'old pinned 3.10',
        'old released 3.20',
        'mixed old 3.10',
        'mixed pinned 3.10',
        'mixed released 3.20',
        'new old 3.10',
        'new pinned 3.10',
        'new released 3.20',
      ],
    );
    // Replication as it was ended at 3.1, consistency groups at 3.11: callers of later versions are told UNKNOWN_METHOD. What 3.10
    // cannot say is PINNED. Two methods may be sent early, to whoever has them: without today's server that is nobody.
    assert.deepEqual(
      result.cells.map(({ observed }) => Object.keys(observed).sort().join(', ')),
      [
        'UNKNOWN_METHOD, handled',
        'NO_SERVER, PINNED, UNKNOWN_METHOD, handled',
        'NO_SERVER, UNKNOWN_METHOD',
        'UNKNOWN_METHOD, handled',
        'PINNED, UNKNOWN_METHOD, handled',
        'UNKNOWN_METHOD, handled',
        'UNKNOWN_METHOD, handled',
        'PINNED, UNKNOWN_METHOD, handled',
        'UNKNOWN_METHOD, handled',
      ],
    );
    for (const { servers, client, observed } of result.cells)
      if (servers !== 'old' || client !== 'released') assert.ok((observed['handled'] ?? 0) > 120, JSON.stringify(observed));
    assert.deepEqual(result.unsampled, []);
    for (const queue of result.queues) assert.ok((queue.observed['handled'] ?? 0) > 80, JSON.stringify(queue));
    assert.deepEqual([result.old.package, result.new.package], ['cinder-volume@3.10.0', 'cinder-volume@3.20.0']);
    assert.deepEqual(JSON.parse(JSON.stringify(result)).cells, JSON.parse(JSON.stringify(result.cells)));
    assert.match(String(result), /mixed servers, new client pinned +3\.10 .* ok/);
    assert.equal(releasesAlive(), 0);
    const node = await sharedNode();
    if (node !== undefined) {
      for (const what of ['queues', 'exchanges']) assert.doesNotMatch(await node.ctl(`list_${what}`, 'name'), /skew-/);
    }
  });

  /**
   * Volume.use_quota came with Volume 1.9, at 3.18. Without `since` it is there at every version, so today's release writes
   * it at 3.10, where Ocata does not know it, and finds a value where Ocata wrote none.
   */
  it('shows a forgotten "since" in exactly the cells in which the releases meet at a version that both speak', async () => {
    const planted = warehouse.package('planted', '3.20.1', 'cinder-volume/contract');
    plant(join(planted.dir, 'contract/volume.js'), "{ since: '1.9', default: true }", '{ default: true }');
    const result = await skew.run({ old, new: planted, broker });
    assert.deepEqual(broken(result), [
      // Whatever passes between Ocata and today's at 3.10: the other release is at the other end.
      'old servers, pinned client',
      // Half of it reaches the other release's server.
      'mixed servers, old client',
      'mixed servers, pinned client',
      'new servers, old client',
      // Written by one and read by the other, at once or after rescue has moved it from 3.20 to 3.10.
      "old client's queue, new servers",
      "pinned client's queue, old servers",
      "released client's queue, old servers",
      // Not: a release among its own, nor 3.20, which Ocata never reads.
    ]);
    const failures = result.cells.flatMap((cell) => cell.failures);
    assert.deepEqual(new Set(failures.map(({ version }) => version)), new Set(['3.10']));
    for (const { direction, path, message } of failures) {
      assert.match(path, /(^|\.)use_quota$/, message);
      assert.ok(direction === 'request' || direction === 'result', message);
    }
    const inCell = (servers: string, client: string): string[] =>
      result.cells.find((cell) => cell.servers === servers && cell.client === client)?.failures.map(({ message }) => message) ?? [];
    assert.ok(inCell('old', 'pinned').some((message) => /create_volume at 3\.10, request: volume\.use_quota .* was lost/.test(message)));
    assert.ok(inCell('new', 'old').some((message) => /create_volume at 3\.10, request: .*use_quota .* was added/.test(message)));
    for (const { findings } of result.queues) assert.ok(findings.every(({ rule }) => rule === 'queue/time-capsule') && findings.length > 0);
    assert.equal(result.ok, false);
    assert.match(String(result), /and \d+ more like these/);
  });
});
