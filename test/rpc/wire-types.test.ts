import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  formatReplyType,
  formatRequestType,
  parseReplyType,
  parseRequestType,
  requestTypeReader,
  type ReplyType,
} from '#lynchpin/rpc/wire/index.js';
import type { Version } from 'lynchpin';

const SEED = 20_260_118;
const number = fc.integer({ min: 0, max: 99_999 });
const versions = fc.tuple(number, number).map(([major, minor]) => `${major}.${minor}` as Version);
const names = fc.stringMatching(/^[A-Za-z_$][\w$.-]{0,40}$/);

describe('the type of a request', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(names, versions, versions, (method, version, accept) => {
        assert.deepEqual(parseRequestType(formatRequestType(method, version, accept)), { method, version, accept });
      }),
      { seed: SEED },
    );
  });

  it('leaves out what the sender accepts when that is the version of the payload', () => {
    assert.equal(formatRequestType('create', '3.2', '3.2'), 'create@3.2');
    assert.equal(formatRequestType('create', '3.2', '3.4'), 'create@3.2;3.4');
    assert.deepEqual(parseRequestType('create@3.2'), { method: 'create', version: '3.2', accept: '3.2' });
  });

  it('may say more than this protocol knows', () => {
    assert.deepEqual(parseRequestType('create@3.2;3.4;later=yes;more'), { method: 'create', version: '3.2', accept: '3.4' });
  });

  for (const rubbish of [
    undefined,
    '',
    '@',
    '@3.2',
    'create',
    'create@',
    'create@3',
    'create@3.2.1',
    'create@03.2',
    'create@3.100000',
    'create@3.2;',
    'create@3.2;x',
    'create@3.2 ',
    ' create@3.2',
    'cre ate@3.2',
    'create\n@3.2',
    '3create@3.2',
    'a@b@3.2',
    `${'a'.repeat(201)}@3.2`,
    'create@-3.2',
    'create@3.2,3.4',
    'créer@3.2',
  ])
    it(`is none: ${JSON.stringify(rubbish)?.slice(0, 40)}`, () => assert.equal(parseRequestType(rubbish), undefined));

  it('is read or refused, whatever the text; and what is read is frozen', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `create@${text}`),
        ),
        (text) => {
          const read = parseRequestType(text);
          if (read !== undefined) assert.ok(Object.isFrozen(read) && text.startsWith(`${read.method}@${read.version}`));
        },
      ),
      { seed: SEED },
    );
  });

  it('is read once, and remembered up to a bound', () => {
    const read = requestTypeReader();
    const first = read('create@3.2');
    assert.equal(read('create@3.2'), first);
    assert.equal(read(undefined), undefined);
    assert.equal(read('rubbish'), undefined);
    for (let minor = 0; minor < 2_000; minor++) assert.equal(read(`create@4.${minor}`)?.version, `4.${minor}`);
    assert.notEqual(read('create@4.1999'), read('create@4.1999'), 'strangers cannot fill the memory of a server');
    assert.equal(read('create@3.2'), first);
  });
});

describe('the type of an answer', () => {
  const replies = fc.oneof(
    fc.record({ kind: fc.constant('ok' as const), version: versions }, { noNullPrototype: true }),
    fc.record({ kind: fc.constant('unreadable' as const), floor: versions, version: versions }, { noNullPrototype: true }),
    fc.constant<ReplyType>({ kind: 'error' }),
    fc.constant<ReplyType>({ kind: 'beat' }),
  );

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(replies, (reply) => assert.deepEqual(parseReplyType(formatReplyType(reply)), reply)),
      { seed: SEED },
    );
  });

  it('looks as the protocol says', () => {
    assert.equal(formatReplyType({ kind: 'ok', version: '3.2' }), 'ok@3.2');
    assert.equal(formatReplyType({ kind: 'unreadable', floor: '3.0', version: '3.2' }), 'unreadable@3.0-3.2');
  });

  for (const rubbish of [
    undefined,
    '',
    'ok',
    'ok@',
    'ok@3',
    'OK@3.2',
    'ok@3.2;3.4',
    'error ',
    'errors',
    'beat@3.2',
    'unreadable',
    'unreadable@',
    'unreadable@3.0',
    'unreadable@3.0-',
    'unreadable@-3.0',
    'later',
  ])
    it(`is none: ${JSON.stringify(rubbish)}`, () => assert.equal(parseReplyType(rubbish), undefined));
});
