import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../../scripts/files.js';
import { root } from './project.js';

/** Code without its layout. */
const bare = (code: string): string => code.replace(/\s+/g, '').replaceAll(',)', ')').replaceAll(',}', '}');

/** The lines of code in the `ts` blocks of a page, without remarks. */
function linesOf(page: string): string[] {
  return [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
    .flatMap(([, code = '']) => code.split('\n').map((line) => line.replace(/(^|\s)\/\/.*$/, '').trim()))
    .filter((line) => line !== '' && !line.startsWith('/**'));
}

describe('the code that README and the guide show', () => {
  const source = filesBelow(root, 'examples')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => bare(readFileSync(join(root, file), 'utf8')))
    .join('\n');
  const strange = (page: string): string[] => linesOf(page).filter((line) => !source.includes(bare(line).replace(/,$/, '')));
  const guide = ['declaring', 'calling', 'operating', 'compat', 'skew'].map((page) => `docs/guide/${page}.md`);
  const pages = ['README.md', ...guide];

  for (const page of pages) {
    it(`is compiled and run: every line of ${page} stands in an example`, () => {
      const text = readFileSync(join(root, page), 'utf8');
      assert.ok(linesOf(text).length >= 4);
      assert.deepEqual(strange(text), []);
    });
  }

  it('is shown to fail on a line that no example has', () => {
    assert.deepEqual(strange('```ts\nvolumes.call.explode();\n```\n'), ['volumes.call.explode();']);
  });
});
