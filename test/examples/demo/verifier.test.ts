import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '../../../examples/cinder-volume/demo/verifier/verify.js';
import { verifier } from './run.js';

type Line = Record<string, string | number>;

/** Journals of a run that went well: one old and one new server, a client that was released between two calls. */
function honest(): Record<string, Line[]> {
  const old = { floor: '3.0', newest: '3.10' };
  const fresh = { floor: '3.0', newest: '3.20' };
  const run = (id: string, method: string, version: string, window: typeof old, at: number): Line[] => [
    { kind: 'handling', id, message: `m-${id}`, method, version, ...window, at },
    { kind: 'handled', id, message: `m-${id}`, method, version, ...window, at: at + 1 },
  ];
  return {
    'volume-1.1': [
      { kind: 'started', process: 'volume-1.1', name: 'volume-1', role: 'server', release: 'ocata', ...old, pid: 1, at: 1 },
      { kind: 'ready', at: 2 },
      ...run('a', 'attach_volume', '3.10', old, 20),
      ...run('f', 'publish_service_capabilities', '3.10', old, 30),
      { kind: 'stopping', at: 40 },
      { kind: 'stopped', at: 41 },
    ],
    'volume-2.1': [
      { kind: 'started', process: 'volume-2.1', name: 'volume-2', role: 'server', release: 'newest', ...fresh, pid: 2, at: 1 },
      { kind: 'ready', at: 2 },
      ...run('f', 'publish_service_capabilities', '3.10', fresh, 30),
      ...run('b', 'reimage', '3.20', fresh, 60),
      { kind: 'stopping', at: 90 },
      { kind: 'stopped', at: 91 },
    ],
    'api.1': [
      { kind: 'started', process: 'api.1', name: 'api', role: 'client', release: 'newest', ...fresh, pid: 3, at: 3 },
      { kind: 'ready', at: 4 },
      { kind: 'pin', version: '3.10', state: 'held', at: 5 },
      { kind: 'sent', id: 'a', form: 'call', method: 'attach_volume', pin: '3.10', at: 10 },
      { kind: 'answered', id: 'a', method: 'attach_volume', at: 25 },
      { kind: 'sent', id: 'r', form: 'cast', method: 'reimage', pin: '3.10', at: 26 },
      { kind: 'refused', id: 'r', method: 'reimage', code: 'PINNED', at: 26 },
      { kind: 'sent', id: 'f', form: 'fanout', method: 'publish_service_capabilities', pin: '3.10', at: 27 },
      { kind: 'confirmed', id: 'f', method: 'publish_service_capabilities', at: 28 },
      { kind: 'pin', version: '3.20', state: 'released', at: 50 },
      { kind: 'sent', id: 'b', form: 'cast', method: 'reimage', pin: '3.20', at: 55 },
      { kind: 'confirmed', id: 'b', method: 'reimage', at: 56 },
      { kind: 'stopping', at: 92 },
      { kind: 'stopped', at: 93 },
    ],
  };
}

type Journals = ReturnType<typeof honest>;

const find = (lines: Line[] | undefined, kind: string, id?: string): Line => {
  const line = lines?.find((each) => each['kind'] === kind && (id === undefined || each['id'] === id));
  if (line === undefined) throw new Error(`no ${kind} ${id}`);
  return line;
};
const remove = (journals: Journals, name: string, kind: string, id?: string): void => {
  const lines = journals[name] as Line[];
  lines.splice(lines.indexOf(find(lines, kind, id)), 1);
};
const twice = (journals: Journals, name: string, kind: string, id?: string): void => {
  const lines = journals[name] as Line[];
  const line = find(lines, kind, id);
  lines.splice(lines.indexOf(line), 0, { ...line });
};

const LIES: Readonly<Record<string, (journals: Journals) => void>> = {
  'a call without an answer': (journals) => remove(journals, 'api.1', 'answered', 'a'),
  'a call answered twice': (journals) => twice(journals, 'api.1', 'answered', 'a'),
  'an id sent twice': (journals) => twice(journals, 'api.1', 'sent', 'a'),
  'an answer to what nobody sent': (journals) => remove(journals, 'api.1', 'sent', 'a'),
  'a call that failed': (journals) => Object.assign(find(journals['api.1'], 'answered', 'a'), { kind: 'failed', text: 'TIMEOUT' }),
  'a call that was only confirmed': (journals) => Object.assign(find(journals['api.1'], 'answered', 'a'), { kind: 'confirmed' }),
  'an answered call that nobody handled': (journals) => {
    remove(journals, 'volume-1.1', 'handling', 'a');
    remove(journals, 'volume-1.1', 'handled', 'a');
  },
  'a cast that was lost': (journals) => {
    remove(journals, 'volume-2.1', 'handling', 'b');
    remove(journals, 'volume-2.1', 'handled', 'b');
  },
  'a call handled by two servers': (journals) =>
    journals['volume-2.1']!.splice(
      2,
      0,
      { ...find(journals['volume-1.1'], 'handling', 'a') },
      { ...find(journals['volume-1.1'], 'handled', 'a') },
    ),
  'a fanout that one server did not get': (journals) => {
    remove(journals, 'volume-1.1', 'handling', 'f');
    remove(journals, 'volume-1.1', 'handled', 'f');
  },
  'a handler that never ended': (journals) => remove(journals, 'volume-1.1', 'handled', 'a'),
  'a handler that ended without a beginning': (journals) => remove(journals, 'volume-1.1', 'handling', 'a'),
  'a handler that threw': (journals) => Object.assign(find(journals['volume-1.1'], 'handled', 'a'), { kind: 'threw' }),
  'another method than was sent': (journals) => {
    find(journals['volume-1.1'], 'handling', 'a')['method'] = 'detach_volume';
    find(journals['volume-1.1'], 'handled', 'a')['method'] = 'detach_volume';
  },
  'a refused message that ran': (journals) =>
    journals['volume-2.1']!.splice(
      2,
      0,
      { ...find(journals['volume-2.1'], 'handling', 'b'), id: 'r', at: 3 },
      { ...find(journals['volume-2.1'], 'handled', 'b'), id: 'r', at: 4 },
    ),
  'a version above the window': (journals) => {
    find(journals['volume-1.1'], 'handling', 'a')['version'] = '3.11';
    find(journals['volume-1.1'], 'handled', 'a')['version'] = '3.11';
  },
  'a version below the window': (journals) => {
    find(journals['volume-1.1'], 'handling', 'a')['version'] = '2.9';
    find(journals['volume-1.1'], 'handled', 'a')['version'] = '2.9';
  },
  'a window that changes on the way': (journals) => (find(journals['volume-1.1'], 'handling', 'a')['newest'] = '3.20'),
  'a pin that rises while a server reads less': (journals) => {
    find(journals['volume-1.1'], 'stopping')['at'] = 70;
    find(journals['volume-1.1'], 'stopped')['at'] = 71;
  },
  'a pin that the client does not speak': (journals) => (find(journals['api.1'], 'pin')['version'] = '3.21'),
  'a process that did not leave properly': (journals) => remove(journals, 'volume-1.1', 'stopped'),
  'a journal without its beginning': (journals) => remove(journals, 'volume-1.1', 'started'),
  'times that go backwards': (journals) => (find(journals['volume-1.1'], 'ready')['at'] = 35),
  'a journal that is missing': (journals) => delete journals['volume-2.1'],
};

describe('the verifier', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lynchpin-verifier-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (journals: Journals): void => {
    for (const [name, lines] of Object.entries(journals))
      writeFileSync(join(folder, `${name}.journal`), lines.map((line, at) => `${JSON.stringify({ line: at + 1, ...line })}\n`).join(''));
  };

  it('passes journals that add up', async () => {
    write(honest());
    const { code, output } = await verifier(folder);
    assert.equal(code, 0, output);
    assert.match(output, /api\.1 \(newest\) spoke 3\.10 > 3\.20/);
  });

  for (const [lie, plant] of Object.entries(LIES)) {
    it(`finds ${lie}`, () => {
      const journals = honest();
      plant(journals);
      write(journals);
      assert.ok(verify(folder, 0).some(({ violations }) => violations.length > 0));
    });
  }

  it('ends with exit code 1 over a missing line, a torn one, too few calls, and a folder without journals', async () => {
    write(honest());
    assert.equal((await verifier(folder, '--calls', '2')).code, 1);
    const path = join(folder, 'volume-1.1.journal');
    const text = honest()['volume-1.1']!.map((line, at) => JSON.stringify({ line: at + 1, ...line }));
    writeFileSync(path, `${text.toSpliced(1, 1).join('\n')}\n`);
    assert.equal((await verifier(folder)).code, 1);
    writeFileSync(path, text.join('\n'));
    assert.equal((await verifier(folder)).code, 1);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    assert.equal((await verifier(folder)).code, 1);
    assert.equal((await verifier()).code, 2);
  });
});
