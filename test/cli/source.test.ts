import assert from 'node:assert/strict';
import { declarationsIn, source } from '#lynchpin/cli/source/declarations.js';
import { applied } from '#lynchpin/cli/source/edits.js';
import { importing } from '#lynchpin/cli/source/imports.js';
import { mask } from '#lynchpin/cli/source/mask.js';
import { carriesEdits, stubEdits, versionEdits, type Raise } from '#lynchpin/cli/source/steps.js';

const RAISE: Raise = { from: '1.2', to: '1.3', floor: '1.0' };
const MAJOR: Raise = { from: '1.2', to: '2.0', floor: '1.1' };

/** The text of a source after the edits that `how` makes of its only declaration; undefined when it makes none. */
function edited(
  text: string,
  how: (declaration: ReturnType<typeof declarationsIn>[number]) => ReturnType<typeof versionEdits>,
): string | undefined {
  const file = source('a.ts', text);
  const [declaration, ...more] = declarationsIn(file);
  assert.ok(declaration !== undefined && more.length === 0, 'one declaration');
  const edits = how(declaration);
  return edits === undefined ? undefined : applied(edits).get('a.ts');
}

describe('what is code', () => {
  const cases: readonly (readonly [string, string])[] = [
    [`a('}') // {`, `a(' ')     `],
    ['a /* { */ b', 'a         b'],
    ['`a{${ b({ c: `}` }) }d}`', '`     b({ c: ` ` })    `'],
    [`x = /[/}"]/g.test(y) / 2 / 3`, `x = /     /g.test(y) / 2 / 3`],
    [`return /}/`, `return / /`],
    [`"a\\"}" + '\\'{'`, `"    " + '   '`],
  ];
  for (const [text, expected] of cases) {
    it(`is told from what is not: ${text}`, () => {
      assert.equal(mask(text).length, text.length);
      assert.equal(mask(text), expected);
    });
  }
});

describe('declarations are found by their words', () => {
  it('decorated and defined ones, with their names and bodies', () => {
    const file = source(
      'a.ts',
      `// @VersionedObject({ version: '9.9' }) class Not {}
@VersionedObject({ version: '1.2', name: "Disk" })
@Lossy({ fields: ['a'] })
export abstract class Volume<T = { a: 1 }> extends Base { x = '}'; }
const text = "@RpcApi({ topic: 'no' }) class No {}";
@RpcApi({ topic: 'volume', version: '3.4' }) export class VolumeApi {}
defineObject(Order, { version: '1.0', fields: {} });
export const Late = defineObject(class Late {}, { version: '1.0', fields: {} });
my.defineObject(Not, { version: '1.0' });
defineApi(OrdersApi, options);
`,
    );
    assert.deepEqual(
      declarationsIn(file).map(({ kind, className, name, body }) => [kind, className, name, body !== undefined]),
      [
        ['object', 'Volume', 'Disk', true],
        ['object', 'Order', undefined, false],
        ['object', 'Late', undefined, false],
        ['api', 'VolumeApi', 'volume', true],
      ],
    );
  });
});

describe('a version is raised', () => {
  const cases: readonly (readonly [what: string, raise: Raise, from: string, to: string | undefined])[] = [
    ['in place', RAISE, `@VersionedObject({ version: '1.2' }) class A {}`, `@VersionedObject({ version: '1.3' }) class A {}`],
    [
      'with the quotes that are there',
      RAISE,
      `defineObject(A, { version: "1.2", fields: {} })`,
      `defineObject(A, { version: "1.3", fields: {} })`,
    ],
    [
      'in a list of versions too',
      RAISE,
      `@RpcApi({ version: '1.2', versions: ['1.0', '1.2'] }) class A {}`,
      `@RpcApi({ version: '1.3', versions: ['1.0', '1.2', '1.3'] }) class A {}`,
    ],
    [
      'to a major that goes on reading the old one',
      MAJOR,
      `@VersionedObject({ version: '1.2', floor: '1.1' }) class A {}`,
      `@VersionedObject({ version: '2.0', floor: '1.1', previous: { 1: '1.2' } }) class A {}`,
    ],
    [
      'to a major, with the floor that was not written',
      MAJOR,
      `@RpcApi({\n  version: '1.2',\n}) class A {}`,
      `@RpcApi({\n  version: '2.0',\n  floor: '1.1', previous: { 1: '1.2' },\n}) class A {}`,
    ],
    [
      'to a third major',
      MAJOR,
      `@RpcApi({ version: '1.2', floor: '1.1', previous: { 0: '0.9' } }) class A {}`,
      `@RpcApi({ version: '2.0', floor: '1.1', previous: { 0: '0.9', 1: '1.2' } }) class A {}`,
    ],
    ['not where it is a constant', RAISE, `@VersionedObject({ version: VERSION }) class A {}`, undefined],
    ['not where the text says another', RAISE, `@VersionedObject({ version: '1.1' }) class A {}`, undefined],
  ];
  for (const [what, raise, from, to] of cases)
    it(what, () =>
      assert.equal(
        edited(from, (one) => versionEdits(one, raise)),
        to,
      ),
    );
});

describe('what an API carries is added', () => {
  const change = { at: '3.5', object: 'Volume', version: '1.3' };
  const api = (carries: string): string => `@RpcApi({ topic: 'v', version: '3.5'${carries} }) class A {}`;
  const cases: readonly (readonly [what: string, from: string, to: string | undefined])[] = [
    [
      'as a new entry',
      api(`, carries: { '3.4': { Volume: '1.2' } }`),
      api(`, carries: { '3.4': { Volume: '1.2' }, '3.5': { Volume: '1.3' } }`),
    ],
    [
      'to the entry of the version',
      api(`, carries: { '3.5': { Other: '1.0' } }`),
      api(`, carries: { '3.5': { Other: '1.0', Volume: '1.3' } }`),
    ],
    ['instead of what the entry says', api(`, carries: { '3.5': { Volume: '1.2' } }`), api(`, carries: { '3.5': { Volume: '1.3' } }`)],
    ['where there was nothing', api(''), api(`, carries: { '3.5': { Volume: '1.3' } }`)],
    [
      'in lines where there are lines',
      api(`, carries: {\n  // first\n  '3.4': {},\n}`),
      api(`, carries: {\n  // first\n  '3.4': {},\n  '3.5': { Volume: '1.3' },\n}`),
    ],
    [
      'to a constant of the file',
      `const C: X['a'] = { '3.4': {} };\n${api(', carries: C')}`,
      `const C: X['a'] = { '3.4': {}, '3.5': { Volume: '1.3' } };\n${api(', carries: C')}`,
    ],
    ['not to what a function gives', api(', carries: table()'), undefined],
  ];
  for (const [what, from, to] of cases) {
    it(what, () =>
      assert.equal(
        edited(from, (one) => carriesEdits(one, [one.source], change)),
        to,
      ),
    );
  }
});

describe('functions of a step', () => {
  it('are added to a decorated class, with what they import', () => {
    const text = edited(
      `import { Field, VersionedObject } from 'lynchpin';\n\n@VersionedObject({ version: '1.2' })\nexport class Volume {\n  @Field(t.string()) id!: string;\n}\n`,
      (one) => stubEdits(one, RAISE),
    );
    assert.ok(
      text !== undefined &&
        text.startsWith(
          `import { Field, VersionedObject, Backport, Upgrade } from 'lynchpin';\nimport type { Older, Wire } from 'lynchpin';\n`,
        ),
      text,
    );
    assert.match(
      text,
      /id!: string;\n\n {2}\/\*\* Takes 1\.3 down[^]*@Backport\(\{ from: '1\.3', to: '1\.2' \}\)\n {2}static downTo1_2\(volume: Wire<Volume>\) \{\n {4}return \{ \.\.\.volume \};\n {2}\}\n[^]*upTo1_3\(volume: Older<Volume>\)[^]*\n {2}\}\n\}\n$/,
    );
  });

  it('are added to the options of defineObject', () => {
    assert.equal(
      edited(`defineObject(A, { version: '1.2', fields: {}, upgrades: [{ from: '1.1', to: '1.2', run }] });`, (one) =>
        stubEdits(one, RAISE),
      ),
      `defineObject(A, { version: '1.2', fields: {}, upgrades: [{ from: '1.1', to: '1.2', run }, { from: '1.2', to: '1.3', run: (data) => ({ ...data }) }], backports: [{ from: '1.3', to: '1.2', run: (data) => ({ ...data }) }] });`,
    );
  });

  it('import what is missing in the way of the file', () => {
    const names = (text: string): string | undefined => {
      const edits = importing(source('a.ts', text), ['Backport'], ['Wire']);
      return edits === undefined ? undefined : (applied(edits).get('a.ts') ?? text);
    };
    assert.equal(
      names(`import { Backport, t, type Default } from 'lynchpin';`),
      `import { Backport, t, type Default, type Wire } from 'lynchpin';`,
    );
    assert.equal(
      names(`import { Backport } from "lynchpin"\nimport type { Wire } from "lynchpin"`),
      `import { Backport } from "lynchpin"\nimport type { Wire } from "lynchpin"`,
    );
    assert.equal(names(`import * as lynchpin from 'lynchpin';`), undefined);
  });
});
