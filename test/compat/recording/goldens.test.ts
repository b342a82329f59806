import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineApi, defineMessage, defineObject, deserialize, t } from 'lynchpin';
import {
  declaredIn,
  keepValue,
  lawFacts,
  readCorpus,
  readRecording,
  surfaceOf,
  writeRecording,
  type Surface,
} from '#lynchpin/compat/index.js';
import { Contract } from '#lynchpin/rpc/index.js';
import type { Version } from '#lynchpin/versions/index.js';
import { Animal, Feed, Sighting } from '../../objects/zoo.js';
import { temporaryFolders } from '../support/folder.js';
import * as zoo from '../support/zoo-and-vet.js';

/** An object `Thing` with the given fields, each since its version, and an object in it. */
function thing(version: Version, fields: Readonly<Record<string, Version>>): Surface {
  class Thing {}
  class Part {}
  defineObject(Part, { version: '1.0', fields: { number: t.integer() } as never });
  const own = Object.entries(fields).map(([name, since]) => [name, [t.string(), { since, default: '' }]]);
  const all = { part: t.object(() => Part), ...Object.fromEntries(own) };
  return surfaceOf(declaredIn({ Thing: defineObject(Thing, { version, fields: all as never }) }));
}

describe('a golden', () => {
  const folder = temporaryFolders();
  const read = (at: string, name: string, version: string): string =>
    readFileSync(join(at, 'corpus', name, version, 'golden.json'), 'utf8');

  it('of each version of an object is read by today’s code', () => {
    const at = folder();
    writeRecording(at, surfaceOf(declaredIn(zoo)));
    for (const owner of [Animal, Sighting, zoo.Ticket]) {
      const versions = readdirSync(join(at, 'corpus', owner.name));
      assert.ok(versions.length >= 3);
      for (const version of versions)
        assert.ok(deserialize(owner as typeof Animal, JSON.parse(read(at, owner.name, version)) as never) instanceof owner);
    }
  });

  it('of a message is there for each version of the API that changed it, and is read by today’s code', () => {
    const at = folder();
    writeRecording(at, surfaceOf(declaredIn(zoo)));
    const contract = Contract.of(zoo.ZooApi);
    assert.deepEqual(readdirSync(join(at, 'corpus/Feed')).sort(), ['3.0', '3.2', '3.3']);
    assert.deepEqual(readdirSync(join(at, 'corpus/Portion')).sort(), ['3.3', '3.4']);
    const feed = contract.method('feed') ?? assert.fail();
    for (const version of ['3.0', '3.2', '3.3'] as const)
      assert.ok(contract.readRequest(feed, version)(JSON.parse(read(at, 'Feed', version))) instanceof Feed);
  });

  it('is not made of a message that is called like an object of another API: a path cannot say whose it is', () => {
    const at = folder();
    const object = defineObject(class Create {}, { version: '1.0', fields: { id: t.string() } as never });
    const message = defineMessage(class Create {}, { fields: { number: t.integer() } as never });
    const module = {
      Answering: defineApi(class {}, { topic: 'answering', version: '1.0', methods: { get: { returns: object } } as never }),
      Taking: defineApi(class {}, { topic: 'taking', version: '1.0', methods: { go: { takes: message } } as never }),
    };
    const [declared, surface] = [declaredIn(module), surfaceOf(declaredIn(module))];
    writeRecording(at, surface);
    assert.deepEqual(Object.keys(JSON.parse(read(at, 'Create', '1.0')) as object), ['$object', 'id']);
    // Nor does it say whose counterexample lies beside it.
    keepValue(at, { name: 'Create', version: '1.0', value: { number: 1 } });
    const { recorded } = readRecording(at);
    const found = lawFacts({ declared, surface, recorded, corpus: readCorpus(at) }).flatMap((fact) => fact.prove());
    assert.deepEqual(
      found.map(({ message }) => message),
      [],
    );
  });

  it('changes in one place when a field is added', () => {
    const [before, after] = [folder(), folder()];
    writeRecording(before, thing('1.0', { a: '1.0', z: '1.0' }));
    writeRecording(after, thing('1.0', { a: '1.0', m: '1.0', z: '1.0' }));
    const parts = (at: string) => Object.entries(JSON.parse(read(at, 'Thing', '1.0')) as object).map((part) => JSON.stringify(part));
    assert.deepEqual(
      parts(before).filter((part) => !parts(after).includes(part)),
      [],
    );
    assert.deepEqual(
      parts(after).filter((part) => !parts(before).includes(part)),
      ['["m","m"]'],
    );
  });

  it('follows its version until that is released, and then stays as it is', () => {
    const at = folder();
    writeRecording(at, thing('1.0', { a: '1.0' }));
    writeRecording(at, thing('1.0', { a: '1.0', b: '1.0' }), { released: '0.1.0' });
    const released = read(at, 'Thing', '1.0');
    assert.match(released, /"b"/);
    writeRecording(at, thing('1.1', { a: '1.0', c: '1.1' }));
    assert.equal(read(at, 'Thing', '1.0'), released);
    assert.match(read(at, 'Thing', '1.1'), /"c"/);
  });

  it('goes when its version goes; what else is kept there stays', () => {
    const at = folder();
    writeRecording(at, thing('1.2', { a: '1.0', b: '1.1', c: '1.2' }));
    const kept = join(at, 'corpus/Thing/1.1/0123456789abcdef.json');
    writeFileSync(kept, '{}');
    const strange = join(at, 'corpus/Nobody/1.0/golden.json');
    mkdirSync(dirname(strange), { recursive: true });
    writeFileSync(strange, '{}');
    const { removed } = writeRecording(at, thing('1.0', { a: '1.0' }));
    assert.ok(removed.includes('corpus/Thing/1.1/golden.json') && removed.includes('corpus/Thing/1.2/golden.json'));
    assert.ok(existsSync(kept));
    assert.equal(existsSync(join(at, 'corpus/Thing/1.2')), false);
    assert.equal(existsSync(strange), false);
  });

  it('is kept while some recorded file cannot be read: it may belong to that one', () => {
    const at = folder();
    writeRecording(at, thing('1.0', { a: '1.0' }), { released: '0.1.0' });
    writeFileSync(join(at, 'objects/Thing/1.0.json'), '{');
    writeRecording(at, surfaceOf(declaredIn(zoo)));
    assert.ok(existsSync(join(at, 'corpus/Thing/1.0/golden.json')));
  });
});
