import assert from 'node:assert/strict';
import { MemoryHub } from 'lynchpin';
import { whyOf } from '#lynchpin/fleet/views/why.js';
import { inside } from '../../cli/support/project.js';
import { AT, counted, factsOf, hold, member, type Told } from './facts.js';
import { mutant } from './mutant.js';

interface Case {
  readonly fact: string;
  readonly told: Told;
  /** The causes in their order: kind, who, and whether somebody has to do something. */
  readonly names: readonly (readonly [kind: string, who: readonly string[], wrong: boolean])[];
  /** A line of the views without which the first of them is not named. */
  readonly without: readonly [file: string, find: string, replace: string];
}

const NEW = '3.0-3.4';
const OLD = '3.0-3.2';
const held = { api: { speaks: NEW, pin: '3.2', state: 'held' } } as const;
const released = { api: { speaks: NEW, pin: '3.4', state: 'released' } } as const;
const prepared = { version: '3.4', author: 'ada', reason: '', at: AT, epoch: 9, tried: [] } as const;
const final = [{ version: '3.3', author: 'ada', reason: 'dropped a column', at: AT, epoch: 3, offset: 5 }] as const;

const CASES: readonly Case[] = [
  {
    fact: 'an old server that answers, by its name',
    told: { servers: { 'volume-1': OLD, 'volume-2': NEW }, clients: held },
    names: [['server', ['volume-1'], false]],
    without: ['server-causes.js', '.filter((one) => isBelow(one, target));\n    return', '.filter(() => false);\n    return'],
  },
  {
    fact: 'an old server that is connected and silent, by what the ledger knows of it',
    told: { servers: { 'volume-2': NEW }, absent: { 'volume-1': { reads: OLD, life: 'here' } }, clients: held },
    names: [['silent', ['volume-1'], true]],
    without: ['participants.js', "life === 'here' && called ? 'silent'", "life === 'here' && called ? 'down'"],
  },
  {
    fact: 'an old server between two connections, by what the ledger knows of it',
    told: { servers: { 'volume-2': NEW }, absent: { 'volume-1': { reads: OLD, life: 'gone' } }, clients: held },
    names: [['down', ['volume-1'], false]],
    without: ['participants.js', "life === 'gone' ? 'down'", "life === 'gone' ? 'silent'"],
  },
  {
    fact: 'no server that is down and whose name another one serves under now',
    told: { servers: { 'volume-1': NEW }, absent: { 'volume-1': { reads: OLD, life: 'gone' } }, clients: released },
    names: [],
    without: ['participants.js', "attendance === 'down' && names.has(author)", 'false'],
  },
  {
    fact: 'a hold, by its author',
    told: {
      servers: { 'volume-2': NEW },
      clients: { api: { speaks: NEW, pin: '3.2', state: 'capped' } },
      ledger: { holds: [hold('3.2')] },
    },
    names: [['hold', ['ada'], false]],
    without: ['shared-causes.js', 'compareVersions(hold.until, target) >= 0', 'compareVersions(hold.until, target) <= 0'],
  },
  {
    fact: 'no hold that leaves room for all that clients speak',
    told: { servers: { 'volume-2': NEW }, clients: released, ledger: { holds: [hold('3.4')] } },
    names: [],
    without: ['shared-causes.js', 'compareVersions(hold.until, target) >= 0', 'false'],
  },
  {
    fact: 'a split, with both sides',
    told: { servers: { 'volume-1': OLD, 'volume-9': '3.3-3.5' }, clients: { api: { speaks: NEW, pin: '3.4', state: 'split' } } },
    names: [
      ['split', ['volume-1', 'volume-9'], true],
      ['server', ['volume-1'], false],
    ],
    without: ['shared-causes.js', '?? [];\n    if (common.length > 0 && torn.length === 0)', '?? [];\n    if (true)'],
  },
  {
    fact: 'a lane with messages that no live server reads, by its version',
    told: { servers: { 'volume-1': OLD }, clients: held, waiting: { '3.4': 3, '3.2': 5 } },
    names: [
      ['stranded', ['3.4'], true],
      ['server', ['volume-1'], false],
    ],
    without: ['shared-causes.js', 'countOf(facts.readers.get(version)) === 0)', 'false)'],
  },
  {
    fact: 'a version that is being finalized, by who has not acknowledged it',
    told: {
      servers: { 'volume-1': NEW, 'volume-2': NEW },
      clients: released,
      ledger: { members: [member('volume-1', NEW, 'server', 9), member('volume-2', NEW)], prepared },
    },
    names: [['finalizing', ['volume-2'], false]],
    without: ['shared-causes.js', 'acked !== epoch ||', 'false ||'],
  },
  {
    fact: 'somebody who is down in the way of finalizing, as something to be done',
    told: {
      servers: { 'volume-1': NEW },
      clients: released,
      absent: { 'volume-2': { reads: NEW, life: 'gone' } },
      ledger: { members: [member('volume-1', NEW, 'server', 9)], prepared },
    },
    names: [['finalizing', ['volume-2'], true]],
    without: ['shared-causes.js', "everyone.get(member.instance)?.attendance !== 'here' ||", 'false ||'],
  },
  {
    fact: 'a client below what is final',
    told: { servers: { 'volume-1': NEW }, clients: { api: { speaks: OLD, pin: '3.2', state: 'released' } }, ledger: { floors: final } },
    names: [['too-old', ['api'], true]],
    without: ['client-causes.js', 'final !== undefined && isBelow(one, final.version)', 'false'],
  },
  {
    fact: 'a server that was refused, being below what is final',
    told: {
      servers: { 'volume-1': NEW, 'volume-2': OLD },
      serverStates: { 'volume-2': 'refused' },
      clients: released,
      ledger: { floors: final },
    },
    names: [['too-old', ['volume-2'], true]],
    without: ['client-causes.js', "state === 'refused'", 'false'],
  },
  {
    fact: 'a client that every live server is too new for',
    told: { servers: { 'volume-1': '3.5-3.6' }, clients: { api: { speaks: NEW, pin: '3.4', state: 'split' } } },
    names: [['too-old', ['api'], true]],
    without: ['client-causes.js', 'compareVersions(floorOfWindow(server), headOf(one)) > 0', 'false'],
  },
  {
    fact: 'a client that every live server is too old for',
    told: { servers: { 'volume-1': '3.0-3.1' }, clients: { api: { speaks: '3.2-3.4', pin: '3.2', state: 'split' } } },
    names: [
      ['too-new', ['api'], true],
      ['server', ['volume-1'], false],
    ],
    without: ['client-causes.js', 'compareVersions(headOf(server), floorOfWindow(one)) < 0', 'false'],
  },
  {
    fact: 'a broker that is out of reach, and nothing else',
    told: {
      called: { done: false, why: 'the broker is down' },
      roll: { known: false, reason: 'disconnected' },
      ledger: { known: false, reason: 'unreachable', why: 'no answer' },
    },
    names: [['unreachable', [], true]],
    without: ['shared-causes.js', "facts.roll.reason !== 'disconnected'", 'true'],
  },
  {
    fact: 'a count that cannot be had, which is no zero',
    told: { servers: { 'volume-1': NEW }, clients: held, roll: { known: false, reason: 'forbidden' } },
    names: [['uncounted', [], true]],
    without: ['shared-causes.js', "count.known || count.reason === 'missing' ? []", 'true ? []'],
  },
  {
    fact: 'a client that could not count yet',
    told: { servers: { 'volume-1': NEW }, clients: { api: { speaks: NEW, pin: '3.0', state: 'unknown' } } },
    names: [['uncounted', ['api'], false]],
    without: ['client-causes.js', "pin?.state === 'unknown'", 'false'],
  },
  {
    fact: 'a ledger that cannot be read',
    told: { servers: { 'volume-1': NEW }, clients: released, ledger: { known: false, reason: 'unreachable', why: 'no answer' } },
    names: [['unreadable', [], true]],
    without: ['shared-causes.js', "ledger.reason === 'unreachable'", 'false'],
  },
  {
    fact: 'an entry that a newer build wrote, which counts as a hold',
    told: {
      servers: { 'volume-1': NEW },
      clients: held,
      ledger: { unreadable: { cause: 'newer', offset: 3, format: 2, called: 'lease' } },
    },
    names: [['unreadable', [], true]],
    without: ['shared-causes.js', "hold.cause === 'unreadable'", 'false'],
  },
  {
    fact: 'that nobody is there, and what waits',
    told: { clients: held, waiting: { '3.2': 2 } },
    names: [['nobody', [], true]],
    without: ['shared-causes.js', 'if (roll === 0)', 'if (false)'],
  },
  {
    fact: 'how many old servers the broker counts whom nobody knows by name',
    told: { servers: { 'volume-2': NEW }, clients: held, roll: counted(2) },
    names: [['unnamed', [], false]],
    without: ['server-causes.js', 'roll - reading - known', '0'],
  },
  {
    fact: 'a setting of the client itself',
    told: { servers: { 'volume-1': NEW }, clients: { api: { speaks: NEW, pin: '3.1', state: 'capped' } } },
    names: [['capped', ['api'], false]],
    without: ['client-causes.js', "pin?.state === 'capped'", 'false'],
  },
  {
    fact: 'the quiet time',
    told: { servers: { 'volume-1': NEW }, clients: { api: { speaks: NEW, pin: '3.2', state: 'settling' } } },
    names: [['settling', ['api'], false]],
    without: ['client-causes.js', "pin?.state === 'settling'", 'false'],
  },
  {
    fact: 'a client that still sends less, where nothing keeps it there',
    told: { servers: { 'volume-1': NEW }, clients: held },
    names: [['lagging', ['api'], false]],
    without: ['why.js', 'all.push(...lagging(scene))', 'lagging(scene)'],
  },
  {
    fact: 'a client that knows nothing newer itself',
    told: { servers: { 'volume-1': NEW }, clients: { ...released, old: { speaks: OLD, pin: '3.2', state: 'released' } } },
    names: [['client', ['old'], false]],
    without: ['client-causes.js', '.filter((client) => isBelow(client, target))', '.filter(() => false)'],
  },
  {
    fact: 'several causes at once, the one to look after first before the others',
    told: {
      servers: { 'volume-1': OLD, 'volume-2': NEW },
      absent: { 'volume-3': { reads: OLD, life: 'here' }, 'volume-4': { reads: OLD, life: 'gone' } },
      clients: { ...held, slow: { speaks: OLD, pin: '3.2', state: 'released' } },
      ledger: { holds: [hold()] },
      waiting: { '3.9': 1 },
    },
    names: [
      ['stranded', ['3.9'], true],
      ['silent', ['volume-3'], true],
      ['server', ['volume-1'], false],
      ['down', ['volume-4'], false],
      ['hold', ['ada'], false],
      ['client', ['slow'], false],
    ],
    without: ['why.js', 'rank(a.cause) - rank(b.cause)', 'rank(b.cause) - rank(a.cause)'],
  },
  {
    fact: 'nothing, when every client sends its newest version',
    told: { servers: { 'volume-1': NEW }, clients: released },
    names: [],
    without: ['scene.js', 'compareVersions(headOf(one), version) < 0', 'true'],
  },
];

describe('why a pin is held', () => {
  const named = (why: typeof whyOf, told: Told) => why(factsOf(told), 'volume').causes.map(({ kind, who, wrong }) => [kind, who, wrong]);

  for (const { fact, told, names, without } of CASES) {
    it(`names ${fact}`, async () => {
      assert.deepEqual(named(whyOf, told), names);
      // And it is seen to fail without the line that does it.
      const { whyOf: broken } = await mutant<{ whyOf: typeof whyOf }>('why.js', without);
      assert.notDeepEqual(named(broken, told), names, 'the mutation changes nothing');
    });
  }

  it('offers only commands that there are', async () => {
    const offered = CASES.flatMap(({ told }) => whyOf(factsOf(told), 'volume').causes.flatMap(({ command }) => command ?? []));
    const commands = [...new Set(offered)].map((command) => command.replaceAll('<text>', 'because').split(' '));
    assert.ok(commands.length >= 8);
    const hub = new MemoryHub();
    for (const [program, ...line] of commands) {
      assert.equal(program, 'lynchpin');
      // Nobody can be asked, and nobody is there: what matters is that the line is understood.
      const { err } = await inside('', [...line, '--broker', 'memory:', '--timeout', '500ms'], { hub });
      assert.doesNotMatch(err, /^error:/m, line.join(' '));
    }
  });

  it('says where the pin is, and what it could be', () => {
    const why = whyOf(
      factsOf({ servers: { 'volume-1': OLD }, clients: { ...held, other: { speaks: OLD, pin: '3.2', state: 'released' } } }),
      'volume',
    );
    assert.equal(why.target, '3.4');
    assert.deepEqual(why.pins, [
      { version: '3.2', state: 'held', clients: 1 },
      { version: '3.2', state: 'released', clients: 1 },
    ]);
    assert.match(why.summary, /^volume is spoken at 3\.2\. volume-1 reads 3\.0 to 3\.2 only/);
  });

  it('puts servers that are alike into one cause, with all their names and the longest time', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`volume-${at}`, OLD] as const));
    const { causes } = whyOf(factsOf({ servers: many, clients: held }), 'volume');
    assert.equal(causes.length, 1);
    assert.equal(causes[0]?.who.length, 40);
    assert.equal(causes[0]?.since, AT);
    assert.match(causes[0]?.text ?? '', /and 35 more/);
  });

  it('tells a stranded lane nobody is known to clear from one that a client clears', () => {
    const release = (told: Told): string => whyOf(factsOf(told), 'volume').causes.find(({ kind }) => kind === 'stranded')?.release ?? '';
    const waiting = { '3.4': 1 } as const;
    assert.match(release({ servers: { 'volume-1': OLD }, clients: held, waiting }), /\(api\)/);
    assert.match(release({ servers: { 'volume-1': OLD }, waiting }), /newer one/);
  });
});
