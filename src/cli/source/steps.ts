import { literalAt, type Declaration, type Source } from './declarations.js';
import type { Edit } from './edits.js';
import { importing } from './imports.js';
import { append, indentAt, indented } from './insert.js';
import { propertiesOf, stringAt, type Property } from './literal.js';

/** From which version to which, and what is read besides. */
export interface Raise {
  readonly from: string;
  readonly to: string;
  /** The oldest version that is read today; a new major goes on reading it. */
  readonly floor: string;
}

const property = ({ source, options }: Declaration, key: string): Property | undefined =>
  propertiesOf(source.text, source.masked, options).find((one) => one.key === key);

/** Raises the version of a declaration. Undefined when its version is not written there as a plain string. */
export function versionEdits(declaration: Declaration, { from, to, floor }: Raise): readonly Edit[] | undefined {
  const { source, options } = declaration;
  const version = property(declaration, 'version');
  if (version === undefined || stringAt(source.text, version.value) !== from) return undefined;
  const { start, end } = version.value;
  const edits: Edit[] = [{ source, at: start + 1, remove: end - start - 2, insert: to }];
  const versions = property(declaration, 'versions');
  if (versions !== undefined) {
    if (source.text[versions.value.start] !== '[') return undefined;
    edits.push(append(source, versions.value, quoted(to)));
  } else if (majorOf(to) !== majorOf(from)) {
    const more = previousEdits(declaration, { from, to, floor });
    if (more === undefined) return undefined;
    edits.push(...more);
  }
  return edits.length > 0 && options.end > options.start ? edits : undefined;
}

function previousEdits(declaration: Declaration, { from, floor }: Raise): readonly Edit[] | undefined {
  const { source, options } = declaration;
  const entry = `${majorOf(from)}: ${quoted(from)}`;
  const added = property(declaration, 'floor') === undefined ? [`floor: ${quoted(floor)}`] : [];
  const previous = property(declaration, 'previous');
  if (previous === undefined) return [append(source, options, [...added, `previous: { ${entry} }`].join(', '))];
  const literal = literalAt(source.masked, previous.value);
  if (literal === undefined) return undefined;
  return [append(source, literal, entry), ...(added.length === 0 ? [] : [append(source, options, added.join(', '))])];
}

/** Adds functions for a new step to a decorated class, or to the options of `defineObject`. */
export function stubEdits(declaration: Declaration, raise: Raise): readonly Edit[] | undefined {
  const { source, body, className } = declaration;
  if (body === undefined) return definedStubs(declaration, raise);
  const imports = importing(source, ['Backport', 'Upgrade'], ['Older', 'Wire']);
  if (imports === undefined) return undefined;
  const indent = indentAt(source.text, body.end - 1);
  const code = indented(stubCode(className, raise), `${indent}  `);
  // Before the line of the closing brace.
  const at = source.text.lastIndexOf('\n', body.end - 1) + 1;
  const ownLine = at > body.start && source.text.slice(at, body.end - 1).trim() === '';
  return [...imports, { source, at: ownLine ? at : body.end - 1, remove: 0, insert: ownLine ? `\n${code}\n` : `\n${code}\n${indent}` }];
}

/** The functions of a step, to be filled in or taken out. */
export function stubCode(className: string, { from, to }: Raise): string {
  const parameter = className.charAt(0).toLowerCase() + className.slice(1);
  return [
    `/** Takes ${to} down to ${from}. Only where data moves: what since, until and was say happens by itself. Fill it in, or delete it. */`,
    `@Backport({ from: ${quoted(to)}, to: ${quoted(from)} })`,
    `static downTo${named(from)}(${parameter}: Wire<${className}>) {`,
    `  return { ...${parameter} };`,
    `}`,
    ``,
    `/** Takes ${from} up to ${to}. Only where data moves. Fill it in, or delete it. */`,
    `@Upgrade({ from: ${quoted(from)}, to: ${quoted(to)} })`,
    `static upTo${named(to)}(${parameter}: Older<${className}>) {`,
    `  return { ...${parameter} };`,
    `}`,
  ].join('\n');
}

function definedStubs(declaration: Declaration, { from, to }: Raise): readonly Edit[] | undefined {
  const { source, options } = declaration;
  const edits: Edit[] = [];
  const added: string[] = [];
  for (const [key, step] of [
    ['backports', { from: to, to: from }],
    ['upgrades', { from, to }],
  ] as const) {
    const code = `{ from: ${quoted(step.from)}, to: ${quoted(step.to)}, run: (data) => ({ ...data }) }`;
    const list = property(declaration, key);
    if (list === undefined) added.push(`${key}: [${code}]`);
    else if (source.text[list.value.start] === '[') edits.push(append(source, list.value, code));
    else return undefined;
  }
  // Each on a line of its own where the options have lines.
  const lines = source.masked.slice(options.start, options.end).includes('\n');
  if (added.length > 0) edits.push(append(source, options, added.join(lines ? ',\n' : ', ')));
  return edits;
}

/** Says that a version of an API carries an object at another version. */
export function carriesEdits(
  declaration: Declaration,
  sources: readonly Source[],
  { at, object, version }: { readonly at: string; readonly object: string; readonly version: string },
): readonly Edit[] | undefined {
  const code = `${objectKey(object)}: ${quoted(version)}`;
  const carries = property(declaration, 'carries');
  if (carries === undefined) return [append(declaration.source, declaration.options, `carries: { ${quoted(at)}: { ${code} } }`)];
  const found = literalOf(declaration.source, carries, sources);
  if (found === undefined) return undefined;
  const { source, literal } = found;
  const entry = propertiesOf(source.text, source.masked, literal).find(({ key }) => key === at);
  if (entry === undefined) return [append(source, literal, `${quoted(at)}: { ${code} }`)];
  const own = literalAt(source.masked, entry.value);
  if (own === undefined) return undefined;
  const present = propertiesOf(source.text, source.masked, own).find(({ key }) => key === object);
  if (present === undefined) return [append(source, own, code)];
  if (stringAt(source.text, present.value) === undefined) return undefined;
  return [{ source, at: present.value.start, remove: present.value.end - present.value.start, insert: quoted(version) }];
}

/** The object literal that a property holds, itself or through a constant that one file alone defines. */
function literalOf(
  source: Source,
  { value }: Property,
  sources: readonly Source[],
): { readonly source: Source; readonly literal: { start: number; end: number } } | undefined {
  const own = literalAt(source.masked, value);
  if (own !== undefined) return { source, literal: own };
  const name = /^[A-Za-z_$][\w$]*$/.exec(source.text.slice(value.start, value.end))?.[0];
  if (name === undefined) return undefined;
  const found = sources.flatMap((one) =>
    [...one.masked.matchAll(new RegExp(`\\bconst\\s+${name.replaceAll('$', '\\$')}\\b[^=;]*=\\s*\\{`, 'g'))].map((match) => ({
      source: one,
      literal: literalAt(one.masked, { start: match.index + match[0].length - 1, end: one.masked.length }),
    })),
  );
  const [only] = found;
  return found.length === 1 && only?.literal !== undefined ? { source: only.source, literal: only.literal } : undefined;
}

function objectKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

function quoted(text: string): string {
  return `'${text}'`;
}

function named(version: string): string {
  return version.replace('.', '_');
}

function majorOf(version: string): string {
  return version.slice(0, version.indexOf('.'));
}
