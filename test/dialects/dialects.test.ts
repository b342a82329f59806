import assert from 'node:assert/strict';
import { join, relative } from 'node:path';
import { root, runNode } from '../style/project.js';
import { type Dialect, esbuild, freshFolder, LEGACY, LEGACY_ASSIGN, LEGACY_METADATA, SPECS, STANDARD, swc, tsc, tsx } from './compilers.js';

const title = ({ decorators, metadata, fields }: Dialect): string =>
  `${decorators} decorators${metadata === 'metadata' ? ' with metadata' : ''}, fields by ${fields === 'define' ? 'definition' : 'assignment'}`;

const slug = (compiler: string, { decorators, metadata, fields }: Dialect): string => [compiler, decorators, fields, metadata].join('-');

/** Runs what was compiled in a process of its own, and answers how many tests passed. */
async function run(folder: string, dialect: Dialect, extension: '.js' | '.ts' = '.js'): Promise<number> {
  const specs = SPECS.map((spec) => join(folder, relative('test', spec).replace(/\.ts$/, extension)));
  const loader = extension === '.ts' ? ['--import', 'tsx'] : [];
  const { code, output } = await runNode([...loader, 'node_modules/mocha/bin/mocha.js', '--no-config', '--reporter', 'dot', ...specs], {
    env: {
      ...process.env,
      LYNCHPIN_DIALECT: dialect.decorators,
      LYNCHPIN_METADATA: dialect.metadata,
      LYNCHPIN_FIELDS: dialect.fields,
      TSX_TSCONFIG_PATH: join(folder, 'tsconfig.json'),
    },
  });
  assert.equal(code, 0, output);
  return Number(/(\d+) passing/.exec(output)?.[1] ?? 0);
}

describe('decorators mean the same in each dialect', function () {
  this.timeout(60_000);
  const passed = new Map<string, number>();

  for (const [compiler, name] of [
    ['typescript', 'TypeScript 6'],
    ['typescript7', 'TypeScript 7'],
  ] as const) {
    for (const dialect of [STANDARD, LEGACY, LEGACY_ASSIGN, LEGACY_METADATA]) {
      it(`${name}: ${title(dialect)}`, async () => {
        const folder = freshFolder(slug(compiler, dialect));
        const { code, output } = await tsc(compiler, dialect, folder);
        assert.equal(code, 0, output);
        passed.set(folder, await run(folder, dialect));
      });
    }
  }

  for (const [name, compile] of Object.entries({ esbuild, swc })) {
    for (const dialect of [STANDARD, LEGACY, LEGACY_ASSIGN, ...(name === 'swc' ? [LEGACY_METADATA] : [])]) {
      it(`${name}: ${title(dialect)}`, async () => {
        const folder = freshFolder(slug(name, dialect));
        await compile(dialect, folder);
        passed.set(folder, await run(folder, dialect));
      });
    }
  }

  for (const dialect of [STANDARD, LEGACY_ASSIGN]) {
    it(`tsx: ${title(dialect)}`, async () => {
      const folder = freshFolder(slug('tsx', dialect));
      tsx(dialect, folder);
      passed.set(folder, await run(folder, dialect, '.ts'));
    });
  }

  it('is shown to fail when a compiler writes another dialect than it was told', async () => {
    const folder = freshFolder('mistaken');
    await esbuild(LEGACY_ASSIGN, folder);
    for (const expected of [STANDARD, LEGACY, LEGACY_METADATA]) await assert.rejects(run(folder, expected), { code: 'ERR_ASSERTION' });
  });

  it('every compiler ran every test', () => {
    const counts = new Set(passed.values());
    assert.equal(counts.size, 1, JSON.stringify([...passed], null, 2));
    assert.ok([...counts].every((count) => count >= SPECS.length));
  });
});

describe('a wrong field or method type is a compile error', function () {
  this.timeout(60_000);

  for (const compiler of ['typescript', 'typescript7'] as const) {
    for (const dialect of [STANDARD, LEGACY]) {
      it(`${compiler}, ${dialect.decorators} decorators`, async () => {
        const folder = freshFolder(`refused-${slug(compiler, dialect)}`);
        const { code, output } = await tsc(compiler, dialect, folder, ['test/dialects/refused/wrong-type.ts']);
        assert.notEqual(code, 0);
        for (const line of [6, 7, 12]) assert.match(output, new RegExp(`wrong-type\\.ts\\(${line},`), relative(root, folder));
      });
    }
  }
});
