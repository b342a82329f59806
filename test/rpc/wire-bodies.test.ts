import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { CODES, LynchpinError, ServiceError, UnknownServiceError, type ErrorCode } from 'lynchpin';
import {
  countHeader,
  decodeCancel,
  decodeFinish,
  decodeCard,
  decodeError,
  decodeJson,
  encodeCancel,
  encodeFinish,
  encodeCard,
  encodeError,
  encodeJson,
  textHeader,
  type DeclaredErrors,
} from '#lynchpin/rpc/wire/index.js';
import { code } from './code.js';

const SEED = 20_260_119;
const LIMIT = 10_000;
const decode = (text: string, limit = LIMIT): unknown => decodeJson(Buffer.from(text), limit);

describe('the body of a message', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'));
        const plain: unknown = JSON.parse(JSON.stringify(value));
        assert.deepEqual(decodeJson(encodeJson(value), 1_000_000), plain);
      }),
      { seed: SEED },
    );
  });

  it('of a method without arguments or result is empty', () => {
    assert.equal(encodeJson(undefined).length, 0);
    assert.equal(decode(''), undefined);
    assert.equal(decode('null'), null);
  });

  for (const [what, text] of Object.entries({
    'at the top': '{"__proto__":{"admin":true}}',
    'deep inside': '{"a":[{"b":{"__proto__":1}}]}',
    'with spaces before its colon': '{ "__proto__"  : null }',
    'written with escapes': '{"\\u005f_proto__":{"admin":true}}',
    'written with escapes in capitals': '{"\\u005F\\u005Fproto\\u005F\\u005F":1}',
    'with an escaped letter': '{"__pr\\u006fto__":1}',
    twice: '{"__proto__":1,"__proto__":2}',
  }))
    it(`with a key __proto__ ${what} is INVALID`, () => {
      assert.throws(() => decode(text), code('INVALID'));
      assert.equal((Object.prototype as { admin?: boolean }).admin, undefined);
    });

  it('may have the word in a value, or in a longer key', () => {
    assert.deepEqual(decode('["__proto__",{"a":"__proto__","__proto__x":1,"x\\u0020y":"\\u005f"}]'), [
      '__proto__',
      { a: '__proto__', __proto__x: 1, 'x y': '_' },
    ]);
  });

  it('with the keys constructor and prototype is data like any other', () => {
    const value = decode('{"constructor":{"prototype":{"admin":true}}}');
    assert.deepEqual(Object.keys(value as object), ['constructor']);
    assert.equal(({} as { admin?: boolean }).admin, undefined);
  });

  for (const [what, text] of Object.entries({
    truncated: '{"a":1',
    'two values': '{} {}',
    'a comma too many': '[1,]',
    'not a number': 'NaN',
    'single quotes': "{'a':1}",
    'a byte order mark': '\ufeff{}',
    'a zero byte': '\0',
    'truncated inside an escape': '{"a":"\\u00',
  }))
    it(`that is no JSON (${what}) is INVALID`, () => assert.throws(() => decode(text), code('INVALID')));

  it('above the limit is INVALID before it is read, and says both figures', () => {
    assert.equal((decode(`"${'x'.repeat(98)}"`, 100) as string).length, 98);
    assert.throws(
      () => decode(`"${'x'.repeat(99)}"`, 100),
      (error) => LynchpinError.is(error, 'INVALID') && error.details['bytes'] === 101 && error.details['limit'] === 100,
    );
    assert.throws(
      () => decode(`{{{${'x'.repeat(99)}`, 100),
      (error) => LynchpinError.is(error, 'INVALID') && error.details['limit'] === 100,
    );
  });

  it('that is nested as deep as the limit allows is read or INVALID, and never anything else', () => {
    for (const open of ['[', '{"\\u0061":']) {
      try {
        decode(open.repeat(50_000), 4_000_000);
        assert.fail('it is truncated');
      } catch (error) {
        assert.ok(LynchpinError.is(error, 'INVALID'), String(error));
      }
    }
  });
});

describe('the error of an answer', () => {
  class Busy extends ServiceError<{ id: string }> {}
  class Undeclared extends ServiceError {}
  const declared: DeclaredErrors = new Map([['Busy', Busy]]);
  const across = (error: unknown, at: DeclaredErrors = declared): Error =>
    decodeError(encodeError(error, declared, 'DiskApi.ask on disk-1'), at, LIMIT);

  it('that is declared crosses with name, message and data, as an instance of its class', () => {
    const error = across(new Busy('it is in use', { id: 'a' }));
    assert.ok(error instanceof Busy);
    assert.deepEqual([error.name, error.message, error.data], ['Busy', 'it is in use', { id: 'a' }]);
  });

  it('that only the server declares is an UnknownServiceError with the same name, message and data', () => {
    const error = across(new Busy('it is in use', { id: 'a' }), new Map());
    assert.ok(error instanceof UnknownServiceError);
    assert.deepEqual([error.name, error.message, error.data], ['Busy', 'it is in use', { id: 'a' }]);
  });

  it("that is the library's own crosses with code, message and details, the code once, and without its cause", () => {
    for (const known of Object.keys(CODES) as ErrorCode[]) {
      const error = across(new LynchpinError(known, 'so it is', { id: 'a' }, { cause: new Error('a secret') }));
      assert.ok(LynchpinError.is(error, known));
      assert.equal(error.message, `${known}: so it is`);
      assert.deepEqual(error.details, { id: 'a' });
      assert.equal(error.cause, undefined);
    }
  });

  it('that is neither is HANDLER_FAILED, and says nothing of what it was', () => {
    for (const thrown of [new TypeError('a secret'), new Undeclared('a secret'), 'a secret', undefined, null, { message: 'a secret' }]) {
      const error = across(thrown);
      assert.ok(LynchpinError.is(error, 'HANDLER_FAILED'));
      assert.ok(error.message.includes('DiskApi.ask on disk-1'));
      assert.ok(!JSON.stringify([error.message, error.details]).includes('secret'));
    }
  });

  it('never crosses with a stack', () => {
    for (const error of [new Busy('x', { id: 'a' }), new LynchpinError('FORBIDDEN', 'x'), new TypeError('x')])
      assert.ok(!encodeError(error, declared, 'x').toString().includes('.test.'));
  });

  it('of a code that this build does not know is HANDLER_FAILED and names the code', () => {
    for (const later of ['LATER', 'constructor', 'toString', '__proto__x']) {
      const error = decodeError(encodeJson({ code: later, message: 'new', details: { a: 1 } }), declared, LIMIT);
      assert.ok(LynchpinError.is(error, 'HANDLER_FAILED') && error.message.includes(later));
      assert.deepEqual(error.details, { a: 1 });
    }
  });

  for (const rubbish of [
    '',
    'null',
    '[]',
    '"x"',
    '{}',
    '{"code":1,"message":"x"}',
    '{"code":"INVALID"}',
    '{"error":null}',
    '{"error":"x"}',
    '{',
    '{"__proto__":1}',
  ])
    it(`that does not follow the protocol is PROTOCOL: ${rubbish || 'nothing'}`, () => {
      assert.ok(LynchpinError.is(decodeError(Buffer.from(rubbish), declared, LIMIT), 'PROTOCOL'));
    });

  it('whose details are of another shape comes without them', () => {
    const error = decodeError(encodeJson({ code: 'INVALID', message: 'x', details: [1] }), declared, LIMIT);
    assert.ok(LynchpinError.is(error, 'INVALID'));
    assert.deepEqual(error.details, {});
  });

  it('is an error, whatever the body', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ error: fc.jsonValue() }),
          fc.record({ code: fc.string(), message: fc.string(), details: fc.jsonValue() }),
        ),
        (value) => {
          assert.ok(decodeError(encodeJson(value), declared, 1_000_000) instanceof Error);
        },
      ),
      { seed: SEED },
    );
  });
});

describe('the messages beside requests', () => {
  it('bring the card of a server across, with and without a build', () => {
    const card = { server: 'disk-1', floor: '3.0', version: '3.2' } as const;
    assert.deepEqual(decodeCard(encodeCard(card)), card);
    assert.deepEqual(decodeCard(encodeCard({ ...card, build: 'abc' })), { ...card, build: 'abc' });
  });

  for (const rubbish of [
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"server":1,"floor":"3.0","version":"3.2"}',
    '{"server":"a","floor":"3","version":"3.2"}',
    '{"server":"a","floor":"3.0"}',
  ])
    it(`take nothing for a card that is none: ${rubbish || 'nothing'}`, () => assert.equal(decodeCard(Buffer.from(rubbish)), undefined));

  it('ignore what a later version of the card adds', () => {
    const card = decodeCard(encodeJson({ server: 'a', floor: '3.0', version: '3.2', build: 7, later: true }));
    assert.deepEqual(card, { server: 'a', floor: '3.0', version: '3.2' });
  });

  it('bring the ids of given-up requests across, and nothing else', () => {
    assert.deepEqual(decodeCancel(encodeCancel(['a', 'b'])), ['a', 'b']);
    assert.deepEqual(decodeCancel(encodeJson({ ids: ['a', 1, null, 'b', {}] })), ['a', 'b']);
    for (const rubbish of ['', '{', 'null', '[]', '{}', '{"ids":"abc"}', '{"ids":{"length":2}}'])
      assert.deepEqual(decodeCancel(Buffer.from(rubbish)), []);
  });

  it('bring across what is needed to finish, and nothing else', () => {
    assert.deepEqual(decodeFinish(encodeFinish({ version: '3.2', ids: ['a'] })), { version: '3.2', ids: ['a'] });
    assert.deepEqual(decodeFinish(encodeJson({ version: '3.2', ids: [1, 'b', 'c'.repeat(256)], later: true })), {
      version: '3.2',
      ids: ['b'],
    });
    assert.deepEqual(decodeFinish(encodeJson({ version: '3.2' })), { version: '3.2', ids: [] });
    for (const rubbish of ['', '{', 'null', '[]', '{"ids":["a"]}', '{"version":3.2}', '{"version":"3"}'])
      assert.equal(decodeFinish(Buffer.from(rubbish)), undefined);
  });

  it('read headers of the right type only', () => {
    assert.equal(textHeader({ a: 'x' }, 'a'), 'x');
    for (const wrong of [1, null, undefined, {}, ['x'], Buffer.from('x')]) assert.equal(textHeader({ a: wrong }, 'a'), undefined);
    assert.equal(textHeader(undefined, 'a'), undefined);
    assert.equal(countHeader({ a: 5 }, 'a'), 5);
    for (const wrong of ['5', 0, -1, 1.5, Number.NaN, Infinity, 2 ** 60, null, {}]) assert.equal(countHeader({ a: wrong }, 'a'), undefined);
  });
});
