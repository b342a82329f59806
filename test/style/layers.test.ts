import assert from 'node:assert/strict';
import { root, runNode, withFiles } from './project.js';

/** A small tree of rooms in good order, to plant violations in. */
const SOUND = {
  'src/errors/index.ts': 'export const a = 1;\n',
  'src/errors/error.ts': 'export const b = 1;\n',
  'src/objects/index.ts': "import { a } from '../errors/index.js';\nexport const c = a;\n",
  'src/broker/index.ts': "export type { D } from './broker.js';\n",
  'src/broker/broker.ts': 'export type D = 1;\n',
  'src/broker/amqp/index.ts': "import type { D } from '../broker.js';\nimport { connect } from 'amqplib';\nexport const e: D = connect;\n",
  'src/objects/drawer/plan.ts': "import type { c } from '../index.js';\nexport type G = typeof c;\n",
  'src/objects/plans.ts': "export type { G } from './drawer/plan.js';\n",
  'src/rpc/index.ts': "import { c } from '../objects/index.js';\nexport const f = c;\n",
};

describe('layers', () => {
  it('imports in src go down only, through each room’s index', async () => {
    const { code, output } = await runNode(['scripts/layers.js']);
    assert.equal(code, 0, output);
  });

  it('accepts a small tree in good order', async () => {
    const { code, output } = await withFiles(SOUND, (folder) => runNode([`${root}/scripts/layers.js`, folder]));
    assert.equal(code, 0, output);
  });

  it('is shown to fail: each planted violation is found, and nothing else', async () => {
    const planted = {
      'src/errors/up.ts': "import { c } from '../objects/index.js';\nexport const x = c;\n",
      'src/objects/sideways.ts': "export type { D } from '../broker/index.js';\n",
      'src/rpc/inside.ts': "import { b } from '../errors/error.js';\nexport const x = b;\n",
      'src/rpc/drawer.ts': "export type { G } from '../objects/drawer/plan.js';\n",
      'src/broker/wall.ts': "import { f } from './amqp/socket.js';\nexport const x = f;\n",
      'src/broker/amqp/socket.ts': 'export const f = 1;\n',
      'src/rpc/lazy.ts': "export const x = () => import('amqplib');\n",
      'src/rpc/validator.ts': "import { Ajv } from 'ajv/dist/2020.js';\nexport const x = Ajv;\n",
      'src/rpc/itself.ts': "import { x } from 'lynchpin';\nexport const y = x;\n",
      'src/rpc/outside.ts': "import { x } from '../../test/x.js';\nexport const y = x;\n",
      'src/objects/bridge.ts': "import 'class-transformer';\n",
      'src/objects/second.ts': "import 'class-transformer';\n",
      'src/cellar/index.ts': 'export const x = 1;\n',
    };
    const { code, output } = await withFiles({ ...SOUND, ...planted }, (folder) => runNode([`${root}/scripts/layers.js`, folder]));
    assert.equal(code, 1);
    const found = output.trim().split('\n');
    for (const name of ['up', 'sideways', 'inside', 'drawer', 'wall', 'lazy', 'validator', 'itself', 'outside', 'second']) {
      assert.equal(found.filter((line) => line.includes(`/${name}.ts`)).length, 1, `${name}:\n${output}`);
    }
    assert.equal(found.filter((line) => line.includes('cellar')).length, 1, output);
    assert.equal(found.length, 11, output);
  });
});

describe('lengths', () => {
  it('no file in src is over 500 lines, and nine in ten are under 300', async () => {
    const { code, output } = await runNode(['scripts/lengths.js']);
    assert.equal(code, 0, output);
  });

  it('is shown to fail on a file of 501 lines, and on two of ten with 300', async () => {
    const short = Object.fromEntries('abcdefgh'.split('').map((name) => [`src/errors/${name}.ts`, '\n'.repeat(100)]));
    const tooLong = await withFiles({ ...short, 'src/errors/i.ts': '\n'.repeat(501) }, (folder) =>
      runNode([`${root}/scripts/lengths.js`, folder]),
    );
    assert.equal(tooLong.code, 1);
    const tooMany = await withFiles({ ...short, 'src/errors/i.ts': '\n'.repeat(300), 'src/errors/j.ts': '\n'.repeat(300) }, (folder) =>
      runNode([`${root}/scripts/lengths.js`, folder]),
    );
    assert.equal(tooMany.code, 1);
  });
});
