import { afterBracket } from './mask.js';

/** A piece of a text, from its first position to the one after its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One property of an object literal. */
export interface Property {
  readonly key: string;
  /** The key and the value. */
  readonly whole: Span;
  readonly value: Span;
}

/**
 * The properties of the object literal that a span holds, in the order in which they are written. Spreads, methods and computed
 * keys are not among them.
 */
export function propertiesOf(text: string, masked: string, literal: Span): readonly Property[] {
  return partsOf(masked, literal).flatMap((part) => {
    const colon = masked.slice(part.start, part.end).indexOf(':');
    const keyText = text.slice(part.start, colon < 0 ? part.end : part.start + colon);
    // A comment before the key belongs to nobody.
    const offset = masked.slice(part.start, part.end).search(/\S/);
    const key = /^(?:'([^']*)'|"([^"]*)"|([\w$]+))$/.exec(text.slice(part.start + offset, part.start + keyText.length).trim());
    if (key === null) return [];
    const start = part.start + offset;
    const value = colon < 0 ? { start, end: part.end } : trimmed(masked, { start: part.start + colon + 1, end: part.end });
    return [{ key: key[1] ?? key[2] ?? key[3] ?? '', whole: trimmed(masked, { start, end: part.end }), value }];
  });
}

/** What is between the commas of a bracketed span. */
export function partsOf(masked: string, bracketed: Span): readonly Span[] {
  const parts: Span[] = [];
  let start = bracketed.start + 1;
  for (let at = start; at < bracketed.end; at++) {
    const letter = masked[at] ?? '';
    if ('([{'.includes(letter)) at = (afterBracket(masked, at) ?? bracketed.end) - 1;
    else if (letter === ',' || at === bracketed.end - 1) {
      if (masked.slice(start, at).trim() !== '') parts.push({ start, end: at });
      start = at + 1;
    }
  }
  return parts;
}

/** The text that a value has when it is a plain string; undefined when it is anything else. */
export function stringAt(text: string, { start, end }: Span): string | undefined {
  return /^(?:'([^'\\\n]*)'|"([^"\\\n]*)"|`([^`\\$]*)`)$/
    .exec(text.slice(start, end))
    ?.slice(1)
    .find((found) => found !== undefined);
}

function trimmed(masked: string, { start, end }: Span): Span {
  const part = masked.slice(start, end);
  return { start: start + part.length - part.trimStart().length, end: end - (part.length - part.trimEnd().length) };
}
