import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LynchpinError } from 'lynchpin';
import { compat, type RuleId } from 'lynchpin/testing';
import { addAcceptance, stampRelease } from '#lynchpin/compat/index.js';
import { edited, ORDERS, WITHOUT_BUMP } from './support/orders.js';
import { Project, withProject } from './support/project.js';
import { runSuite, type Outcome } from './support/small-runner.js';

/** The next release: 1.2 of the order has a note, and 2.2 of the API carries it. */
const BUMPED = [
  ["version: '1.1' })", "version: '1.2' })"],
  ["version: '2.1', carries: { '2.1': { Order: '1.1' } }", "version: '2.2', carries: { '2.1': { Order: '1.1' }, '2.2': { Order: '1.2' } }"],
  ['total;\n  @Field(t.list', "total;\n  @Field(t.string(), { since: '1.2', default: '' }) note;\n  @Field(t.list"],
].reduce((source, [before = '', after = '']) => edited(source, before, after), ORDERS);

/** The same edit of what is there, without a new version. */
const NOTE = edited(ORDERS, 'total;\n  @Field(t.list', "total;\n  @Field(t.string(), { default: '' }) note;\n  @Field(t.list");

/** Every file of the recording, with when it was written. */
function filesOf(project: Project): Readonly<Record<string, number>> {
  const names = readdirSync(project.recording, { recursive: true, withFileTypes: true }).filter((item) => item.isFile());
  return Object.fromEntries(
    names.map((item) => [join(item.parentPath, item.name), statSync(join(item.parentPath, item.name), { bigint: false }).mtimeMs]),
  );
}

/** What the process warned of while some work was done. */
async function warnings<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly told: readonly string[] }> {
  const told: string[] = [];
  const listen = (warning: Error): void => {
    if (warning.name === 'LynchpinCompat') told.push(warning.message);
  };
  process.on('warning', listen);
  try {
    const result = await work();
    // Warnings are emitted a turn later.
    await new Promise((resolve) => setImmediate(resolve));
    return { result, told };
  } finally {
    process.off('warning', listen);
  }
}

const run = (project: Project, write: boolean): Promise<Outcome> =>
  runSuite(project.load, { recording: project.recording, settings: {}, write });
const local = (project: Project): Promise<Outcome> => run(project, true);
const server = (project: Project): Promise<Outcome> => run(project, false);

describe('compat.suite', () => {
  it('follows a contract through its life: recorded, edited, released, edited again, bumped', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      const first = await warnings(() => local(project));
      assert.deepEqual([...first.result.failed], []);
      assert.match(first.told.join(), /objects\/Order\/1\.1\.json/);
      assert.match(first.told.join(), /SURFACE\.md/);

      // Before a release everything may change: a local run records it, and says so.
      await project.compile(NOTE);
      const before = readFileSync(join(project.recording, 'objects/Order/1.1.json'), 'utf8');
      const second = await warnings(() => local(project));
      assert.deepEqual([...second.result.failed], []);
      assert.match(second.told.join(), /\+ objects\/Order\/1\.1\.json/);
      assert.notEqual(readFileSync(join(project.recording, 'objects/Order/1.1.json'), 'utf8'), before);
      await project.compile(ORDERS);
      assert.deepEqual([...(await warnings(() => local(project))).result.failed], []);
      assert.deepEqual((await warnings(() => local(project))).told, []);

      stampRelease(project.recording, '1.0.0');
      assert.deepEqual([...(await server(project)).failed], []);

      // Afterwards nothing may.
      await project.compile(NOTE);
      for (const mode of [local, server]) {
        const { failed } = await mode(project);
        assert.match(failed.get('Order > 1.1 is as it was recorded') ?? '', /^object\/field-added-no-bump/);
      }
      await project.compile(WITHOUT_BUMP);
      assert.match((await local(project)).failed.get('Order > 1.1 is as it was recorded') ?? '', /^object\/field-changed-no-bump/);

      await project.compile(BUMPED);
      assert.deepEqual([...(await local(project)).failed], []);
      const { titles, failed } = await server(project);
      assert.deepEqual([...failed], []);
      assert.ok(titles.includes('Order > is converted as the laws say'), titles.join('\n'));
    });
  });

  it('keeps the titles of facts that were there before', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await project.release('1.0.0');
      const before = (await server(project)).titles;
      await project.compile(BUMPED);
      await local(project);
      const after = (await local(project)).titles;
      assert.deepEqual(
        after.filter((title) => before.includes(title)),
        before,
      );
      assert.ok(after.length > before.length);
    });
  });

  it('never writes for a build server: what is missing or out of date fails with the command', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      const none = await server(project);
      assert.match(none.failed.get('every version that is declared is recorded') ?? '', /lock\/missing-entry[^]*lynchpin compat record/);
      assert.throws(() => filesOf(project), { code: 'ENOENT' });

      await local(project);
      const files = filesOf(project);
      await project.compile(NOTE);
      const stale = await server(project);
      assert.match(stale.failed.get('Order > 1.1 is as it was recorded') ?? '', /lock\/stale[^]*lynchpin compat record/);
      assert.deepEqual(filesOf(project), files);
    });
  });

  it('takes the environment for an answer where nothing is said: CI writes nothing', async () => {
    await withProject(async (project) => {
      const given = process.env['CI'];
      await project.compile(ORDERS);
      try {
        process.env['CI'] = 'true';
        assert.notEqual((await runSuite(project.load, { recording: project.recording, settings: {} })).failed.size, 0);
        process.env['CI'] = 'False';
        assert.equal((await runSuite(project.load, { recording: project.recording, settings: {} })).failed.size, 0);
      } finally {
        if (given === undefined) delete process.env['CI'];
        else process.env['CI'] = given;
      }
    });
  });

  it('tells a contract that cannot be loaded once, not once a fact, and again when that fact is repeated', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await project.release('1.0.0');
      await project.compile(edited(ORDERS, "{ from: '1.1', to: '1.0' })\n  static", "{ from: '1.1', to: '0.9' })\n  static"));
      const { failed, titles } = await server(project);
      assert.ok(titles.length > 10);
      assert.equal(failed.size, 1);
      assert.match([...failed.values()].join(), /DECLARATION/);

      const bodies: (() => Promise<void>)[] = [];
      compat.suite(project.load, {
        recording: project.recording,
        describe: (_, body) => body(),
        it: (_, body) => bodies.push(body),
        write: false,
      });
      const [, second] = bodies;
      await assert.rejects(second as () => Promise<void>, { code: 'ERR_ASSERTION' });
      await assert.rejects(second as () => Promise<void>, { code: 'ERR_ASSERTION' });
      await (bodies[0] as () => Promise<void>)();
    });
  });

  it('says what to do about decorators that nobody translated', async () => {
    await withProject(async (project) => {
      project.write('contract.js', ORDERS);
      const { failed } = await server(project);
      assert.equal(failed.size, 1);
      assert.match([...failed.values()].join(), /experimentalDecorators/);
    });
  });

  it('does not take a module without contracts for one that has lost them all', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await local(project);
      const files = filesOf(project);
      const { failed } = await runSuite(() => Promise.resolve({ Order: 'not a class' }), {
        recording: project.recording,
        settings: {},
        write: true,
      });
      assert.equal(failed.size, 1);
      assert.deepEqual(filesOf(project), files);
    });
  });

  it('tells a file that somebody edited, and one that is damaged', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await project.release('1.0.0');
      const file = join(project.recording, 'objects/Order/1.0.json');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace('"minimum": 0', '"minimum": 1'));
      assert.match([...(await local(project)).failed.values()].join('\n'), /lock\/edited-by-hand/);
      writeFileSync(file, '<<<<<<< ours');
      assert.notEqual((await local(project)).failed.size, 0);
      rmSync(file);
      assert.match([...(await server(project)).failed.values()].join('\n'), /lock\/missing-entry/);
    });
  });

  it('lets pass what was accepted, and fails once the acceptance is of nothing any more', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await project.release('1.0.0');
      await project.compile(NOTE);
      const refused = [...(await local(project)).failed.values()].join('\n');
      for (const [, rule, fingerprint = ''] of refused.matchAll(/^([a-z]+\/[a-z-]+) {2}[^]*?\(key (1:[0-9a-f]{32})\)$/gm)) {
        addAcceptance(project.recording, { fingerprint, rule: rule as RuleId, subject: 'Order', reason: 'nobody reads it yet' });
      }
      assert.deepEqual([...(await local(project)).failed], []);
      await project.compile(ORDERS);
      const { failed } = await local(project);
      assert.deepEqual([...failed.keys()], ['everything else > every acceptance is still needed']);
      assert.match([...failed.values()].join(), /^accept\/unused[^]*^accept\/unused/m);
    });
  });

  it('keeps the value that broke a law until the law holds, and as long as the version of it does not change', async () => {
    await withProject(async (project) => {
      const forgetful = edited(
        ORDERS,
        'line: order.lines[0] ?? null',
        'line: order.lines.length > 1 ? null : (order.lines[0] ?? null), total: 7',
      );
      await project.compile(forgetful);
      const { failed } = await local(project);
      const [, file = ''] = /is kept as (corpus\/Order\/1\.1\/[0-9a-f]{16}\.json)/.exec([...failed.values()].join('\n')) ?? [];
      assert.ok(existsSync(join(project.recording, file)), [...failed.values()].join('\n'));

      // A build server tries it too, and keeps nothing.
      const files = Object.keys(filesOf(project));
      assert.notEqual((await server(project)).failed.size, 0);
      assert.deepEqual(Object.keys(filesOf(project)), files);

      await project.compile(ORDERS);
      assert.deepEqual([...(await local(project)).failed], []);
      assert.ok(existsSync(join(project.recording, file)));
      await project.compile(edited(ORDERS, 'total;\n  @Field(t.list', 'price;\n  @Field(t.list'));
      const { result, told } = await warnings(() => local(project));
      assert.deepEqual([...result.failed], []);
      assert.ok(told.some((text) => text.includes(file)));
      assert.ok(!existsSync(join(project.recording, file)));
    });
  });

  it('keeps no values while a released version is not what it was: they would fit no version', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await project.release('1.0.0');
      const files = Object.keys(filesOf(project));
      await project.compile(WITHOUT_BUMP);
      assert.notEqual((await local(project)).failed.size, 0);
      assert.deepEqual(Object.keys(filesOf(project)), files);
    });
  });

  it('tells a warning once and fails no test with it', async () => {
    await withProject(async (project) => {
      await project.compile(ORDERS);
      await project.release('1.0.0');
      await project.compile(BUMPED);
      const { result, told } = await warnings(() => local(project));
      assert.deepEqual([...result.failed], []);
      assert.equal(told.filter((text) => text.includes('history/changelog-missing')).length, 1);
      const off = { severity: { 'history/changelog-missing': 'off' } } as const;
      const quiet = await warnings(() => runSuite(project.load, { recording: project.recording, settings: off, write: true }));
      assert.deepEqual(quiet.told, []);
      const strict = { severity: { 'history/changelog-missing': 'error' } } as const;
      const { failed } = await runSuite(project.load, { recording: project.recording, settings: strict, write: true });
      assert.match([...failed.values()].join(), /history\/changelog-missing/);
    });
  });

  it('says what it needs where there is no describe or it, and refuses options that nobody reads', () => {
    const load = (): Promise<unknown> => Promise.resolve({});
    const globals = globalThis as { describe?: unknown };
    const own = globals.describe;
    try {
      delete globals.describe;
      assert.throws(
        () => compat.suite(load),
        (error) => LynchpinError.is(error, 'DECLARATION'),
      );
    } finally {
      globals.describe = own;
    }
    assert.throws(
      () => compat.suite(load() as never),
      (error) => LynchpinError.is(error, 'DECLARATION'),
    );
    const misspelt = { recordings: 'compat' } as object;
    assert.throws(
      () => compat.suite(load, misspelt),
      (error) => LynchpinError.is(error, 'DECLARATION'),
    );
  });
});
