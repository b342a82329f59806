import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { baselineOf } from '#lynchpin/cli/baseline/baseline.js';
import { filesOfTarball } from '#lynchpin/cli/baseline/tar.js';
import { EXIT, Refusal } from '#lynchpin/cli/exit.js';
import { CONTRACTS } from './support/contracts.js';
import { Project, run } from './support/project.js';

/** What was recorded elsewhere, or how it was refused. */
async function asked(
  folder: string,
  against: string,
): Promise<{ versions: readonly string[]; origin: string } | { code: number; text: string }> {
  try {
    const { recorded } = await baselineOf(against, { folder, recording: 'compat', env: process.env });
    return { origin: recorded.origin, versions: recorded.entries.map(({ facts }) => `${facts.name}@${facts.version}`) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code, text: error.message };
  }
}

/** How it was refused. */
async function refused(folder: string, against: string): Promise<{ code: number; text: string }> {
  const answer = await asked(folder, against);
  assert.ok('code' in answer, JSON.stringify(answer));
  return answer;
}

const FIRST = ['Order@1.0', 'Order@1.1', 'orders@2.0', 'orders@2.1'];

describe('what contracts are held against', () => {
  /** Commits: nothing, the contracts, their recording and tag v1.0, a change of another file. Branch other has more. */
  const project = new Project({ 'readme.txt': 'x' });
  const clones = new Project();
  after(() => {
    project.remove();
    clones.remove();
  });

  before(async () => {
    await project.git('init', '--quiet', '--initial-branch', 'main');
    await project.commit();
    project.write({ 'contracts.js': CONTRACTS });
    await project.lynchpin(['compat', 'record']);
    await project.lynchpin(['compat', 'release', '1.4.2']);
    await project.commit();
    await project.git('tag', 'v1.0.0');
    await project.git('checkout', '--quiet', '-b', 'other');
    project.edit('contracts.js', "version: '1.1'", "version: '1.2'");
    await project.lynchpin(['compat', 'record']);
    await project.commit();
    await project.git('checkout', '--quiet', 'main');
    project.write({ 'readme.txt': 'y' });
    await project.commit();
  });

  /** A clone, with the options of `git clone`. */
  async function clone(name: string, ...options: readonly string[]): Promise<string> {
    await clones.git('clone', '--quiet', ...options, `file://${project.folder}`, name);
    return join(clones.folder, name);
  }

  /** Runs the command that a refusal names, and says what the baseline is then. */
  async function followed(folder: string, against: string): Promise<readonly string[]> {
    const { code, text } = await refused(folder, against);
    assert.equal(code, EXIT.unknown);
    const [, command] = /^ {4}(git fetch .*)$/m.exec(text) ?? [];
    assert.ok(command !== undefined, text);
    const { code: fetched, err } = await run('bash', ['-c', command], folder);
    assert.equal(fetched, 0, `${command}: ${err}`);
    const answer = await asked(folder, against);
    assert.ok('versions' in answer, `${command}: ${JSON.stringify(answer)}`);
    return answer.versions;
  }

  it('git: what was recorded at the merge base, not what others have landed since', async () => {
    const head = await project.git('rev-parse', '--short', 'v1.0.0');
    assert.deepEqual(await asked(project.folder, 'git:v1.0.0'), { origin: `git:v1.0.0 at ${head}`, versions: FIRST });
    assert.deepEqual(await asked(project.folder, 'git:other'), { origin: `git:other at ${head}`, versions: FIRST });
    assert.deepEqual(await asked(project.folder, 'git:HEAD~1'), { origin: `git:HEAD~1 at ${head}`, versions: FIRST });
  });

  it('git: a project in a folder of its repository', async () => {
    const outer = new Project();
    try {
      cpSync(join(project.folder, 'compat'), join(outer.folder, 'services/orders/compat'), { recursive: true });
      await outer.git('init', '--quiet');
      await outer.commit();
      const answer = await asked(join(outer.folder, 'services/orders'), 'git:HEAD');
      assert.deepEqual('versions' in answer ? answer.versions : answer, FIRST);
      assert.equal((await refused(outer.folder, 'git:HEAD')).code, EXIT.unknown);
    } finally {
      outer.remove();
    }
  });

  it('git: a commit before there was a recording is no baseline', async () => {
    assert.equal((await refused(project.folder, 'git:HEAD~2')).code, EXIT.unknown);
    assert.equal((await refused(project.folder, 'git:HEAD~9')).code, EXIT.unknown);
  });

  it('git: a shallow clone says which git fetch to run, and ends with 3', async () => {
    const folder = await clone('shallow', '--depth', '1');
    cpSync(join(project.folder, 'node_modules'), join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    const { code, out, err } = await run(
      process.execPath,
      [join(folder, 'node_modules/lynchpin/dist/cli/main.js'), 'compat', 'check', '--against', 'git:HEAD~1'],
      folder,
    );
    assert.deepEqual([code, out], [3, ''], err);
    assert.match(err, /shallow clone[^]*\n {4}git fetch --deepen=1\n/);
    assert.deepEqual(await followed(folder, 'git:HEAD~1'), FIRST);
  });

  const missing: readonly (readonly [what: string, clone: readonly string[], against: string])[] = [
    ['another branch', ['--single-branch'], 'git:origin/other'],
    ['another branch, in a shallow clone', ['--depth', '1'], 'git:origin/other'],
    ['a branch of that name at the remote', ['--single-branch'], 'git:other'],
    ['a tag', ['--no-tags', '--depth', '1'], 'git:v1.0.0'],
  ];
  for (const [what, options, against] of missing) {
    it(`git: the fetch that it names brings ${what}`, async () => {
      assert.deepEqual(await followed(await clone(what.replaceAll(/\W/g, ''), ...options), against), FIRST);
    });
  }

  it('git: no repository, and no commit', async () => {
    const bare = new Project();
    try {
      assert.equal((await refused(bare.folder, 'git:HEAD')).code, EXIT.couldNotCheck);
      await bare.git('init', '--quiet');
      assert.equal((await refused(bare.folder, 'git:HEAD')).code, EXIT.unknown);
    } finally {
      bare.remove();
    }
  });

  it('npm: a package on this disk, packed as it would be published', async () => {
    await run('npm', ['pack', '--silent'], project.folder);
    const answer = await asked(project.folder, 'npm:./orders-1.4.2.tgz');
    assert.deepEqual(answer, { origin: 'npm:orders@1.4.2', versions: FIRST });
    rmSync(join(project.folder, 'orders-1.4.2.tgz'));
  });

  it('npm: no package, no version, and no dist-tag', async () => {
    const codes = await Promise.all(
      ['npm:./gone.tgz', 'npm:orders', 'npm:orders@latest', 'npm:orders@next', 'npm:@a/b@latest', 'npm:not a name@1'].map(
        async (against) => (await refused(project.folder, against)).code,
      ),
    );
    assert.deepEqual(codes, [3, 2, 2, 2, 2, 2]);
    assert.match((await refused(project.folder, 'npm:orders@latest')).text, /npm:orders@\^/);
  });

  it('dir: a recording, or a project that has one', async () => {
    for (const against of ['dir:.', 'dir:compat', `dir:${project.folder}`]) {
      assert.deepEqual(await asked(project.folder, against), { origin: against, versions: FIRST });
    }
    assert.equal((await refused(project.folder, 'dir:node_modules')).code, EXIT.unknown);
  });

  it('anything else is not understood', async () => {
    for (const against of ['main', 'svn:1', 'git:'])
      assert.equal((await refused(project.folder, against)).code, EXIT.couldNotCheck, against);
  });

  it('an archive is read with long names, and without its links', async () => {
    const long = `package/${'a'.repeat(120)}/${'b'.repeat(120)}.json`;
    const files = new Project({ [long]: '{}', 'package/x.json': '[]' });
    try {
      await run('bash', ['-c', 'ln -s x.json package/link.json && tar -czf all.tgz package'], files.folder);
      const read = filesOfTarball(readFileSync(join(files.folder, 'all.tgz')));
      assert.deepEqual([...read.keys()].sort(), [long, 'package/x.json']);
      assert.equal(read.get(long)?.toString(), '{}');
      assert.equal(filesOfTarball(gzipSync(Buffer.alloc(1024))).size, 0);
    } finally {
      files.remove();
    }
  });
});
