import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../style/project.js';
import { CONTRACTS } from './support/contracts.js';
import { bin, Project, run } from './support/project.js';

/** What the page says before it comes to commands that need a broker. */
const [PAGE = ''] = readFileSync(join(root, 'docs/guide/cli.md'), 'utf8').split('\n## Fleet commands\n');

/** The commands of the page, one a line, in their order. */
const COMMANDS = [...PAGE.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
  .flatMap((block) => (block[1] ?? '').split('\n'))
  .map((line) => line.replace(/\s+#.*$/, ''))
  .filter((line) => line !== '');

describe('the guide to the command line', () => {
  const project = new Project({
    'contracts.js': CONTRACTS,
    'running.json': '[{ "topic": "orders", "floor": "2.0", "version": "2.1", "server": "orders-1" }]',
  });
  after(() => project.remove());

  it('shows commands that work, in the order in which they stand there', async function () {
    this.timeout(60_000);
    mkdirSync(join(project.folder, 'node_modules/.bin'));
    symlinkSync(bin, join(project.folder, 'node_modules/.bin/lynchpin'));
    const path = `${join(project.folder, 'node_modules/.bin')}:${process.env['PATH']}`;
    await project.git('init', '--quiet', '--initial-branch', 'main');
    assert.ok(COMMANDS.length > 15);
    let key = '';
    for (const [at, command] of COMMANDS.entries()) {
      if (command.includes('$KEY')) {
        // Something that is to be accepted: released versions with a field more.
        project.edit('contracts.js', 'id: t.uuid(),', 'id: t.uuid(),\n    note: [t.string(), { optional: true }],');
        const { out } = await project.lynchpin(['compat', 'check', '--no-laws', '--format', 'json']);
        const { findings } = JSON.parse(out) as { findings: readonly { rule: string; fingerprint: string }[] };
        key = findings.find(({ rule }) => rule === 'object/field-added-no-bump')?.fingerprint ?? '';
        assert.notEqual(key, '');
        await shown(at, command);
        // The bump is taken back too: its functions do nothing yet, which is a violation.
        project.write({ 'contracts.js': CONTRACTS, 'compat/accepted.json': '{ "format": 1, "accepted": [] }' });
        assert.equal((await project.lynchpin(['compat', 'record'])).code, 0);
        await project.commit();
        await run('npm', ['pack', '--silent'], project.folder);
        continue;
      }
      await shown(at, command);
    }

    async function shown(at: number, command: string): Promise<void> {
      // npx once, as it stands there; it takes longer than all that it starts.
      const text = at === 0 ? command : command.replaceAll('npx lynchpin', 'lynchpin');
      const { code, out, err } = await run('bash', ['-c', text], project.folder, { env: { PATH: path, KEY: key } });
      assert.equal(code, 0, `${command}\n${out}${err}`);
    }
  });

  it('names every command that there is', async () => {
    const { out } = await project.lynchpin(['compat', '--help']);
    const commands = [...out.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name ?? '').filter((name) => !name.startsWith('-'));
    const page = COMMANDS.join('\n');
    assert.deepEqual(
      commands.filter((name) => !page.includes(`compat ${name}`)),
      [],
    );
    assert.ok(commands.length >= 10);
  });
});
