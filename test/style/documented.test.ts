import assert from 'node:assert/strict';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { root, withFiles } from './project.js';

/** Every public name without a doc comment: exports of the entry, and the public members of their classes and interfaces. */
function undocumented(folder: string, entry: string): string[] {
  const program = ts.createProgram([join(folder, entry)], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(folder, entry));
  const module = source && checker.getSymbolAtLocation(source);
  assert.ok(module, `${entry} exports nothing`);
  const found: string[] = [];
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    check(symbol, exported.name);
    if (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) {
      for (const member of [...(symbol.members?.values() ?? []), ...(symbol.exports?.values() ?? [])]) {
        if (isPublic(member)) check(member, `${exported.name}.${member.name}`);
      }
    }
  }
  return found;

  function check(symbol: ts.Symbol, name: string): void {
    if (symbol.getDocumentationComment(checker).length > 0 || isInternal(symbol)) return;
    const declaration = symbol.declarations?.[0]?.getSourceFile().fileName;
    found.push(`${name} in ${declaration === undefined ? '?' : relative(folder, declaration)}`);
  }
}

function isPublic(member: ts.Symbol): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const declarations = member.declarations ?? [];
  return (
    !member.name.startsWith('__') &&
    declarations.length > 0 &&
    declarations.every((one) => !(ts.getCombinedModifierFlags(one) & hidden) && !ts.isTypeParameterDeclaration(one) && !hasPrivateName(one))
  );
}

function hasPrivateName(declaration: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  return name !== undefined && ts.isPrivateIdentifier(name);
}

function isInternal(symbol: ts.Symbol): boolean {
  return symbol.getJsDocTags().some(({ name }) => name === 'internal');
}

describe('the public surface', () => {
  it('has a doc comment on every name and every member', function () {
    this.timeout(60_000);
    assert.deepEqual(undocumented(root, 'src/index.ts'), []);
    assert.deepEqual(undocumented(root, 'src/testing/index.ts'), []);
  });

  it('is shown to fail on a function, a member and a re-export without one', async function () {
    this.timeout(60_000);
    const planted = {
      'index.ts':
        "export { far } from './far.js';\n/** A. */\nexport interface A {\n  /** Yes. */\n  yes: 1;\n  no: 1;\n}\nexport function bare(): void {}\n",
      'far.ts': 'export const far = 1;\n',
    };
    const found = await withFiles(planted, (folder) => Promise.resolve(undocumented(folder, 'index.ts')));
    assert.deepEqual(found.sort(), ['A.no in index.ts', 'bare in index.ts', 'far in far.ts']);
  });
});
