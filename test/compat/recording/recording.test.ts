import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { defineObject, t } from 'lynchpin';
import {
  canonical,
  declaredIn,
  readCorpus,
  readRecording,
  stampRelease,
  surfaceOf,
  writeRecording,
  type Surface,
} from '#lynchpin/compat/index.js';
import type { Version } from '#lynchpin/versions/index.js';
import { temporaryFolders } from '../support/folder.js';
import { root } from '../../style/project.js';
import * as zoo from '../support/zoo-and-vet.js';

/** An object `Thing` with the given fields, each since its version. */
function thing(version: Version, fields: Readonly<Record<string, Version>>): Surface {
  const options = Object.entries(fields).map(([name, since]) => [name, [t.string(), { since, default: '' }]]);
  class Thing {}
  return surfaceOf(declaredIn({ Thing: defineObject(Thing, { version, fields: Object.fromEntries(options) as never }) }));
}

const TEN = join('objects', 'Thing', '1.0.json');

describe('a recording', () => {
  const folder = temporaryFolders();

  it('gives back what was recorded, and writes nothing when nothing changed', () => {
    const [at, surface] = [folder(), surfaceOf(declaredIn(zoo))];
    const { written, removed, kept } = writeRecording(at, surface);
    assert.ok(written.includes('objects/Animal/1.0.json') && written.includes('apis/zoo/3.4.json') && written.includes('SURFACE.md'));
    assert.deepEqual([removed, kept], [[], []]);
    const { recorded, files } = readRecording(at);
    assert.deepEqual(files, []);
    const live = [...surface.objects, ...surface.apis].flatMap(({ entries }) => [...entries.values()]);
    assert.deepEqual(recorded.entries, JSON.parse(JSON.stringify(live)));
    const before = statSync(join(at, 'objects/Animal/1.0.json'), { bigint: true });
    assert.deepEqual(writeRecording(at, surfaceOf(declaredIn(zoo))), { written: [], removed: [], kept: [] });
    assert.equal(statSync(join(at, 'objects/Animal/1.0.json'), { bigint: true }).mtimeNs, before.mtimeNs);
    assert.equal(statSync(join(at, 'objects/Animal/1.0.json'), { bigint: true }).ino, before.ino);
  });

  it('is canonical text', () => {
    const at = folder();
    writeRecording(at, surfaceOf(declaredIn(zoo)));
    for (const path of ['objects/Animal/1.0.json', 'apis/zoo/3.4.json']) {
      const text = readFileSync(join(at, path), 'utf8');
      assert.equal(canonical(JSON.parse(text)), text);
    }
  });

  it('follows the code as long as an entry is not released', () => {
    const at = folder();
    writeRecording(at, thing('1.0', { a: '1.0' }));
    assert.deepEqual(writeRecording(at, thing('1.0', { a: '1.0', b: '1.0' })).written, [
      'SURFACE.md',
      'corpus/Thing/1.0/golden.json',
      'objects/Thing/1.0.json',
    ]);
    const [entry] = readRecording(at).recorded.entries;
    assert.ok(entry !== undefined && 'fields' in entry.facts && 'b' in entry.facts.fields);
  });

  it('never touches what is released', () => {
    const at = folder();
    writeRecording(at, thing('1.0', { a: '1.0' }), { released: '0.1.0' });
    const text = readFileSync(join(at, TEN), 'utf8');
    const changes = writeRecording(at, thing('1.1', { a: '1.0', b: '1.0', c: '1.1' }));
    assert.deepEqual(changes, {
      written: ['SURFACE.md', 'corpus/Thing/1.1/golden.json', 'objects/Thing/1.1.json'],
      removed: [],
      kept: ['objects/Thing/1.0.json'],
    });
    assert.equal(readFileSync(join(at, TEN), 'utf8'), text);
    assert.equal(readRecording(at).recorded.entries.find(({ facts }) => facts.version === '1.0')?.released, '0.1.0');
  });

  it('loses unreleased entries that the code no longer has, and keeps released ones', () => {
    const at = folder();
    writeRecording(at, thing('1.0', { a: '1.0' }), { released: '0.1.0' });
    writeRecording(at, thing('1.2', { a: '1.0', b: '1.2' }));
    assert.deepEqual(writeRecording(at, surfaceOf(declaredIn(zoo))).removed, [
      'corpus/Thing/1.1/golden.json',
      'corpus/Thing/1.2/golden.json',
      'objects/Thing/1.1.json',
      'objects/Thing/1.2.json',
    ]);
    assert.ok(existsSync(join(at, TEN)));
    const alone = folder();
    writeRecording(alone, thing('1.0', { a: '1.0' }));
    writeRecording(alone, surfaceOf(declaredIn(zoo)));
    assert.equal(existsSync(join(alone, 'objects/Thing')), false);
  });

  it('keeps what the code does not know at all, when it may have been loaded in part, and loses versions of what it knows', () => {
    const at = folder();
    writeRecording(at, thing('1.1', { a: '1.0', b: '1.1' }));
    writeRecording(at, surfaceOf(declaredIn(zoo)), { strangers: 'keep' });
    assert.ok(existsSync(join(at, 'objects/Thing/1.1.json')));
    assert.ok(existsSync(join(at, 'corpus/Thing/1.1/golden.json')));
    const { removed } = writeRecording(at, thing('1.0', { a: '1.0' }), { strangers: 'keep' });
    assert.deepEqual(removed, ['corpus/Thing/1.1/golden.json', 'objects/Thing/1.1.json']);
  });

  it('holds what a released API carries for released, also where a merge lost the stamp', () => {
    const at = folder();
    writeRecording(at, surfaceOf(declaredIn(zoo)), { released: '0.1.0' });
    const file = join(at, 'objects/Fur/1.0.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/,?\s*"released": "0.1.0"/, ''));
    assert.ok(!readFileSync(file, 'utf8').includes('released'));
    const fur = readRecording(at).recorded.entries.find(({ facts }) => facts.name === 'Fur');
    assert.equal(fur?.released, '0.1.0');
    const furless = surfaceOf(
      declaredIn({ Fur: defineObject(class Fur {}, { version: '1.0', fields: { length: t.integer() } as never }) }),
    );
    assert.deepEqual(writeRecording(at, furless).kept, ['objects/Fur/1.0.json']);
  });

  it('is stamped as a whole, once', () => {
    const at = folder();
    writeRecording(at, thing('1.0', { a: '1.0' }));
    assert.deepEqual(stampRelease(at, '0.1.0').written, ['SURFACE.md', 'objects/Thing/1.0.json']);
    writeRecording(at, thing('1.1', { a: '1.0', b: '1.1' }));
    assert.deepEqual(stampRelease(at, '0.2.0').written, ['SURFACE.md', 'objects/Thing/1.1.json']);
    assert.deepEqual(
      readRecording(at).recorded.entries.map(({ released }) => released),
      ['0.1.0', '0.2.0'],
    );
    assert.deepEqual(stampRelease(at, '0.3.0').written, []);
  });

  it('keeps the line for the changelog that someone wrote into an unreleased entry', () => {
    const at = folder();
    writeRecording(at, thing('1.0', { a: '1.0' }));
    const json = JSON.parse(readFileSync(join(at, TEN), 'utf8')) as object;
    writeFileSync(join(at, TEN), JSON.stringify({ ...json, description: 'The first.' }));
    writeRecording(at, thing('1.0', { a: '1.0', b: '1.0' }));
    const { recorded, files } = readRecording(at);
    assert.deepEqual([recorded.entries[0]?.description, files], ['The first.', []]);
  });

  it('is empty where there is no folder', () => {
    assert.deepEqual(readRecording(join(folder(), 'none')).recorded.entries, []);
  });

  it('gives names of any kind a path of their own', () => {
    const at = folder();
    for (const name of ['../up', '.', 'a/b', 'a%2Fb', 'Größe', 'x:y', 'con', 'LPT1', 'Console', 'end.', 'constructor']) {
      const owner = defineObject(
        class {
          x!: string;
        },
        { version: '1.0', name, fields: { x: t.string() } },
      );
      writeRecording(at, surfaceOf(declaredIn({ owner })), { released: '1' });
    }
    const { recorded, files } = readRecording(at);
    assert.deepEqual(files, []);
    const names = ['.', '../up', 'Console', 'Größe', 'LPT1', 'a%2Fb', 'a/b', 'con', 'constructor', 'end.', 'x:y'];
    assert.deepEqual(recorded.entries.map(({ facts }) => facts.name).sort(), names);
    // What Windows cannot check out: names of devices, and names that end in a dot.
    assert.deepEqual(
      readdirSync(join(at, 'objects')).filter((name) => /^(con|prn|aux|nul|com\d|lpt\d)$|[.<>:"|?*\\]$/i.test(name)),
      [],
    );
    assert.deepEqual(
      readdirSync(dirname(at)).filter((name) => name === 'up'),
      [],
    );
  });
});

describe('what is wrong with recorded files', () => {
  const folder = temporaryFolders();

  /** What is found after one file was spoilt, and what writing the same surface does then. */
  function after(spoil: (file: string, text: string) => void) {
    const [at, surface] = [folder(), thing('1.0', { a: '1.0' })];
    writeRecording(at, surface, { released: '0.1.0' });
    assert.deepEqual(readRecording(at).files, []);
    spoil(join(at, TEN), readFileSync(join(at, TEN), 'utf8'));
    const { files, recorded } = readRecording(at);
    const texts = () => readdirSync(join(at, 'objects/Thing')).map((name) => readFileSync(join(at, 'objects/Thing', name), 'utf8'));
    const before = texts();
    const { kept, written } = writeRecording(at, surface);
    assert.ok(!written.includes('SURFACE.md') || files.every(({ kind }) => kind === 'edited'), 'the page lost what could not be read');
    assert.deepEqual(
      before.filter((text) => !texts().includes(text)),
      [],
      'a file that is wrong was written over',
    );
    return { kinds: files.map(({ path, kind }) => `${path} ${kind}`), entries: recorded.entries.length, kept };
  }

  it('is said of what is no JSON, and left alone', () => {
    const { kinds, entries, kept } = after((file) => writeFileSync(file, '<<<<<<< HEAD\n{}\n=======\n'));
    assert.deepEqual(kinds, ['objects/Thing/1.0.json unreadable']);
    assert.deepEqual([entries, kept], [0, ['objects/Thing/1.0.json']]);
  });

  it('is said of JSON that is no entry', () => {
    for (const text of ['[]', 'null', '{"format":1}', '{"format":1,"facts":{"kind":"object"},"schema":{},"fingerprint":"1:0"}'])
      assert.deepEqual(after((file) => writeFileSync(file, text)).kinds, ['objects/Thing/1.0.json unreadable']);
  });

  it('is said of fields and types that are none, so that nobody trips over them', () => {
    const field = '{ "presence": "defaulted", "type": { "kind": "string" }, "default": "" }';
    for (const wrong of [
      'null',
      '[]',
      '{}',
      '{ "presence": "required", "type": null }',
      '{ "presence": "required", "type": { "kind": "enum" } }',
      '{ "presence": "required", "type": { "kind": "bigint", "minimum": "0x" } }',
    ]) {
      const spoil = (file: string, text: string): void => {
        const json = JSON.parse(text) as { facts: { fields: Record<string, unknown> } };
        assert.deepEqual(json.facts.fields['a'], JSON.parse(field));
        json.facts.fields['a'] = JSON.parse(wrong);
        writeFileSync(file, JSON.stringify(json));
      };
      assert.deepEqual(after(spoil).kinds, ['objects/Thing/1.0.json unreadable'], wrong);
    }
  });

  it('is said of another form of file', () => {
    const { kinds, kept } = after((file, text) => writeFileSync(file, text.replace('"format": 1', '"format": 2')));
    assert.deepEqual([kinds, kept], [['objects/Thing/1.0.json format'], ['objects/Thing/1.0.json']]);
  });

  it('is said of what was edited by hand, which is an entry all the same', () => {
    const { kinds, entries, kept } = after((file, text) => writeFileSync(file, text.replaceAll('"default": ""', '"default": "x"')));
    assert.deepEqual([kinds, entries, kept], [['objects/Thing/1.0.json edited'], 1, ['objects/Thing/1.0.json']]);
  });

  it('is said of an entry in the place of another', () => {
    const { kinds } = after((file) => renameSync(file, join(dirname(file), '1.7.json')));
    assert.deepEqual(kinds, ['objects/Thing/1.7.json misplaced']);
  });

  it('is said of files that are nobody’s, but not of hidden ones and those beside the entries', () => {
    const { kinds } = after((file) => {
      const root = dirname(dirname(dirname(file)));
      writeFileSync(join(dirname(file), 'notes.txt'), '');
      writeFileSync(join(dirname(file), '.1.0.json.5.ab'), '');
      mkdirSync(join(root, 'objects', 'a', 'b'), { recursive: true });
      writeFileSync(join(root, 'objects', 'a', 'b', '1.0.json'), '{}');
      writeFileSync(join(root, 'README.md'), '');
    });
    assert.deepEqual(kinds, ['objects/Thing/notes.txt foreign', 'objects/a/b/1.0.json foreign']);
  });
});

describe('writing a recording', () => {
  const folder = temporaryFolders();

  it('takes the line ends of Windows for no change, and the mark that its editors write for no text', () => {
    const [at, surface] = [folder(), thing('1.1', { a: '1.0', b: '1.1' })];
    const { written } = writeRecording(at, surface);
    for (const path of written) writeFileSync(join(at, path), readFileSync(join(at, path), 'utf8').replaceAll('\n', '\r\n'));
    assert.deepEqual(writeRecording(at, surface), { written: [], removed: [], kept: [] });
    for (const path of written) writeFileSync(join(at, path), `\uFEFF${readFileSync(join(at, path), 'utf8')}`);
    const { recorded, files } = readRecording(at);
    assert.deepEqual([recorded.entries.length, files, readCorpus(at).length], [2, [], 2]);
  });

  it('leaves nothing half done behind when it cannot write', () => {
    const at = folder();
    mkdirSync(join(at, TEN), { recursive: true });
    assert.throws(() => writeRecording(at, thing('1.0', { a: '1.0' })));
    assert.deepEqual(readdirSync(join(at, 'objects/Thing')), ['1.0.json']);
  });

  it('does what it should in several processes at once', async () => {
    const at = folder();
    const program = `
      import { defineObject, t } from ${JSON.stringify(pathToFileURL(join(root, 'dist/index.js')).href)};
      import { declaredIn, surfaceOf, writeRecording } from ${JSON.stringify(pathToFileURL(join(root, 'dist/compat/index.js')).href)};
      const fields = Object.fromEntries(Array.from({ length: 40 }, (_, at) => ['f' + at, t.string()]));
      const surface = surfaceOf(declaredIn({ Thing: defineObject(class Thing {}, { version: '1.9', fields }) }));
      for (let at = 0; at < 3; at++) writeRecording(${JSON.stringify(at)}, surface);
    `;
    const run = promisify(execFile);
    await Promise.all([1, 2].map(() => run(process.execPath, ['--input-type=module', '--eval', program])));
    const { recorded, files } = readRecording(at);
    assert.deepEqual([recorded.entries.length, files], [10, []]);
    assert.deepEqual(
      readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((path) => basename(path).startsWith('.')),
      [],
    );
  });

  it('reads what a build tool linked into place', () => {
    const [at, linked] = [folder(), folder()];
    writeRecording(at, thing('1.0', { a: '1.0' }), { released: '0.1.0' });
    mkdirSync(join(linked, 'objects/Thing'), { recursive: true });
    symlinkSync(join(at, TEN), join(linked, TEN));
    symlinkSync(join(at, 'nowhere'), join(linked, 'objects/Thing/1.1.json'));
    const { recorded, files } = readRecording(linked);
    assert.deepEqual([recorded.entries.length, files], [1, []]);
  });
});
