import assert from 'node:assert/strict';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Finished, root, runNode, withFiles } from './project.js';

const own = (name: string): string => readFileSync(join(root, name), 'utf8');
const TSCONFIG = JSON.stringify({
  compilerOptions: { strict: true, target: 'es2022', module: 'nodenext', types: [], noEmit: true },
  include: ['src'],
});

/** Runs a tool of the project in a folder with planted faults. */
async function on(files: Readonly<Record<string, string>>, tool: string, args: readonly string[]): Promise<Finished> {
  return withFiles({ 'package.json': '{ "name": "planted", "type": "module" }', 'tsconfig.json': TSCONFIG, ...files }, (folder) => {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    return runNode([join(folder, 'node_modules', tool), ...args], { cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
  });
}

describe('the tools as they are set up', function () {
  this.timeout(60_000);

  it('the linter finds a cycle, an any, a promise left alone, a default export and a console in src', async () => {
    const { code, output } = await on(
      {
        '.oxlintrc.json': own('.oxlintrc.json'),
        'src/a.ts': "import { b } from './b.js';\nexport default 1;\nexport const a = (): number => b();\n",
        'src/b.ts': "import { a } from './a.js';\nexport const b = (): number => a();\n",
        'src/c.ts': 'export const c: any = 1;\nasync function d(): Promise<void> {}\nd();\nconsole.log(c);\n',
      },
      'oxlint/bin/oxlint',
      ['--type-aware', '--deny-warnings', '-f', 'unix', 'src'],
    );
    assert.notEqual(code, 0);
    for (const rule of ['no-cycle', 'no-default-export', 'no-explicit-any', 'no-floating-promises', 'no-console']) {
      assert.ok(output.includes(`(${rule})`), `${rule} was not found:\n${output}`);
    }
  });

  it('the formatter finds a file in another form', async () => {
    const config = JSON.stringify({ ...(JSON.parse(own('biome.json')) as object), vcs: { enabled: false } });
    const sound = await on({ 'biome.json': config, 'src/a.ts': "export const a = 'x';\n" }, '@biomejs/biome/bin/biome', ['format', 'src']);
    assert.equal(sound.code, 0, sound.output);
    const { code } = await on({ 'biome.json': config, 'src/a.ts': 'export const a = "x"' }, '@biomejs/biome/bin/biome', ['format', 'src']);
    assert.notEqual(code, 0);
  });

  it('the API pages refuse a name without a doc comment and a link that leads nowhere', async () => {
    const options = { ...(JSON.parse(own('typedoc.json')) as object), projectDocuments: ['docs/*.md'], emit: 'none' };
    const { code, output } = await on(
      {
        'typedoc.json': JSON.stringify(options),
        'README.md': '# Planted\n',
        'docs/a.md': '# A\n',
        'src/testing/index.ts': '/** @module */\nexport {};\n',
        'src/index.ts': '/** A, see {@link Nowhere}. */\nexport const a = 1;\nexport const bare = 1;\n',
      },
      'typedoc/bin/typedoc',
      [],
    );
    assert.notEqual(code, 0);
    assert.match(output, /bare \(Variable\).*does not have any documentation/);
    assert.match(output, /Failed to resolve link to "Nowhere"/);
    assert.doesNotMatch(output, / a \(Variable\)/);
  });

  it('the search for dead code finds a file, an export and a dependency that nobody uses', async () => {
    const { code, output } = await on(
      {
        'package.json': JSON.stringify({ name: 'planted', type: 'module', exports: './dist/index.js', dependencies: { semver: '^7.0.0' } }),
        'tsconfig.json': JSON.stringify({ compilerOptions: { rootDir: 'src', outDir: 'dist' }, include: ['src'] }),
        'knip.json': own('knip.json'),
        'src/index.ts': "export { a } from './a.js';\n",
        'src/a.ts': 'export const a = 1;\nexport const unused = 2;\n',
        'src/lost.ts': 'export const lost = 3;\n',
      },
      'knip/bin/knip.js',
      [],
    );
    assert.notEqual(code, 0);
    for (const name of ['unused', 'src/lost.ts', 'semver']) assert.ok(output.includes(name), `${name} was not found:\n${output}`);
  });
});
