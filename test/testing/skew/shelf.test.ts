import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { skew, type SkewReport } from 'lynchpin/testing';
import { runNode } from '../../style/project.js';
import { sharedRabbit } from '../../support/rabbitmq/index.js';
import { broken, gitIn, plant, shelfContract, Warehouse } from './packages.js';

const LEVELS = "t.enum(['normal', 'quick'])";
const OLD = shelfContract({ version: '0', levels: LEVELS });
const NEW = shelfContract({
  version: '1',
  levels: "t.enum(['normal', 'quick', 'urgent'], { added: { '1.1': { urgent: 'quick' } } })",
  more: ", author: [t.string(), { since: '1.1', default: '' }]",
});

/** Handlers that lend what they have: they answer what depends on the request. */
const SERVICE = `
export class Shelf {
  lend() {}
  find({ title }) {
    if (title === '') throw new Error('nothing to look for');
    return { title: title + '!', pages: 7 };
  }
}
`;

describe('skew: releases of a small package', function () {
  this.timeout(120_000);
  const warehouse = new Warehouse();
  let broker: string;
  before(async function () {
    broker = (await sharedRabbit(this)).url;
  });
  after(() => warehouse.close());

  it('takes the old one from a tag that is built, the new one from a tarball, each with its own handlers and its own Lynchpin', async () => {
    const { folder, modules } = warehouse;
    const older = dirname(warehouse.withOwnLynchpin(join(folder, 'older'), '0.0.9'));
    const repo = warehouse.files('shelf', { 'src/contract.js': OLD, 'src/service.js': SERVICE });
    const git = gitIn(repo);
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'The first release');
    git('tag', 'v1.0.0');
    git('rm', '--quiet', '-r', 'src');
    git('commit', '--quiet', '--message', 'What came later');
    const next = warehouse.files('shelf-next', { 'contract.js': NEW, 'service.js': SERVICE });
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: next });
    const result = await skew.run({
      old: {
        git: { repo, ref: 'v1.0.0', build: 'cp -r src dist', modules: older },
        contract: 'dist/contract.js',
        service: 'dist/service.js',
      },
      new: { tarball: join(folder, 'shelf-next-1.0.0.tgz'), modules, contract: 'contract.js', export: 'ShelfApi', service: 'service.js' },
      broker,
    });
    assert.deepEqual(broken(result), [], String(result));
    assert.deepEqual([result.old.package, result.old.lynchpin, result.new.package], ['shelf@1.0.0', '0.0.9', 'shelf-next@1.0.0']);
    assert.notEqual(result.new.lynchpin, '0.0.9');
    // A handler that fails is no difference between releases: its caller is told.
    assert.ok((result.cells[0]?.observed['HANDLER_FAILED'] ?? 0) > 0, String(result));
    assert.equal(git('worktree', 'list').trim().split('\n').length, 1);
    assert.deepEqual(readdirSync(repo).sort(), ['.git', 'package.json']);
  });

  it('takes the old one as npm installs it, and runs it with the Lynchpin that it brings', async () => {
    const lynchpin = warehouse.withOwnLynchpin(warehouse.files('node_modules/shelf-released', { 'contract.js': OLD }), '0.0.9');
    const project = warehouse.files('project', { 'contract.js': NEW });
    const program = `
import { skew } from 'lynchpin/testing';
const result = await skew.run({ old: { alias: 'shelf-released', contract: 'contract.js' }, new: { dir: '.', contract: 'contract.js' } });
console.log(JSON.stringify(result));
`;
    // A Lynchpin that names JSON differently still understands itself, and nobody else: each release really speaks with its own.
    plant(join(lynchpin, 'dist/rpc/wire/json.js'), "'application/json'", "'text/json'");
    const { code, output } = await runNode(['--input-type=module', '--eval', program], {
      cwd: project,
      env: { ...process.env, AMQP_URL: broker },
    });
    assert.equal(code, 0, output);
    const result = JSON.parse(output) as SkewReport;
    assert.deepEqual([result.old.package, result.old.lynchpin], ['shelf-released@1.0.0', '0.0.9']);
    assert.deepEqual(broken(result), [
      'old servers, pinned client',
      'mixed servers, old client',
      'mixed servers, pinned client',
      'new servers, old client',
      "old client's queue, new servers",
      "pinned client's queue, old servers",
      "released client's queue, old servers",
    ]);
  });

  it('shows an enum value without a fallback only where the new release writes and the old one reads', async () => {
    const forgotten = NEW.replace("{ added: { '1.1': { urgent: 'quick' } } }", '{}');
    assert.notEqual(forgotten, NEW);
    const tests: { readonly title: string; readonly body: () => Promise<void> }[] = [];
    skew({
      old: { dir: warehouse.files('old', { 'contract.js': OLD }), contract: 'contract.js' },
      new: { dir: warehouse.files('forgotten', { 'contract.js': forgotten }), contract: 'contract.js' },
      requests: {
        lend: [
          { book: { title: 'a', pages: 1, author: '' }, level: 'normal' },
          { book: { title: 'b', pages: 2, author: '' }, level: 'urgent' },
        ],
      },
      broker,
      describe: (_, body) => body(),
      it: (title, body) => tests.push({ title, body }),
    });
    assert.equal(tests.length, 12);
    const failed: string[] = [];
    for (const { title, body } of tests) {
      await body().catch((error: unknown) => {
        assert.ok(error instanceof assert.AssertionError, String(error));
        assert.match(error.message, /lend at 1\.[01]: expected handled, got INVALID: .*\/level/);
        failed.push(title);
      });
    }
    assert.deepEqual(failed, [
      'old servers, new client pinned',
      'mixed servers, new client pinned',
      'queued by the new client pinned, read by old servers',
      'queued by the new client released, read by old servers',
    ]);
  });

  it('says TOO_OLD and TOO_NEW of releases that share no version, and only one release is handled by its own', async () => {
    const bridgeless = NEW.replace("topic: 'shelf',", "topic: 'shelf', floor: '1.1',").replace("since: '1.1', default: ''", "default: ''");
    const result = await skew.run({
      old: { dir: warehouse.files('before', { 'contract.js': OLD }), contract: 'contract.js' },
      new: { dir: warehouse.files('bridgeless', { 'contract.js': bridgeless }), contract: 'contract.js' },
      requests: { lend: [{ book: { title: 'a', pages: 1, author: '' }, level: 'normal' }], find: [{ title: 'a' }] },
      broker,
    });
    assert.deepEqual(broken(result), [], String(result));
    assert.deepEqual(
      result.cells.map(({ servers, client, observed }) => `${servers} ${client}: ${Object.keys(observed).join(', ')}`),
      [
        'old old: handled',
        'old pinned: TOO_NEW',
        'old released: NO_SERVER',
        'mixed old: handled',
        'mixed pinned: handled',
        'mixed released: handled',
        'new old: TOO_OLD',
        'new pinned: handled',
        'new released: handled',
      ],
    );
    assert.deepEqual(result.queues, []);
  });
});
