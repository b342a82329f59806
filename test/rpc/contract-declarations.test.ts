import { strict as assert } from 'node:assert';
import {
  Field,
  LynchpinError,
  Message,
  Rpc,
  RpcApi,
  ServiceError,
  t,
  VersionedObject,
  type ApiOptions,
  type Default,
  type RpcOptions,
} from 'lynchpin';
import { Contract } from '#lynchpin/rpc/index.js';

@VersionedObject({ version: '1.2' })
class Disk {
  @Field(t.string()) id!: string;
  @Field(t.string(), { since: '1.1', default: 'a' }) first!: Default<string>;
  @Field(t.string(), { since: '1.2', default: 'b' }) second!: Default<string>;
}

@Message()
class Ask {
  @Field(t.string()) id!: string;
}

class Undeclared {}
class Busy extends ServiceError {}

/** Declares `DiskApi` at 3.4, floor 3.1, with what is given over that. */
function contract(
  methods: Readonly<Record<string, object | undefined>> = { ask: {} },
  options: Partial<ApiOptions> | object = {},
): Contract {
  const { DiskApi } = { DiskApi: class DiskApi {} };
  for (const [property, method] of Object.entries(methods))
    (Rpc(method as RpcOptions) as unknown as (target: object, where: string) => void)(DiskApi.prototype, property);
  RpcApi({ topic: 'disk', version: '3.4', floor: '3.1', ...options } as ApiOptions)(DiskApi as never);
  return Contract.of(DiskApi);
}

interface Case {
  readonly declare: () => unknown;
  /** What the message must name, whatever its words. */
  readonly names: readonly string[];
}

const method = (options: object, ...names: string[]): Case => ({
  declare: () => contract({ ask: options }),
  names: ['DiskApi.ask', ...names],
});
const api = (options: object, ...names: string[]): Case => ({ declare: () => contract(undefined, options), names });

const REFUSED: Record<string, Case> = {
  'since beyond the newest version': method({ since: '3.5' }, '3.5', '3.1 to 3.4', 'raise'),
  'since below the floor': method({ since: '3.0' }, '3.0', '3.1 to 3.4', 'delete since'),
  'a deprecation since a version that is still to come': method({ deprecated: { since: '3.5' } }, '3.5', '3.1 to 3.4', 'raise'),
  'a deprecation before the method began': method({ since: '3.3', deprecated: { since: '3.2' } }, '3.2', '3.3'),
  'a removal that is not after its announcement': method({ deprecated: { since: '3.4', removeIn: '3.4' } }, '3.4'),
  'a misspelt option of a deprecation': method({ deprecated: { since: '3.4', remove: '4.0' } }, 'remove', 'removeIn'),
  'since of another major': method({ since: '4.0' }, '4.0'),
  'since that is no version': method({ since: '3' }, '"3"'),
  'until beyond the newest version': method({ until: '3.5' }, '3.5', 'raise'),
  'until below the floor': method({ until: '3.0' }, '3.0', 'delete the method'),
  'until at the floor': method({ until: '3.1' }, '3.1', 'delete the method'),
  'until before since': method({ since: '3.3', until: '3.2' }, '3.3', '3.2'),
  'until at since': method({ since: '3.3', until: '3.3' }, '3.3'),
  'an earlier name until below the floor': method({ was: { until: '3.0', name: 'old' } }, '3.0', 'delete it from was'),
  'an earlier name until the floor': method({ was: { until: '3.1', name: 'old' } }, '3.1', 'delete it from was'),
  'an earlier name until beyond the newest version': method({ was: { until: '3.9', name: 'old' } }, '3.9', 'raise'),
  'an earlier name until the method begins': method({ since: '3.2', was: { until: '3.2', name: 'old' } }, '3.2'),
  'an earlier name until the method ends': method({ until: '3.3', was: { until: '3.3', name: 'old' } }, '3.3'),
  'two earlier names until one version': method(
    {
      was: [
        { until: '3.2', name: 'one' },
        { until: '3.2', name: 'two' },
      ],
    },
    '3.2',
  ),
  'an earlier name that cannot stand on the wire': method({ was: { until: '3.2', name: 'a b' } }, '"a b"'),
  'a name that cannot stand on the wire': method({ name: 'ask@3.2' }, '"ask@3.2"'),
  'an empty name': method({ name: '' }, '""'),
  'a misspelt option of a method': method({ idempotant: true }, 'idempotant', 'idempotent'),
  'a timeout of nothing': method({ timeout: 0 }, '0 ms'),
  'a timeout that is no number': method({ timeout: Number.NaN }, 'NaN'),
  'to take an object': method({ takes: Disk }, 'Disk', '@Message'),
  'to take a class that is not declared': method({ takes: Undeclared }, 'Undeclared', '@Message'),
  'to take a field type': method({ takes: t.string() }, '@Message'),
  'to answer a class that is not declared': method({ returns: Undeclared }, 'Undeclared'),
  'no methods': { declare: () => contract({}), names: ['DiskApi', '@Rpc'] },
  'two methods of one name at one version': {
    declare: () => contract({ ask: { until: '3.3' }, asked: { name: 'ask', since: '3.2' } }),
    names: ['DiskApi.asked', 'DiskApi.ask', '"ask"', '3.2'],
  },
  'a method whose earlier name another one has': {
    declare: () => contract({ ask: {}, asked: { was: { until: '3.2', name: 'ask' } } }),
    names: ['DiskApi.asked', 'DiskApi.ask', '"ask"', '3.1'],
  },
  'a misspelt option of the API': api({ flor: '3.0' }, 'DiskApi', 'flor', 'floor'),
  'no topic': api({ topic: undefined }),
  'a topic that would make two queues alike': api({ topic: 'disk@3.1' }, 'disk@3.1'),
  'no version': api({ version: undefined }, 'DiskApi'),
  'a version that is none': api({ version: '3.4.1' }, 'DiskApi', '3.4.1'),
  'a floor above the version': api({ floor: '3.5' }, 'DiskApi', '3.5', '3.4'),
  'a floor in an earlier major without what came between': api({ floor: '2.1' }, 'DiskApi', '2.1', 'previous'),
  'versions that do not ascend': api({ versions: ['3.1', '3.4', '3.2'] }, 'DiskApi', '3.2', '3.4'),
  'versions that end elsewhere': api({ versions: ['3.1', '3.3'] }, 'DiskApi', '3.4', '3.3'),
  'a floor that is not among the versions': api({ versions: ['3.0', '3.2', '3.4'] }, 'DiskApi', '3.1'),
  'since in a hole': {
    declare: () => contract({ ask: { since: '3.3' } }, { versions: ['3.1', '3.2', '3.4'] }),
    names: ['DiskApi.ask', '3.3'],
  },
  'carries beyond the newest version': api({ carries: { '3.5': {} } }, 'DiskApi', '3.5', '3.4'),
  'carries at what is no version': api({ carries: { next: {} } }, 'DiskApi', 'next'),
  'carries that go backwards': {
    declare: () => contract({ ask: { returns: Disk } }, { carries: { '3.2': { Disk: '1.2' }, '3.3': { Disk: '1.1' } } }),
    names: ['DiskApi', 'Disk', '1.2', '1.1', '3.3'],
  },
  'carries of an object that is not there': {
    declare: () => contract({ ask: { returns: Disk } }, { carries: { '3.2': { Disc: '1.2' } } }),
    names: ['DiskApi', 'Disc', 'Disk'],
  },
  'two errors of one name': api({ errors: [Busy, { Busy: class Busy extends ServiceError {} }.Busy] }, 'DiskApi', 'Busy'),
};

describe('the declaration of a contract', () => {
  for (const [what, { declare, names }] of Object.entries(REFUSED)) {
    it(`is refused: ${what}`, () => {
      assert.throws(declare, (error) => {
        assert.ok(LynchpinError.is(error, 'DECLARATION'), String(error));
        for (const name of names) assert.ok(error.message.includes(name), `${error.message}\nnames ${name}`);
        return true;
      });
    });
  }

  it('is refused with the class, the method and the version as details', () => {
    assert.throws(
      () => contract({ ask: { since: '3.0' } }),
      (error) => {
        assert.ok(LynchpinError.is(error));
        assert.deepEqual(error.details, { class: 'DiskApi', method: 'ask', version: '3.0' });
        return true;
      },
    );
  });

  it('may begin a method at the floor, and say so', () => {
    assert.equal(contract({ ask: { since: '3.1' } }).method('ask')?.since, '3.1');
    assert.equal(contract({ ask: {} }).method('ask')?.since, '3.1');
  });

  it('has every minor from floor to version, those listed, or those of two majors', () => {
    const versions = (options: object): readonly string[] => contract(undefined, options).line.versions;
    assert.deepEqual(versions({}), ['3.1', '3.2', '3.3', '3.4']);
    assert.deepEqual(versions({ floor: undefined }), ['3.0', '3.1', '3.2', '3.3', '3.4']);
    assert.deepEqual(versions({ versions: ['3.0', '3.1', '3.4'] }), ['3.1', '3.4']);
    assert.deepEqual(versions({ versions: ['3.2', '3.4'], floor: undefined }), ['3.2', '3.4']);
    assert.deepEqual(versions({ floor: '2.16', previous: { 2: '2.17' }, version: '3.1' }), ['2.16', '2.17', '3.0', '3.1']);
  });
});

describe('what a contract carries', () => {
  const manifests = (carries: ApiOptions['carries']): unknown =>
    ['3.1', '3.2', '3.3', '3.4'].map(
      (version) => contract({ ask: { takes: Ask, returns: Disk } }, { carries }).graph.manifest(version as `${number}.${number}`)['Disk'],
    );

  it('begins with the first version of each object, and holds until the next entry', () => {
    assert.deepEqual(manifests({ '3.2': { Disk: '1.1' }, '3.4': { Disk: '1.2' } }), ['1.0', '1.1', '1.1', '1.2']);
  });

  it('below the floor is history that the floor carries on', () => {
    assert.deepEqual(manifests({ '3.0': { Disk: '1.1' }, '3.3': { Disk: '1.2' } }), ['1.1', '1.1', '1.2', '1.2']);
    assert.deepEqual(manifests({ '2.9': { Disk: '1.1' }, '3.0': { Disk: '1.2' } }), ['1.2', '1.2', '1.2', '1.2']);
    assert.deepEqual(manifests({ '3.1': { Disk: '1.2' }, '3.0': { Disk: '1.1' } }), ['1.2', '1.2', '1.2', '1.2']);
  });
});
