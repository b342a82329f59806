import type { Chance } from './chance.js';

/** Makes texts that match a regular expression. `more` is how often what may repeat does so beyond its least. */
export type Write = (chance: Chance, more: number) => string;

/** The characters that a class of characters is tried with: what a keyboard has, and a few of which functions do not think. */
const LETTERS = [...Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)), '\t', '\n', 'é', 'ß', 'Ω', '漢', '😀'];

/**
 * What writes texts that match a pattern, by construction; undefined for one that uses what cannot be turned round:
 * looking ahead or behind, and back references. Anchors within it are left out, so what it writes must still be tried.
 */
export function writerOf(pattern: string): Write | undefined {
  try {
    const reader = new Reader(pattern);
    const write = reader.choice();
    return reader.done ? write : undefined;
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

class Unsupported extends Error {}

/** Reads a pattern from left to right. The pattern is known to be a regular expression. */
class Reader {
  #at = 0;
  readonly #characters: readonly string[];

  constructor(pattern: string) {
    this.#characters = Array.from(pattern);
  }

  get done(): boolean {
    return this.#at >= this.#characters.length;
  }

  /** `a|b|c` */
  choice(): Write {
    const options = [this.#sequence()];
    while (this.#peek() === '|') {
      this.#at++;
      options.push(this.#sequence());
    }
    return (chance, more) => chance.one(options)(chance, more);
  }

  #sequence(): Write {
    const parts: Write[] = [];
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      const part = this.#atom();
      if (part !== undefined) parts.push(this.#repeated(part));
    }
    return (chance, more) => parts.map((part) => part(chance, more)).join('');
  }

  /** Undefined for what takes no room. */
  #atom(): Write | undefined {
    const character = this.#take();
    switch (character) {
      case '^':
      case '$':
        return undefined;
      case '.':
        return oneOf('.');
      case '(':
        return this.#group();
      case '[':
        return oneOf(this.#class());
      case '\\':
        return this.#escape();
      default:
        return () => character;
    }
  }

  #group(): Write {
    if (this.#peek() === '?') {
      this.#at++;
      const kind = this.#take();
      // (?<name>...) captures; (?=...), (?!...), (?<=...) and (?<!...) look around.
      const isNamed = kind === '<' && this.#peek() !== '=' && this.#peek() !== '!';
      if (kind !== ':' && !isNamed) throw new Unsupported();
      if (isNamed) while (this.#take() !== '>');
    }
    const inner = this.choice();
    this.#take();
    return inner;
  }

  #class(): string {
    let text = '[';
    for (let next = this.#take(); ; next = this.#take()) {
      text += next;
      if (next === '\\') text += this.#take();
      else if (next === ']') return text;
    }
  }

  #escape(): Write | undefined {
    const character = this.#take();
    if (/[1-9k]/.test(character)) throw new Unsupported();
    if (character === 'b' || character === 'B') return undefined;
    let text = `\\${character}`;
    if ((character === 'p' || character === 'P' || character === 'u') && this.#peek() === '{')
      do text += this.#take();
      while (!text.endsWith('}'));
    else if (character === 'u') for (let count = 0; count < 4; count++) text += this.#take();
    else if (character === 'x') text += this.#take() + this.#take();
    else if (character === 'c') text += this.#take();
    return oneOf(text);
  }

  #repeated(part: Write): Write {
    const [least, most] = this.#quantifier();
    if (this.#peek() === '?' && (least !== 1 || most !== 1)) this.#at++;
    if (least === 1 && most === 1) return part;
    return (chance, more) => {
      const times = least + chance.below(Math.min(most - least, more) + 1);
      return Array.from({ length: times }, () => part(chance, more)).join('');
    };
  }

  #quantifier(): readonly [number, number] {
    const next = this.#peek();
    if (next !== '*' && next !== '+' && next !== '?' && next !== '{') return [1, 1];
    this.#at++;
    if (next === '*') return [0, Infinity];
    if (next === '+') return [1, Infinity];
    if (next === '?') return [0, 1];
    let text = '';
    for (let character = this.#take(); character !== '}'; character = this.#take()) text += character;
    const [least = '0', most] = text.split(',');
    return [Number(least), most === undefined ? Number(least) : most === '' ? Infinity : Number(most)];
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #take(): string {
    const character = this.#characters[this.#at++];
    if (character === undefined) throw new Unsupported();
    return character;
  }
}

/** One of the characters that a part of a pattern takes. */
function oneOf(source: string): Write {
  const expression = new RegExp(`^(?:${source})$`, 'u');
  const known = LETTERS.filter((letter) => expression.test(letter));
  const all = known.length > 0 ? known : charactersOf(expression);
  if (all.length === 0) throw new Unsupported();
  return (chance) => chance.one(all);
}

function charactersOf(expression: RegExp): readonly string[] {
  const found: string[] = [];
  for (let code = 0; code < 0xd800 && found.length < 50; code++) {
    const character = String.fromCharCode(code);
    if (expression.test(character)) found.push(character);
  }
  return found;
}
