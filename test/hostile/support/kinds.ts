import type { Attacker, Hostile } from './attacker.js';
import type { Random } from './random.js';
import { entry, long, type RawProperties } from './raw.js';

/** Where hostile messages go, and what they are made of. */
export interface Ground {
  readonly random: Random;
  readonly names: { lane(version: string): string; server(name: string): string };
  readonly attacker: Attacker;
  /** Draws a new id. */
  readonly id: () => string;
}

/** One way to be hostile, and what must become of it. */
export interface Kind {
  readonly name: string;
  readonly make: (ground: Ground, at: number) => Hostile;
  /** The codes with which its messages may end, as answers or as dead letters. */
  readonly codes: readonly string[];
  /** Its messages may turn out valid, and then reach a handler. */
  readonly mayBeValid?: true;
  /** Nobody can be told what became of its messages: its calls name no way back that leads anywhere. */
  readonly untold?: true;
  /** How many, where a thousand would take too long. */
  readonly count?: number;
}

const VALID = {
  text: 'hostile',
  count: 3,
  big: '12345678901234567890',
  at: '2026-08-01T12:00:00Z',
  counts: { a: 1 },
  json: { a: [1, null] },
  tree: { name: 'root', branches: [{ name: 'leaf' }] },
};
const BODY = Buffer.from(JSON.stringify(VALID));

/** Calls and casts by turns: every even one is a call. */
function properties(ground: Ground, at: number, rest: RawProperties = {}): RawProperties {
  const call = at % 2 === 0;
  return {
    type: call ? 'ask@2.2' : 'tell@2.2',
    messageId: ground.id(),
    contentType: 'application/json',
    deliveryMode: call ? 1 : 2,
    ...(call ? { replyTo: ground.attacker.replyTo, expiration: '60000' } : {}),
    appId: 'attacker',
    ...rest,
  };
}

function onLane(ground: Ground, at: number, body: Buffer | object, rest?: RawProperties): Hostile {
  return {
    key: ground.names.lane('2.2'),
    properties: properties(ground, at, rest),
    body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
  };
}

const WRONG: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e308,
  'x',
  '',
  [],
  {},
  [[]],
  { name: 1 },
  '٣',
  'NaN',
  '9'.repeat(2_000),
  'a'.repeat(500),
  { __proto__: null, constructor: 1 },
];
const METHODS = ['nothing', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'ok', 'error', 'beat', 'call', 'then', 'a.b', '$'];
const TAGS: readonly Buffer[] = [
  entry('x', 'L', Buffer.alloc(8, 255)),
  entry('x', 'A', long(entry('', 'L', Buffer.alloc(8)).subarray(1))),
  entry('x', 'F', long(entry('!', 'S', long('evil')))),
  entry('x', 'F', long(entry('!', 'S', long('int8')))),
  entry('x', 'T', Buffer.alloc(8, 255)),
  entry('x', 'l', Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0])),
  entry('__proto__', 'F', long(entry('polluted', 't', Buffer.from([1])))),
  entry('x', 'F', long(entry('__proto__', 'F', long(entry('polluted', 't', Buffer.from([1])))))),
  entry(Buffer.alloc(200, 255), 'S', long('v')),
  entry('x', 'S', long('h'.repeat(70_000))),
  entry('lynchpin-redelivered', 'S', long('true')),
  entry('lynchpin-silence', 'S', long('1000')),
  entry('lynchpin-silence', 'I', Buffer.from([255, 255, 255, 255])),
  entry('traceparent', 'F', long('')),
  entry('lynchpin-reason', 'V', Buffer.alloc(0)),
];

/** Every kind of hostile message for a server, on a lane and on its own queue. */
export const KINDS: readonly Kind[] = [
  {
    name: 'truncated JSON',
    codes: ['INVALID'],
    make: (ground, at) => onLane(ground, at, BODY.subarray(0, ground.random.below(BODY.length))),
  },
  {
    name: 'byte noise as a body',
    codes: ['INVALID'],
    make: (ground, at) => onLane(ground, at, ground.random.bytes(1 + ground.random.below(200))),
  },
  {
    name: 'another content type, or none',
    codes: ['PROTOCOL'],
    make: (ground, at) =>
      onLane(ground, at, BODY, {
        contentType: ground.random.pick([
          'text/plain',
          '',
          'application/JSON',
          'application/json; charset=utf-8',
          Buffer.alloc(255, 255),
          undefined,
        ]),
      }),
  },
  {
    name: 'an unknown method',
    codes: ['UNKNOWN_METHOD'],
    make: (ground, at) => onLane(ground, at, BODY, { type: `${ground.random.pick(METHODS)}@2.2` }),
  },
  {
    name: 'an unknown version on a lane',
    codes: ['PROTOCOL'],
    make: (ground, at) => onLane(ground, at, BODY, { type: `tell@${ground.random.pick(['0.0', '1.9', '2.3', '99999.99999'])}` }),
  },
  {
    name: "an unknown version on a server's own queue",
    codes: [''],
    make: (ground, at) => ({
      ...onLane(ground, at, BODY, { type: `tell@${ground.random.pick(['0.0', '1.9', '2.3', '99999.99999'])};2.2` }),
      key: ground.names.server('victim'),
    }),
  },
  {
    name: 'a type that is none',
    codes: ['PROTOCOL'],
    make: (ground, at) =>
      onLane(ground, at, BODY, {
        type: ground.random.pick([
          '',
          '@',
          '@2.2',
          'tell',
          'tell@',
          'tell@2',
          'tell@2.2.2',
          'tell@02.2',
          'tell@2.2;',
          'tell@2.2;x',
          'te ll@2.2',
          'tell@-1.0',
          'ok@2.2@',
          'x'.repeat(255),
          Buffer.alloc(255, 255),
          `${'@'.repeat(254)}1`,
          undefined,
        ]),
      }),
  },
  {
    name: 'a forbidden key',
    codes: ['INVALID'],
    make: (ground, at) => {
      const key = ground.random.pick(['__proto__', '\\u005f_proto__', '__proto\\u005F_', '\\u005f\\u005f\\u0070roto__']);
      let inner = `{"${key}":{"polluted":true}}`;
      for (let depth = ground.random.below(20); depth > 0; depth--) inner = ground.random.pick([`[${inner}]`, `{"a":${inner}}`]);
      return onLane(ground, at, Buffer.from(`{"text":"hostile","json":${inner}}`));
    },
  },
  {
    name: 'deep nesting',
    codes: ['INVALID'],
    mayBeValid: true,
    make: (ground, at) => {
      const depth = 600 + ground.random.below(ground.random.pick([1_000, 20_000]));
      const [open, close] = ground.random.pick([
        ['[', ']'],
        ['{"a":', '}'],
      ] as const);
      const [before, after] = at % 3 === 0 ? ['{"text":"hostile","json":', '}'] : ['', ''];
      if (at % 3 === 1)
        return onLane(
          ground,
          at,
          Buffer.from(`{"text":"hostile","tree":${'{"name":"n","branches":['.repeat(depth)}${']}'.repeat(depth)}}`),
        );
      return onLane(ground, at, Buffer.from(`${before}${open.repeat(depth)}${open === '[' ? '' : '1'}${close.repeat(depth)}${after}`));
    },
  },
  {
    name: 'values of another shape',
    codes: ['INVALID'],
    mayBeValid: true,
    make: (ground, at) =>
      onLane(
        ground,
        at,
        at % 10 === 0
          ? (ground.random.pick(WRONG.filter((value) => typeof value !== 'object' || value === null || Array.isArray(value))) as object)
          : { ...VALID, [ground.random.pick(Object.keys(VALID))]: ground.random.pick(WRONG) },
      ),
  },
  {
    name: 'missing properties',
    codes: ['PROTOCOL'],
    make: (ground, at) => {
      const missing = ground.random.pick(['type', 'messageId', 'contentType', 'replyTo'] as const);
      // Without its way back a call is no cast: its delivery mode says what it is.
      const call = missing === 'replyTo' ? 0 : at;
      return onLane(ground, call, BODY, { [missing]: undefined });
    },
  },
  {
    name: 'nothing at all',
    codes: ['PROTOCOL'],
    make: (ground) => ({ key: ground.names.lane('2.2'), properties: {}, body: Buffer.alloc(0) }),
  },
  {
    name: 'headers that cannot be written again',
    codes: ['UNKNOWN_METHOD'],
    make: (ground, at) =>
      onLane(ground, at, BODY, { type: 'nothing@2.2', headers: Buffer.concat([ground.random.pick(TAGS), entry('y', 'S', long('kept'))]) }),
  },
  {
    name: 'ids and names that are no text',
    codes: ['PROTOCOL', 'UNKNOWN_METHOD'],
    make: (ground, at) =>
      onLane(ground, at, BODY, {
        type: 'nothing@2.2',
        [ground.random.pick(['messageId', 'appId', 'correlationId'] as const)]: ground.random.pick([
          Buffer.alloc(255, 255),
          Buffer.alloc(80, 128),
          Buffer.from('\u{1f4a9}'.repeat(60)),
          '',
        ]),
      }),
  },
  {
    name: 'what may have run before',
    codes: ['MAYBE_EXECUTED'],
    make: (ground, at) => onLane(ground, at, BODY, { headers: entry('lynchpin-redelivered', 't', Buffer.from([1])) }),
  },
  {
    name: 'valid messages with bits turned over',
    codes: ['INVALID', 'PROTOCOL', 'UNKNOWN_METHOD', ''],
    mayBeValid: true,
    make: (ground, at) => {
      const { type, messageId, contentType } = properties(ground, at);
      const flip = (value: string | Buffer | undefined): Buffer => ground.random.flipped(Buffer.from(value as string));
      const body = at % 4 === 3 ? BODY : ground.random.flipped(BODY);
      return onLane(
        ground,
        at,
        body,
        at % 4 === 3
          ? { type: flip(type), messageId: flip(messageId), contentType: ground.random.below(3) === 0 ? flip(contentType) : contentType }
          : {},
      );
    },
  },
  {
    name: 'ways back that lead nowhere',
    codes: [],
    untold: true,
    make: (ground) => {
      const token = `amq.rabbitmq.reply-to.${ground.random.bytes(27).toString('base64')}.${ground.random.bytes(12).toString('base64')}`;
      const replyTo = ground.random.pick([
        'nobody',
        'amq.rabbitmq.reply-to.',
        'amq.rabbitmq.reply-to.x',
        Buffer.alloc(80, 255),
        ...(ground.random.below(4) === 0 ? [token, 'amq.rabbitmq.reply-to.!!!!.x'] : []),
      ]);
      return onLane(ground, 0, BODY, { type: 'nothing@2.2', replyTo });
    },
  },
  {
    name: 'ways back that lead to the server itself',
    codes: ['PROTOCOL'],
    make: (ground, at) =>
      onLane(ground, 0, BODY, {
        type: at % 2 === 0 ? 'nothing@2.2' : 'ask@1.0',
        replyTo: ground.random.pick([ground.names.lane('2.2'), ground.names.server('victim')]),
      }),
  },
  {
    name: 'ten-megabyte bodies',
    codes: ['INVALID'],
    count: 6,
    make: (ground, at) => onLane(ground, at, Buffer.from(`{"text":"${'x'.repeat(10_000_000)}"}`)),
  },
];
