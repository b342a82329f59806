import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LynchpinError, type ErrorCode } from 'lynchpin';
import { skew, type SkewOptions, type SkewRelease } from 'lynchpin/testing';
import { runNode } from '../../style/project.js';
import { sharedRabbit } from '../../support/rabbitmq/index.js';
import { gitIn, releasesAlive, shelfContract, Warehouse } from './packages.js';

/** Nobody listens there: what fails before the broker is needed does not notice. */
const NOWHERE = 'amqp://127.0.0.1:1';

const failing = async (options: SkewOptions, code: ErrorCode, text: RegExp): Promise<void> => {
  await assert.rejects(skew.run(options), (error) => {
    assert.ok(LynchpinError.is(error, code), String(error));
    assert.match(error.message, text);
    return true;
  });
  assert.equal(releasesAlive(), 0, 'every process has ended');
};

describe('skew is told what to run, and', function () {
  this.timeout(60_000);
  const warehouse = new Warehouse();
  const shelf = (name: string, text: string): SkewRelease => ({
    dir: warehouse.files(name, { 'contract.js': text }),
    contract: 'contract.js',
  });
  const good = shelf('good', shelfContract({ version: '0', levels: 't.string()' }));
  after(() => warehouse.close());

  it('says how to name a broker where none is named', async () => {
    const { AMQP_URL: before } = process.env;
    delete process.env['AMQP_URL'];
    try {
      await failing({ old: good, new: good }, 'CONNECTION', /AMQP_URL/);
    } finally {
      if (before !== undefined) process.env['AMQP_URL'] = before;
    }
  });

  it('says which release cannot be had, and leaves nothing unpacked', async () => {
    const { folder } = warehouse;
    const repo = warehouse.files('repository', {});
    for (const args of [
      ['init', '--quiet'],
      ['add', '.'],
      ['commit', '--quiet', '--message', 'All of it'],
    ])
      gitIn(repo)(...args);
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    const { TMPDIR: before } = process.env;
    process.env['TMPDIR'] = temporary;
    const cases: readonly [SkewRelease, RegExp][] = [
      [{ alias: 'no-such-release', contract: 'x.js' }, /npm install --save-dev no-such-release@npm:/],
      [{ dir: join(folder, 'nowhere'), contract: 'x.js' }, /there is no folder .*nowhere/],
      [{ tarball: join(folder, 'nothing.tgz'), contract: 'x.js' }, /there is no tarball .*nothing\.tgz/],
      [{ git: { repo: folder, ref: 'v1.0.0' }, contract: 'x.js' }, /reading v1\.0\.0 from the repository/],
      [
        { git: { repo, ref: 'HEAD', build: 'echo out of wood; exit 3' }, contract: 'x.js' },
        /building HEAD failed, because it ended with 3.*[^]*out of wood/,
      ],
      [{ git: { repo: folder, ref: '--output=x' }, contract: 'x.js' }, /is no tag, branch or commit/],
    ];
    try {
      for (const [old, text] of cases) await failing({ old, new: good, broker: NOWHERE }, 'DECLARATION', text);
      assert.deepEqual(readdirSync(temporary), []);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });

  it('says what is wrong with a contract, and in which release', async () => {
    const two = `${shelfContract({ version: '0', levels: 't.string()' })}
export class OtherApi {}
defineApi(OtherApi, { topic: 'other', version: '1.0', methods: { ask: { takes: Ask } } });
`;
    const cases: readonly [SkewRelease, RegExp][] = [
      [shelf('two', two), /the .* of the old release: contract\.js exports the contracts .*: say which one is meant/],
      [{ ...shelf('named', two), export: 'Shelf' }, /contract\.js exports no class Shelf: it exports .*ShelfApi/],
      [{ ...shelf('elsewhere', two), export: 'OtherApi' }, /speaks on the topic other and the new one on shelf/],
    ];
    for (const [old, text] of cases) await failing({ old, new: good, broker: NOWHERE }, 'DECLARATION', text);
  });

  it('ends every process when the time is up', async () => {
    const endless = shelf('endless', 'await new Promise((resolve) => setTimeout(resolve, 600_000));');
    await failing({ old: endless, new: good, broker: NOWHERE, timeoutMs: 1_500 }, 'TIMEOUT', /1500 ms.*timeoutMs/);
  });

  it('says so when there is no runner to register with', async () => {
    const program =
      "import { skew } from 'lynchpin/testing'; skew({ old: { dir: '.', contract: 'x' }, new: { dir: '.', contract: 'x' } });";
    const { code, output } = await runNode(['--input-type=module', '--eval', program]);
    assert.equal(code, 1);
    assert.match(output, /DECLARATION: skew found no describe and no it/);
  });

  it('runs in mocha as the guide shows it: one test for each cell and queue', async function () {
    const { url } = await sharedRabbit(this);
    const { code, output } = await runNode(
      ['node_modules/mocha/bin/mocha.js', '--no-config', '--reporter', 'spec', 'build/examples/tour/skew.js'],
      { env: { ...process.env, AMQP_URL: url } },
    );
    assert.equal(code, 0, output);
    assert.match(output, /mixed servers, new client released[^]*queued by the old client, read by new servers[^]*12 passing/);
  });
});
