import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../style/project.js';
import { CONTRACTS } from './support/contracts.js';
import { bin, inside, Project, run } from './support/project.js';

const MANIFEST = (type: string): string =>
  JSON.stringify({ name: 'volumes', version: '1.0.0', type, lynchpin: { contracts: ['./src/contracts.ts'] } });
const DECORATED = readFileSync(join(root, 'examples/tour/contract.ts'), 'utf8');

/** A project with TypeScript contracts, and the given programs to run them with. */
function typed(files: Readonly<Record<string, string>>, ...runners: readonly string[]): Project {
  const project = new Project({ 'package.json': MANIFEST('module'), 'src/contracts.ts': DECORATED, ...files });
  for (const runner of runners) symlinkSync(join(root, 'node_modules', runner), join(project.folder, 'node_modules', runner));
  return project;
}

describe('TypeScript contracts', () => {
  const dialects: readonly (readonly [what: string, config: string | undefined])[] = [
    ['standard decorators', undefined],
    ['standard decorators, with a tsconfig.json', '{ "compilerOptions": { "target": "es2022" } }'],
    ['experimental decorators', '{ "compilerOptions": { "experimentalDecorators": true, "useDefineForClassFields": false } }'],
    ['experimental decorators with metadata', '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }'],
  ];
  for (const [what, config] of dialects) {
    it(`load through tsx with ${what}, from wherever it is started`, async () => {
      const project = typed(config === undefined ? {} : { 'tsconfig.json': config }, 'tsx');
      try {
        const { code, out, err } = await run(process.execPath, [bin, 'compat', 'check', '-C', project.folder], tmpdir());
        assert.equal(code, 0, out + err);
        assert.match(err, /objects\/Volume\/1\.2\.json/);
      } finally {
        project.remove();
      }
    });
  }

  it('of several files are edited where they are declared', async () => {
    const [imports = '', ...rest] = DECORATED.split('\n\n');
    const cut = rest.findIndex((part) => part.includes('@Message()'));
    const names = `import { Volume } from './volume.js';\n`;
    const project = typed(
      {
        'src/volume.ts': [imports, ...rest.slice(0, cut)].join('\n\n'),
        'src/contracts.ts': [imports, names, ...rest.slice(cut)].join('\n\n'),
      },
      'tsx',
    );
    try {
      for (const args of [['record'], ['release', '1.0.0'], ['bump', 'Volume', '--minor', '--parents', '--write'], ['record']]) {
        // oxlint-disable-next-line no-await-in-loop
        const { code, err } = await project.lynchpin(['compat', ...args]);
        assert.equal(code, 0, `${args.join(' ')}: ${err}`);
      }
      assert.match(project.read('src/volume.ts'), /@VersionedObject\(\{ version: '1\.3' \}\)\nexport class Volume/);
      assert.match(project.read('src/contracts.ts'), /'3\.5': \{ Volume: '1\.3' \}/);
      assert.ok(existsSync(join(project.folder, 'compat/apis/volume/3.5.json')));
    } finally {
      project.remove();
    }
  });

  it('that were compiled with a source map are edited in their sources', async () => {
    const project = new Project({
      'package.json': JSON.stringify({ type: 'module', lynchpin: { contracts: ['./dist/contracts.js'] } }),
      'src/contracts.ts': CONTRACTS,
      'dist/contracts.js': `${CONTRACTS}//# sourceMappingURL=contracts.js.map\n`,
      'dist/contracts.js.map': JSON.stringify({ version: 3, sources: ['../src/contracts.ts'], mappings: '' }),
    });
    try {
      for (const args of [['record'], ['release', '1.0.0'], ['bump', 'orders', '--minor', '--write']]) {
        // oxlint-disable-next-line no-await-in-loop
        assert.equal((await project.lynchpin(['compat', ...args])).code, 0);
      }
      assert.match(project.read('src/contracts.ts'), /version: '2\.2'/);
      assert.doesNotMatch(project.read('dist/contracts.js'), /version: '2\.2'/);
    } finally {
      project.remove();
    }
  });

  it('that nothing here can run are refused with what to do', async () => {
    const project = typed({});
    try {
      const { code, out, err } = await inside(project.folder, ['compat', 'record']);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, /src\/contracts\.ts is TypeScript[^]*npm install --save-dev tsx[^]*dist/);
    } finally {
      project.remove();
    }
  });

  // Neither is installed here. What stands in for them has their names and ways in, and says that it was asked.
  for (const name of ['@swc-node/register', 'ts-node']) {
    it(`are given to the hooks of ${name}, where the project has that`, async () => {
      const project = typed({
        [`node_modules/${name}/package.json`]: JSON.stringify({
          name,
          exports: { './esm': { types: './no.d.ts', import: './hooks.mjs' } },
        }),
        [`node_modules/${name}/hooks.mjs`]: `export async function load(url, context, next) {
          return url.endsWith('.ts') ? { format: 'module', shortCircuit: true, source: 'throw new Error("asked of ${name}");' } : next(url, context);
        }`,
      });
      try {
        const { code, err } = await project.lynchpin(['compat', 'record']);
        assert.equal(code, 2);
        assert.match(err, new RegExp(`cannot be loaded through ${name}:[^]*asked of ${name}`));
      } finally {
        project.remove();
      }
    });
  }
});
