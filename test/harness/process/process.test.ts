import { equal, match, ok, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJournal } from '../journal/index.js';
import { type Mutation, unapplied } from '../mutation/index.js';
import { type Assignment, Child } from './index.js';

const program = new URL('./specimen.js', import.meta.url).pathname;
const DAY = 86_400_000;

describe('a process of a run', () => {
  let directory: string;
  let children: Child[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'process-'));
    children = [];
  });
  afterEach(async () => {
    await Promise.all(children.map((child) => child.kill()));
    rmSync(directory, { recursive: true });
  });

  function start(options: { clock?: number; mutations?: readonly Mutation[]; settings?: Record<string, unknown> } = {}): Child {
    const { clock = 0, mutations = [], settings = {} } = options;
    const assignment: Assignment = {
      process: 'server-1.1',
      name: 'server-1',
      role: 'server',
      release: 'A',
      window: { floor: '1.0', version: '1.2' },
      journal: journalPath(),
      url: '',
      clock,
      settings,
    };
    const child = new Child({ program, assignment, mutations });
    children.push(child);
    return child;
  }
  const journalPath = (): string => join(directory, 'server-1.1.journal');

  it('tells when it is ready, answers what it is asked, and leaves when it is asked to', async () => {
    const child = start();
    await child.ready();
    equal(await child.ask('double', 21), 42);
    await rejects(child.ask('fail'), /on purpose/);
    await rejects(child.ask('unheard-of'));
    equal((await child.terminate()).code, 0);
    equal(readJournal(journalPath())?.entries.at(-1)?.kind, 'stopped');
  });

  it('loses nothing that it had written when it is killed', async () => {
    const child = start();
    await child.ready();
    await child.ask('write', 500);
    await child.kill();
    equal(readJournal(journalPath())?.entries.filter(({ kind }) => kind === 'decoded').length, 500);
    await rejects(child.ask('double', 1));
  });

  it('notes what is parsed in it', async () => {
    const child = start();
    await child.ask('parse', '{"reference":"a-1"}');
    await child.kill();
    const decoded = readJournal(journalPath())
      ?.entries.filter((entry) => entry.kind === 'decoded')
      .map(({ reference }) => reference);
    equal(decoded?.join(), 'a-1');
  });

  it('stands still while it is frozen', async () => {
    const child = start();
    await child.ready();
    child.freeze();
    const answer = child.ask<number>('double', 4);
    equal(await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 150))]), undefined);
    child.thaw();
    equal(await answer, 8);
  });

  it('can be killed while it is frozen', async () => {
    const child = start();
    await child.ready();
    child.freeze();
    await child.kill();
    equal(child.running, false);
  });

  it('has its wall clock moved, and nothing but that', async () => {
    const child = start({ clock: DAY });
    const ahead = await child.ask<Clocks>('clocks');
    for (const wall of ahead.walls) ok(Math.abs(wall - Date.now() - DAY) < 10_000, JSON.stringify(ahead));
    await child.ask('clock', -DAY);
    const behind = await child.ask<Clocks>('clocks');
    for (const wall of behind.walls) ok(Math.abs(wall - Date.now() + DAY) < 10_000, JSON.stringify(behind));
    ok(behind.monotonic >= ahead.monotonic && behind.monotonic - ahead.monotonic < 10_000);
    ok(behind.isDate);
  });

  it('that ends by itself is reported with what it wrote', async () => {
    const child = start({ settings: { crash: true } });
    await rejects(child.ready(), /crashed on purpose/);
  });

  it('runs a line of its code with a difference', async () => {
    const mutation: Mutation = { file: 'test/harness/process/specimen.js', find: 'number * 2', replace: 'number * 3' };
    const child = start({ mutations: [mutation] });
    equal(await child.ask('double', 21), 63);
    equal(unapplied([mutation], `${journalPath()}.mutated`).length, 0);
  });

  it('does not start with a difference that does not fit, and one that was never loaded is known', async () => {
    const misfit: Mutation = { file: 'test/harness/process/specimen.js', find: 'no such line', replace: '' };
    const child = start({ mutations: [misfit] });
    await rejects(child.ready(), /must fit once/);
    match(child.output.text, /no such line/);
    const elsewhere: Mutation = { file: 'dist/pin/decide.js', find: 'a', replace: 'b' };
    equal(unapplied([elsewhere], `${journalPath()}.mutated`).length, 1);
  });
});

interface Clocks {
  readonly walls: readonly number[];
  readonly monotonic: number;
  readonly isDate: boolean;
}
