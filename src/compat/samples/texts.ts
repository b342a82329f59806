import { FORMATS } from '../../objects/index.js';
import type { TypeFacts } from '../facts/facts.js';
import { Chance, seedOf } from './chance.js';
import { FORMAT_MAKERS, type FormatMaker } from './formats.js';
import { impossible } from './impossible.js';
import { placeText, type Maker, type Place } from './maker.js';
import { writerOf } from './pattern.js';

type TextFacts = Extract<TypeFacts, { kind: 'string' }>;

const CHARACTERS = [
  ...Array.from('abcdefghij xyz09-_."\\/<'),
  'é',
  'ß',
  '漢',
  '😀',
  'e\u0301',
  '\u{1F469}\u200D\u{1F680}',
  '\n',
  '\u0000',
  '\u2028',
];
/** Texts that mean something to some programs. */
const WORDS = ['null', 'undefined', 'true', '0', '-1', '1e3', 'constructor', 'toString', ' ', ' a ', 'Ä', 'NaN', '[object Object]', '{}'];
/** The longest limit that is tried out to its end: beyond it the text itself would be the burden. */
const LONGEST = 2000;
/** How often something is made anew that did not fit, before it is given up. */
const TRIES = 200;

/** Text within its lengths (in code points), of its format and pattern. `words` are texts that are worth trying. */
export function textMaker(type: TextFacts, place: Place, words: readonly string[]): Maker {
  const { minLength = 0, maxLength = Infinity } = type;
  const pattern = type.pattern === undefined ? undefined : new RegExp(type.pattern, 'u');
  const format = type.format === undefined ? undefined : FORMAT_MAKERS[type.format];
  const isFormat = type.format === undefined ? undefined : FORMATS[type.format as keyof typeof FORMATS];
  const fits = (value: unknown): value is string => {
    if (typeof value !== 'string' || LONE_SURROGATE.test(value)) return false;
    if (value.length < minLength || (value.length > maxLength && lengthOf(value) > maxLength) || lengthOf(value) < minLength) return false;
    return (pattern === undefined || pattern.test(value)) && (isFormat === undefined || isFormat(value));
  };
  const write = pattern === undefined || format !== undefined ? undefined : writerOf(type.pattern as string);
  const usual = (chance: Chance, most: number): string => {
    if (format !== undefined) return format.make(chance);
    if (write !== undefined) return write(chance, most);
    return Array.from({ length: minLength + chance.below(Math.max(1, Math.min(maxLength, minLength + most) - minLength + 1)) }, () =>
      chance.one(CHARACTERS),
    ).join('');
  };
  const corners = cornersOf(type, format, [...words, ...WORDS], (chance, most) => usual(chance, most)).filter(fits);
  if (corners.length === 0) {
    const wanted = [type.format, type.pattern === undefined ? undefined : `the pattern ${type.pattern}`].filter(Boolean).join(' and ');
    throw impossible(place, `none of ${TRIES} texts was of ${wanted || 'an allowed length'}`);
  }
  const least = corners.reduce((best, text) => (simplicity(text) < simplicity(best) ? text : best));
  const favourites = [...corners, ...words.filter(fits), ...WORDS.filter(fits)];
  return {
    height: () => 0,
    fits,
    least: () => least,
    edges: () => corners,
    make: (chance) => {
      if (chance.once(6)) return chance.one(favourites);
      for (let tried = 0; tried < 8; tried++) {
        const text = usual(chance, 8);
        if (fits(text)) return text;
      }
      return chance.one(corners);
    },
    sample: (at) => {
      const options = [
        ...(format === undefined ? [] : [format.sample(nameOf(at.field), seedOf(placeText(at)) % 100_000)]),
        at.field.padEnd(minLength, '.'),
        Array.from(at.field).slice(0, maxLength).join(''),
      ];
      return options.find(fits) ?? corners.find((text) => /^[\x20-\x7e]*$/.test(text)) ?? least;
    },
    smaller: function* (value) {
      if (typeof value !== 'string' || value === least) return;
      yield least;
      for (const text of shorter(value)) if (text !== value && simplicity(text) < simplicity(value) && fits(text)) yield text;
    },
  };
}

const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

/** In code points. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** Shorter is simpler, and among texts of one length that of plain letters. */
function simplicity(text: string): number {
  let strange = 0;
  for (const character of text) strange += character === 'a' ? 0 : /[a-z0-9]/.test(character) ? 1 : character < '\x7f' ? 2 : 4;
  return text.length * 8 + strange;
}

function cornersOf(
  { minLength = 0, maxLength = Infinity, pattern }: TextFacts,
  format: FormatMaker | undefined,
  words: readonly string[],
  usual: (chance: Chance, most: number) => string,
): string[] {
  if (format !== undefined && pattern === undefined) return [format.least, ...format.edges];
  const chance = new Chance(seedOf(pattern ?? ''));
  const made = Array.from({ length: pattern === undefined ? 3 : TRIES }, (_, at) => usual(chance, at % 12));
  if (pattern !== undefined) {
    const matching = made.filter((text) => new RegExp(pattern, 'u').test(text));
    const ordered = [...new Set(matching)].sort((a, b) => simplicity(a) - simplicity(b));
    return [...ordered.slice(0, 2), ...ordered.slice(-2), ...words];
  }
  const longest = Math.min(maxLength, LONGEST);
  return [
    ...new Set([
      'a'.repeat(minLength),
      ...(maxLength <= LONGEST ? ['a'.repeat(longest), '😀'.repeat(longest), `${'a'.repeat(Math.max(0, longest - 1))}😀`] : ['a', '😀']),
      '😀'.repeat(minLength),
      ...made.slice(0, 1),
    ]),
  ];
}

function* shorter(value: string): Iterable<string> {
  const characters = Array.from(value);
  for (let part = characters.length >> 1; part >= 1; part >>= 1) yield characters.slice(0, characters.length - part).join('');
  for (let part = characters.length >> 1; part >= 1; part >>= 1) yield characters.slice(part).join('');
  if (characters.length > 40) return;
  yield 'a'.repeat(characters.length);
  for (const [at, character] of characters.entries())
    if (character !== 'a') yield [...characters.slice(0, at), 'a', ...characters.slice(at + 1)].join('');
}

function nameOf(field: string): string {
  return (
    field
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'a'
  );
}

/** A format as a type of its own: `uuid` and `datetime`. */
export function formatMaker(format: string, place: Place): Maker {
  return textMaker({ kind: 'string', format }, place, []);
}
