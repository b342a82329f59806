import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.js';

/** The files that make a signal of several in the way that Node 20 may forget. */
const forgetful = (files: ReadonlyMap<string, string>): string[] =>
  [...files].filter(([, text]) => text.includes('AbortSignal.any(')).map(([path]) => path);

function sources(): Map<string, string> {
  const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return new Map(paths.map((path) => [path, readFileSync(join(root, 'src', path), 'utf8')]));
}

describe('a signal of several', () => {
  it('is made by whichever alone, which holds what it waits for', () => {
    const files = sources();
    assert.ok(files.has(join('rpc', 'whichever.ts')));
    assert.deepEqual(forgetful(files), []);
  });

  it('is found where it is not', () => {
    const planted = new Map([['fleet/planted.ts', 'const either = AbortSignal.any([one, other]);']]);
    assert.deepEqual(forgetful(new Map([...sources(), ...planted])), ['fleet/planted.ts']);
  });
});
