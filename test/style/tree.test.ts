import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../../scripts/files.js';
import { root } from './project.js';

/** Put together from pieces, so that this file does not contain what it looks for. */
const piece = (...parts: readonly string[]): string => parts.join('');

const FORBIDDEN: ReadonlyArray<{ readonly what: string; readonly pattern: RegExp; readonly where?: RegExp }> = [
  { what: 'work that is not done', pattern: new RegExp(`\\b(${piece('TO', 'DO')}|${piece('FIX', 'ME')}|${piece('X', 'XX')})\\b`) },
  {
    what: "a path of someone's machine",
    pattern: new RegExp(`(^|[\\s"'\`(=:])/(${['tmp', 'work', 'home', 'root', 'Users'].join('|')})/`, 'm'),
  },
  { what: 'the address of a registry', pattern: new RegExp(`https?://(registry\\.|[a-z.]*${piece('verd', 'accio')}|npm\\.)`) },
  { what: 'a test left out or run alone', pattern: /\b(describe|it)\.(only|skip)\(/, where: /^test\/.*\.ts$/ },
  { what: 'a type check switched off', pattern: new RegExp(`@ts-(${piece('no', 'check')}|${piece('ig', 'nore')})`), where: /\.(ts|js)$/ },
];

/** Files that are not ours to word, or no text. */
const LEFT_OUT = /^(package-lock\.json|LICENSE)$|\.(png|ico|gz|tgz|bin|woff2?)$/;

/** What is wrong with one file. */
function problems(file: string, text: string): string[] {
  return FORBIDDEN.filter(({ pattern, where }) => (where?.test(file) ?? true) && pattern.test(text)).map(({ what, pattern }) => {
    const line = text.slice(0, text.search(pattern) + 1).split('\n').length;
    return `${file}:${line} has ${what}`;
  });
}

describe('the tree', () => {
  it('has no unfinished work, machine paths, registry addresses or tests left out', () => {
    const files = filesBelow(root).filter((file) => !LEFT_OUT.test(file));
    assert.ok(files.includes('src/index.ts'), 'the tree was not found');
    assert.deepEqual(
      files.flatMap((file) => problems(file, readFileSync(join(root, file), 'utf8'))),
      [],
    );
  });

  it('is shown to fail on one of each', () => {
    const planted = [
      `// ${piece('TO', 'DO')}: later`,
      `const path = '${piece('/tm', 'p/x')}';`,
      `see ${piece('https://regis', 'try.npmjs.org/x')}`,
      piece('it.on', "ly('x', () => {})"),
      `// ${piece('@ts-ig', 'nore')}`,
    ];
    for (const text of planted) assert.equal(problems('test/planted.ts', `fine\n${text}\n`).length, 1, text);
    assert.deepEqual(problems('test/planted.ts', 'See /usr/lib and a/tmp/b, in all todos.'), []);
  });
});
