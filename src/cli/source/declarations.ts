import { partsOf, propertiesOf, stringAt, type Span } from './literal.js';
import { afterBracket, mask } from './mask.js';

/** A file of the sources. */
export interface Source {
  /** From the folder that is worked in, with slashes. */
  readonly file: string;
  readonly text: string;
  readonly masked: string;
}

/** What can be declared. */
export type Kind = 'object' | 'api' | 'message';

/** Where an object, a message or an API is declared. */
export interface Declaration {
  readonly kind: Kind;
  readonly source: Source;
  readonly className: string;
  /** The name on the wire, as far as it is written as a plain string: the `name` of an object or message, the `topic` of an API. */
  readonly name: string | undefined;
  /** The position of the decorator, or of the call. */
  readonly at: number;
  /** The object literal of the options. */
  readonly options: Span;
  /** What is between the braces of a decorated class; undefined without decorators. */
  readonly body: Span | undefined;
}

const DECORATORS = { object: 'VersionedObject', api: 'RpcApi', message: 'Message' } as const;
const CALLS = { object: 'defineObject', api: 'defineApi', message: 'defineMessage' } as const;

export function source(file: string, text: string): Source {
  return { file, text, masked: mask(text) };
}

/** Every declaration that a file holds and that can be told by its words alone. */
export function declarationsIn(file: Source): readonly Declaration[] {
  return (['object', 'api', 'message'] as const).flatMap((kind) => [...decorated(file, kind), ...called(file, kind)]);
}

function decorated(file: Source, kind: Kind): readonly Declaration[] {
  const { masked } = file;
  return [...masked.matchAll(new RegExp(`@${DECORATORS[kind]}\\s*\\(`, 'g'))].flatMap((match) => {
    const open = match.index + match[0].length - 1;
    const close = afterBracket(masked, open);
    if (close === undefined) return [];
    const brackets = { start: open, end: close };
    // Only a message may be declared without options.
    const options = literalIn(masked, brackets) ?? (kind === 'message' ? brackets : undefined);
    if (options === undefined) return [];
    const head = classAfter(masked, close);
    if (head === undefined) return [];
    const end = afterBracket(masked, head.brace);
    const body = end === undefined ? undefined : { start: head.brace, end };
    return [{ kind, source: file, className: head.name, name: nameIn(file, kind, options), at: match.index, options, body }];
  });
}

function called(file: Source, kind: Kind): readonly Declaration[] {
  const { masked } = file;
  return [...masked.matchAll(new RegExp(`(?<![\\w$.])${CALLS[kind]}\\s*\\(`, 'g'))].flatMap((match) => {
    const open = match.index + match[0].length - 1;
    const close = afterBracket(masked, open);
    if (close === undefined) return [];
    const [owner, options] = partsOf(masked, { start: open, end: close });
    const className = owner === undefined ? undefined : classNameIn(masked.slice(owner.start, owner.end));
    const literal = options === undefined ? undefined : literalAt(masked, options);
    if (className === undefined || literal === undefined) return [];
    return [{ kind, source: file, className, name: nameIn(file, kind, literal), at: match.index, options: literal, body: undefined }];
  });
}

/** `Volume`, or the name of a class that is written in place: `class Volume { ... }`. */
function classNameIn(text: string): string | undefined {
  return /^\s*(?:class\s+)?([A-Za-z_$][\w$]*)/.exec(text)?.[1];
}

function nameIn(file: Source, kind: Kind, options: Span): string | undefined {
  const property = propertiesOf(file.text, file.masked, options).find(({ key }) => key === (kind === 'api' ? 'topic' : 'name'));
  return property === undefined ? undefined : stringAt(file.text, property.value);
}

/** The object literal that is the only thing in brackets. */
function literalIn(masked: string, bracketed: Span): Span | undefined {
  const parts = partsOf(masked, bracketed);
  return parts.length === 1 && parts[0] !== undefined ? literalAt(masked, parts[0]) : undefined;
}

export function literalAt(masked: string, { start, end }: Span): Span | undefined {
  const from = start + masked.slice(start, end).search(/\S/);
  const to = masked[from] === '{' ? afterBracket(masked, from) : undefined;
  return to === undefined ? undefined : { start: from, end: to };
}

/** The class that decorators before `from` belong to. */
function classAfter(masked: string, from: number): { readonly name: string; readonly brace: number } | undefined {
  let at = from;
  for (;;) {
    const rest = masked.slice(at);
    const next = /^\s*(?:export\s+|default\s+|abstract\s+)*class\s+([A-Za-z_$][\w$]*)[^{]*\{/.exec(rest);
    if (next?.[1] !== undefined) return { name: next[1], brace: at + next[0].length - 1 };
    const decorator = /^\s*(?:export\s+)?@[\w$.]+\s*(\()?/.exec(rest);
    if (decorator === null) return undefined;
    const bracket = at + decorator[0].length - 1;
    const after = decorator[1] === undefined ? at + decorator[0].length : afterBracket(masked, bracket);
    if (after === undefined) return undefined;
    at = after;
  }
}

/** The line of a position, from 1. */
export function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
