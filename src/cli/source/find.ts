import { declarationsIn, lineAt, type Declaration, type Kind, type Source } from './declarations.js';

/** Where something of a name is declared, as far as the sources tell. */
export interface Named {
  readonly kind: Kind;
  /** The name on the wire. */
  readonly name: string;
  /** Default: what has the name on the wire. */
  readonly className?: string;
}

/** The one declaration of what is sought; undefined when there is none, or more than one. */
export function declarationOf(sources: readonly Source[], { kind, name, className }: Named): Declaration | undefined {
  const found = sources
    .flatMap(declarationsIn)
    .filter((one) => one.kind === kind && (className === undefined ? (one.name ?? one.className) === name : one.className === className));
  // Two classes of one name, in two files: the name on the wire may tell them apart.
  const exact = found.length === 1 ? found : found.filter((one) => (one.name ?? one.className) === name);
  return exact.length === 1 ? exact[0] : undefined;
}

/** The file and the line of a declaration. */
export function placeOf({ source, at }: Declaration): { readonly file: string; readonly line: number } {
  return { file: source.file, line: lineAt(source.text, at) };
}

/** The line of a field or method in its class, or that of the class where it is not found. */
export function placeWithin(declaration: Declaration, path: string | undefined): { readonly file: string; readonly line: number } {
  const member = path?.split('.')[1];
  const { body, options, source } = declaration;
  if (member === undefined) return placeOf(declaration);
  const within = body ?? options;
  const escaped = member.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const at = source.masked.slice(within.start, within.end).search(new RegExp(`(?<![\\w$.])${escaped}\\s*[!?]?\\s*[:;=(]`));
  return at < 0 ? placeOf(declaration) : { file: source.file, line: lineAt(source.text, within.start + at) };
}
