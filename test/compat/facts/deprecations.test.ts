import assert from 'node:assert/strict';
import { Field, Message, Rpc, RpcApi, t, VersionedObject, type Method } from 'lynchpin';
import { declaredIn, surfaceOf } from '#lynchpin/compat/index.js';

@VersionedObject({ version: '1.3', floor: '1.1' })
class Label {
  @Field(t.string(), {
    optional: true,
    was: { until: '1.3', name: 'text' },
    deprecated: { since: '1.2', use: 'words', removeIn: '2.0' },
  })
  note?: string;
  /** Deprecated before the floor: that goes on. */
  @Field(t.string(), { optional: true, deprecated: { since: '1.0' } }) old?: string;
}

@Message()
class Print {
  @Field(t.object(() => Label)) label!: Label;
  @Field(t.boolean(), { optional: true, deprecated: { since: '3.1', use: 'nothing' } }) twice?: boolean;
}

@RpcApi({ topic: 'printer', version: '3.2', carries: { '3.0': { Label: '1.3' } } })
class PrinterApi {
  @Rpc({ takes: Print, was: { until: '3.2', name: 'print' }, deprecated: { since: '3.1', removeIn: '4.0' } }) typeset!: Method<Print>;
}

describe('what is deprecated', () => {
  const { objects, apis } = surfaceOf(declaredIn({ PrinterApi }));

  it('is recorded from the version on that says so, by the name at that version', () => {
    const { entries } = objects[0] ?? assert.fail();
    const old = { 'fields.old': { since: '1.0' } };
    const note = { since: '1.2', use: 'words', removeIn: '2.0' };
    assert.deepEqual(
      [...entries.values()].map(({ deprecated }) => deprecated),
      [old, { ...old, 'fields.text': note }, { ...old, 'fields.note': note }],
    );
  });

  it('is recorded of methods and of the fields of messages', () => {
    const { entries } = apis[0] ?? assert.fail();
    const twice = { 'messages.Print.fields.twice': { since: '3.1', use: 'nothing' } };
    assert.deepEqual(
      [...entries.values()].map(({ deprecated }) => deprecated),
      [
        undefined,
        { 'methods.print': { since: '3.1', removeIn: '4.0' }, ...twice },
        { 'methods.typeset': { since: '3.1', removeIn: '4.0' }, ...twice },
      ],
    );
  });

  it('changes nothing on the wire: it is outside of the fingerprint', () => {
    const { facts, schema } = [...(apis[0]?.entries.values() ?? [])].at(-1) ?? assert.fail();
    assert.doesNotMatch(JSON.stringify([facts, schema]), /deprecated|removeIn/);
  });
});
