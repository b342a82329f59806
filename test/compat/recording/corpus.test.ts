import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LynchpinError } from 'lynchpin';
import { forgetValues, keepValue, readCorpus } from '#lynchpin/compat/index.js';
import { temporaryFolders } from '../support/folder.js';

describe('the corpus', () => {
  const folder = temporaryFolders();
  const write = (at: string, path: string, text: string): void => {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), text);
  };

  it('reads what it keeps, under any name', () => {
    const at = folder();
    for (const name of ['Volume', '../..', 'a/b:c', 'CON']) {
      const file = keepValue(at, { name, version: '1.0', value: { name, list: [1, null] } });
      assert.ok(file !== undefined && existsSync(join(at, file)));
    }
    assert.deepEqual(
      readCorpus(at)
        .map(({ name, version, value }) => ({ name, version, value }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      ['../..', 'CON', 'Volume', 'a/b:c'].map((name) => ({ name, version: '1.0', value: { name, list: [1, null] } })),
    );
    assert.deepEqual(readdirSync(at), ['corpus']);
  });

  it('keeps a value once, however its keys are ordered', () => {
    const at = folder();
    assert.notEqual(keepValue(at, { name: 'Volume', version: '1.0', value: { a: 1, b: 2 } }), undefined);
    assert.equal(keepValue(at, { name: 'Volume', version: '1.0', value: { b: 2, a: 1 } }), undefined);
    assert.equal(readCorpus(at).length, 1);
  });

  it('forgets the values of one version, and never a golden', () => {
    const at = folder();
    write(at, 'corpus/Volume/1.0/golden.json', '{}');
    const file = keepValue(at, { name: 'Volume', version: '1.0', value: { a: 1 } });
    keepValue(at, { name: 'Volume', version: '1.1', value: { a: 1 } });
    assert.deepEqual(forgetValues(at, 'Volume', '1.0'), [file]);
    assert.deepEqual(
      readCorpus(at).map(({ version }) => version),
      ['1.0', '1.1'],
    );
  });

  it('is empty where there is none, and refuses what it cannot read', () => {
    assert.deepEqual(readCorpus(join(folder(), 'nothing')), []);
    for (const [path, text] of [
      ['corpus/Volume/1.0/broken.json', '{'],
      ['corpus/Volume/newest/value.json', '{}'],
      ['corpus/Volume/1.0/deeper/value.json', '{}'],
      ['corpus/%zz/1.0/value.json', '{}'],
      ['corpus/Volume/1.0/notes.txt', 'x'],
    ] as const) {
      const at = folder();
      write(at, path, text);
      assert.throws(
        () => readCorpus(at),
        (error) => LynchpinError.is(error, 'DECLARATION') && error.details['file'] === path,
      );
    }
  });
});
