import assert from 'node:assert/strict';
import { defineApi, deserialize, defineObject, LynchpinError, t, type Method, type Version } from 'lynchpin';
import { canDeploy, parseFleet, readsNewer, type DeployRole, type RunningService } from '#lynchpin/compat/index.js';
import { surfaceFrom } from '../support/past.js';

/** What is found for a build that reads from the floor to the version. */
function verdicts(floor: Version, version: Version, role: DeployRole | undefined, ...report: readonly RunningService[]): string[] {
  class VolumeApi {
    show!: Method;
  }
  const surface = surfaceFrom(defineApi(VolumeApi, { topic: 'volume', version, floor, methods: { show: {} } }));
  return canDeploy(surface, report, role).map(({ severity, rule }) => `${severity} ${rule.slice('fleet/'.length)}`);
}

const server = (floor: Version, version: Version, name = 'volume-1'): RunningService => ({ topic: 'volume', server: name, floor, version });
const client = (floor: Version, version: Version): RunningService => ({ topic: 'volume', client: 'api-1', floor, version });

describe('a client that is deployed', () => {
  it('is fine beside servers that read all that it speaks', () => {
    assert.deepEqual(verdicts('3.0', '3.4', 'client', server('3.0', '3.4')), []);
    assert.deepEqual(verdicts('3.0', '3.2', 'client', server('3.1', '3.4')), []);
  });

  it('is told that its pin will hold where a server reads less', () => {
    assert.deepEqual(verdicts('3.0', '3.4', 'client', server('3.0', '3.2'), server('3.0', '3.4', 'volume-2')), [
      'info client-newer-than-server',
    ]);
  });

  it('is broken where no server reads any version of it, whichever side is the newer', () => {
    assert.deepEqual(verdicts('3.2', '3.4', 'client', server('3.0', '3.1')), ['error client-newer-than-server']);
    assert.deepEqual(verdicts('3.0', '3.1', 'client', server('3.2', '3.4')), ['error below-min-supported']);
  });

  it('is warned of the servers that it cannot talk to, where there are others', () => {
    assert.deepEqual(verdicts('3.2', '3.4', 'client', server('3.0', '3.1'), server('3.0', '3.4', 'volume-2')), [
      'warn client-newer-than-server',
    ]);
  });

  it('does not look at other clients', () => {
    assert.deepEqual(verdicts('3.2', '3.4', 'client', server('3.0', '3.4'), client('3.0', '3.1')), []);
  });
});

describe('a server that is deployed', () => {
  it('is fine where it has a version in common with each, however old', () => {
    assert.deepEqual(verdicts('3.1', '3.4', 'server', server('3.0', '3.1'), client('3.0', '3.2'), client('3.4', '3.9')), []);
  });

  it('is broken beside a client or a server that is older than its floor', () => {
    assert.deepEqual(verdicts('3.2', '3.4', 'server', client('3.0', '3.1')), ['error below-min-supported']);
    assert.deepEqual(verdicts('3.2', '3.4', 'server', server('3.0', '3.1')), ['error below-min-supported']);
  });

  it('is broken beside a client or a server whose floor is above it, as after a roll-back', () => {
    assert.deepEqual(verdicts('3.0', '3.1', 'server', client('3.2', '3.4')), ['error client-newer-than-server']);
    assert.deepEqual(verdicts('3.0', '3.1', 'server', server('3.2', '3.4')), ['error below-min-supported']);
  });
});

describe('a build of which the role is not known', () => {
  it('is held to both', () => {
    assert.deepEqual(verdicts('3.2', '3.4', undefined, server('3.0', '3.1')), [
      'error client-newer-than-server',
      'error below-min-supported',
    ]);
  });

  it('is unknown, and not safe, where nothing is known of the topic', () => {
    assert.deepEqual(verdicts('3.0', '3.4', undefined), ['error unknown']);
    assert.deepEqual(verdicts('3.0', '3.4', 'client', client('3.0', '3.4')), ['error unknown']);
    assert.deepEqual(verdicts('3.0', '3.4', 'server', client('3.0', '3.4')), []);
    assert.deepEqual(verdicts('3.0', '3.4', 'server', { ...server('3.0', '3.4'), topic: 'image' }), ['error unknown']);
  });
});

describe('a report of what runs', () => {
  it('is a list of services', () => {
    const report = [server('3.0', '3.4'), client('3.0', '3.2'), { topic: 'image', floor: '1.0', version: '1.0' }];
    assert.deepEqual(parseFleet(JSON.parse(JSON.stringify(report)), 'fleet.json'), report);
  });

  it('is refused as a whole where one of them is none', () => {
    const wrong: readonly unknown[] = [
      {},
      [null],
      [{ ...server('3.0', '3.4'), topic: undefined }],
      [{ ...server('3.0', '3.4'), topic: '' }],
      [{ ...server('3.0', '3.4'), version: '3' }],
      [{ ...server('3.0', '3.4'), floor: undefined }],
      [{ ...server('3.0', '3.4'), client: 'api-1' }],
      [server('3.4', '3.0')],
      [server('3.0', '3.4'), 'volume-2'],
    ];
    for (const json of wrong) {
      assert.throws(
        () => parseFleet(json, 'fleet.json'),
        (error) => LynchpinError.is(error, 'DECLARATION'),
        JSON.stringify(json),
      );
    }
  });
});

describe('data that is newer than its reader', () => {
  class Volume {
    tags!: string[];
  }
  defineObject(Volume, { version: '1.2', fields: { tags: t.list(t.string()) } });
  const judge = (read: () => unknown) => readsNewer({ subject: { kind: 'object', name: 'Volume', version: '1.3' }, head: '1.2', read });

  it('must be refused with an error of Lynchpin, and neither by accident nor not at all', () => {
    assert.deepEqual(
      judge(() => deserialize(Volume, { $object: 'Volume@1.3' })),
      [],
    );
    const [accident] = judge(() => (JSON.parse('{}') as Volume).tags.length);
    assert.equal(accident?.rule, 'wire/newer-than-known');
    assert.equal(judge(() => ({ tags: [] })).length, 1);
  });
});
