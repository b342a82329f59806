import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Field, LynchpinError, Message, Rpc, RpcApi, t, VersionedObject } from 'lynchpin';
import type { Default, Method } from 'lynchpin';
import { arbitrary, compat, sample } from 'lynchpin/testing';

@VersionedObject({ version: '1.1' })
class Part {
  @Field(t.string({ maxLength: 5 })) code!: string;
  @Field(t.integer({ minimum: 1, maximum: 9 }), { since: '1.1', default: 1 }) count!: Default<number>;
}

@VersionedObject({ version: '1.1' })
class Machine {
  @Field(t.string({ pattern: '^[A-Z]{3}-[0-9]{4}$' })) serial!: string;
  @Field(t.list(t.object(() => Part)), { since: '1.1', default: () => [] }) parts!: Default<Part[]>;
}

@Message()
class AddMachine {
  @Field(t.string(), { was: { until: '2.1', name: 'label' } }) name!: string;
}

@RpcApi({ topic: 'machines', version: '2.2', carries: { '2.1': { Machine: '1.1' }, '2.2': { Part: '1.1' } } })
class MachineApi {
  @Rpc({ takes: AddMachine, returns: Machine }) add!: Method<AddMachine, Machine>;
}

const SEED = 17;

describe('sample and arbitrary', () => {
  it('give the plain form of a version, nested objects at their newest or where a contract carries them', () => {
    assert.deepEqual(Object.keys(sample(Machine)), ['serial', 'parts']);
    assert.deepEqual(Object.keys(sample(Machine, '1.0')), ['serial']);
    const [part] = sample(Machine)['parts'] as readonly object[];
    assert.deepEqual(Object.keys(part as object), ['code', 'count']);
    const [carried] = sample(Machine, '1.1', { api: MachineApi })['parts'] as readonly object[];
    assert.deepEqual(Object.keys(carried as object), ['code']);
  });

  it("count a message's versions on its API", () => {
    assert.deepEqual(Object.keys(sample(AddMachine, '2.0', { api: MachineApi })), ['label']);
    assert.throws(
      () => sample(AddMachine),
      (error) => LynchpinError.is(error, 'DECLARATION'),
    );
  });

  it('give what fits the version, every time', () => {
    fc.assert(
      fc.property(arbitrary(Machine, '1.1'), (machine) => {
        compat.assertBackport(Machine, { from: '1.1', to: '1.0', given: machine, expect: { serial: machine['serial'] } });
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  it('give the same sample in every run, anew for each who asks', () => {
    const first = sample(Machine);
    assert.deepEqual(first, sample(Machine));
    first['serial'] = 'changed';
    assert.notEqual(sample(Machine)['serial'], 'changed');
  });

  it('take values of single fields from whoever knows better', () => {
    const arbitraries = { 'Machine.serial': fc.constantFrom('ABC-0001', 'ABC-0002') };
    for (const machine of fc.sample(arbitrary(Machine, '1.0', { arbitraries }), { seed: SEED, numRuns: 20 })) {
      assert.ok(['ABC-0001', 'ABC-0002'].includes(machine['serial'] as string));
    }
  });

  it('refuse a version that does not exist', () => {
    for (const work of [() => sample(Machine, '1.2'), () => arbitrary(Machine, '0.9')]) {
      assert.throws(work, (error) => LynchpinError.is(error, 'DECLARATION'));
    }
  });
});
