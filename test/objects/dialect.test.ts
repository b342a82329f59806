import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { Drawer, siteOf } from '#lynchpin/objects/index.js';
import { Field, t, type Class } from 'lynchpin';
import { failsWith } from './codes.js';

interface Note {
  readonly notes: string[];
}

const fresh = (): Note => ({ notes: [] });

describe('the records of a class', () => {
  it('belong to the class, its bases first, whichever dialect wrote them', () => {
    const drawer = new Drawer<Note>('test-a/1', fresh);
    class Base {}
    class Derived extends Base {}
    class Other extends Base {}
    drawer.at(siteOf(Base, undefined)).notes.push('legacy class');
    drawer.at(siteOf(Base.prototype, 'field')).notes.push('legacy field');
    const metadata = {};
    const context = { kind: 'field', name: 'x', static: false, private: false, metadata, addInitializer: () => {} };
    drawer.at(siteOf(undefined, context)).notes.push('standard field');
    drawer.at(siteOf(Derived, { ...context, kind: 'class', name: 'Derived' })).notes.push('standard class');
    assert.deepEqual(
      drawer.chain(Derived).map((record) => record.notes),
      [
        ['legacy class', 'legacy field'],
        ['standard field', 'standard class'],
      ],
    );
    assert.deepEqual(
      drawer.chain(Other).map((record) => record.notes),
      [['legacy class', 'legacy field']],
    );
    assert.equal(drawer.own(Other), undefined);
    assert.deepEqual([Object.keys(Derived), Object.keys(metadata)], [[], []]);
  });

  it('are found although someone else replaces Symbol.metadata afterwards', () => {
    const drawer = new Drawer<Note>('test-b/1', fresh);
    class Late {}
    const metadata = {};
    drawer.at(siteOf(undefined, { kind: 'field', name: 'x', metadata, addInitializer: () => {} })).notes.push('kept');
    Object.defineProperty(Late, Symbol.for('Symbol.metadata'), { value: metadata });
    assert.deepEqual(drawer.own(Late)?.notes, ['kept']);
  });

  it('are understood by a second copy of the package that has the same format, and not seen by another', async () => {
    const copy = (await import(new URL('../../../dist/objects/declare/dialect.js?copy', import.meta.url).href)) as {
      Drawer: typeof Drawer;
    };
    assert.notEqual(copy.Drawer, Drawer);
    class Shared {}
    new Drawer<Note>('test-c/1', fresh).for(Shared).notes.push('first');
    assert.deepEqual(new copy.Drawer<Note>('test-c/1', fresh).own(Shared)?.notes, ['first']);
    assert.equal(new copy.Drawer<Note>('test-c/2', fresh).own(Shared), undefined);
  });

  it('need members that have a name on the wire, and a compiler that gives metadata', () => {
    const decorate = Field(t.string()) as (target: unknown, where: unknown) => void;
    const context = { kind: 'field', name: 'x', static: false, private: false, metadata: {}, addInitializer: () => {} };
    decorate(undefined, context);
    failsWith('DECLARATION', () => decorate(undefined, { ...context, name: Symbol('x') }));
    failsWith('DECLARATION', () => decorate(undefined, { ...context, private: true, name: '#x' }));
    failsWith('DECLARATION', () => decorate(undefined, { ...context, static: true, metadata: {} }));
    failsWith('DECLARATION', () => decorate(undefined, { ...context, metadata: undefined }));
    failsWith('DECLARATION', () => decorate(class {}, 'x'));
    failsWith('DECLARATION', () => decorate(class {} as Class, undefined));
  });
});

describe('importing the package', () => {
  /** The optional and the heavy packages that are loaded after the script has run. */
  function loadedAfter(script: string): string {
    const report = `const { createRequire } = await import('node:module');
      const loaded = Object.keys(createRequire(import.meta.url).cache);
      console.log(['ajv', 'class-transformer', 'reflect-metadata'].filter((name) => loaded.some((file) => file.includes('/node_modules/' + name + '/'))).join());`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', `${script}\n${report}`], {
      encoding: 'utf8',
      cwd: new URL('../../../', import.meta.url),
    });
    assert.equal(stderr, '');
    return stdout.trim();
  }
  const declare = `const { t, defineObject, serialize } = await import('lynchpin');
    class A { id = 'x' }
    defineObject(A, { version: '1.0', fields: { id: t.string() } });`;

  it('loads neither Ajv nor class-transformer, and declaring does not either', () => {
    assert.equal(loadedAfter(declare), '');
  });

  it('loads Ajv with the first value, and class-transformer with its entry point', () => {
    assert.equal(loadedAfter(`${declare} serialize(new A());`), 'ajv');
    assert.equal(loadedAfter(`await import('lynchpin/class-transformer');`), 'class-transformer,reflect-metadata');
  });
});
