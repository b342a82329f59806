import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, inside, Project, run } from './support/project.js';

describe('completion', () => {
  const project = new Project();
  after(() => project.remove());

  /** What bash offers for a command line whose last word is being typed. */
  async function offered(...words: readonly string[]): Promise<readonly string[]> {
    const path = join(project.folder, 'bin');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'lynchpin'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`);
    chmodSync(join(path, 'lynchpin'), 0o755);
    const quoted = ['lynchpin', ...words].map((word) => `'${word}'`).join(' ');
    const script = `eval "$(lynchpin completion bash)"; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _lynchpin; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p lynchpin`;
    const { code, out, err } = await run('bash', ['--norc', '-c', script], project.folder, {
      env: { PATH: `${path}:${process.env['PATH']}` },
    });
    assert.deepEqual([code, err], [0, '']);
    const lines = out.trimEnd().split('\n');
    assert.equal(lines.pop(), 'complete -F _lynchpin lynchpin');
    return lines;
  }

  it('for bash offers commands, options, their choices, and rules', async () => {
    assert.deepEqual(await offered('com'), ['compat', 'completion']);
    assert.deepEqual(await offered('compat', 'c'), ['check', 'changelog', 'can-deploy']);
    assert.deepEqual(await offered('compat', 'check', '--format', 'j'), ['json', 'junit']);
    assert.deepEqual(await offered('compat', 'explain', 'history/g'), ['history/gap']);
  });

  it('for bash offers files where there is nothing else', async () => {
    project.write({ 'running.json': '[]' });
    assert.deepEqual(await offered('compat', 'can-deploy', '--fleet', 'runn'), ['running.json']);
  });

  it('answers for every command without a word about what is hidden', async () => {
    const words = async (...typed: readonly string[]): Promise<readonly string[]> =>
      (await inside(project.folder, ['completion', 'words', '--', ...typed])).out.trimEnd().split('\n');
    assert.deepEqual(await words('completion', ''), ['bash', 'zsh']);
    assert.deepEqual(await words('compat', 'bump', '--m'), ['--minor', '--major']);
    assert.deepEqual(await words('compat', 'check', '--'), [
      '--against',
      '--no-laws',
      '--release',
      '--contracts',
      '--format',
      '--json',
      '--help',
    ]);
    assert.deepEqual(await words('compat', 'check', '--format', 'x'), ['']);
  });

  it('for zsh asks the same question, with what zsh has typed so far', async () => {
    const { out } = await inside(project.folder, ['completion', 'zsh']);
    assert.match(out, /^#compdef lynchpin\n/);
    assert.match(out, /completion words -- "\$\{\(@\)words\[2,CURRENT\]\}"/);
    assert.match(out, /\ncompdef _lynchpin lynchpin\n$/);
    const { code, out: where } = await run('sh', ['-c', 'command -v zsh'], project.folder);
    // Without a zsh only its brackets can be looked at; with one it is read in.
    if (code === 0) assert.equal((await run(where.trim(), ['-n', '-c', out], project.folder)).code, 0);
    for (const [open, close] of ['{}', '()', '[]']) assert.equal(out.split(open ?? '').length, out.split(close ?? '').length);
  });
});
