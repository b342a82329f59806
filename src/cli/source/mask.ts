/**
 * The text with everything blanked that is no code: comments, and what strings, templates and regular expressions hold.
 * Positions stay as they are, so brackets can be counted in the one and words be read in the other.
 */
export function mask(text: string): string {
  const out = text.split('');
  const blank = (from: number, to: number): void => {
    for (let at = from; at < to && at < out.length; at++) if (out[at] !== '\n') out[at] = ' ';
  };
  let at = 0;
  // Braces that are open in each template around the present place: a `}` that closes none of them ends the `${`.
  const templates: number[] = [];
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    const letter = text[at] ?? '';
    if (two === '//' || two === '/*') {
      const end = two === '//' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2) + 2;
      const to = end < (two === '//' ? 0 : 2) ? text.length : end;
      blank(at, to);
      at = to;
    } else if (letter === '"' || letter === "'") {
      const to = endOfString(text, at, letter);
      blank(at + 1, to - 1);
      at = to;
    } else if (letter === '`' || (letter === '}' && templates.at(-1) === 0)) {
      if (letter === '}') templates.pop();
      const { to, opens } = endOfTemplate(text, at);
      blank(at + (letter === '`' ? 1 : 0), opens ? to : to - 1);
      if (letter === '}') blank(at, at + 1);
      if (opens) templates.push(0);
      at = to;
    } else if (letter === '/' && beginsExpression(out, at)) {
      const to = endOfPattern(text, at);
      blank(at + 1, to - 1);
      at = to;
    } else {
      const depth = templates.at(-1);
      if (depth !== undefined && letter === '{') templates[templates.length - 1] = depth + 1;
      if (depth !== undefined && letter === '}') templates[templates.length - 1] = depth - 1;
      at++;
    }
  }
  return out.join('');
}

function endOfString(text: string, from: number, quote: string): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote || text[at] === '\n') return at + 1;
  }
  return text.length;
}

/** Where the part of a template that begins at `from` ends, and whether code follows. */
function endOfTemplate(text: string, from: number): { readonly to: number; readonly opens: boolean } {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '`') return { to: at + 1, opens: false };
    else if (text[at] === '$' && text[at + 1] === '{') return { to: at + 2, opens: true };
  }
  return { to: text.length, opens: false };
}

function endOfPattern(text: string, from: number): number {
  let inClass = false;
  for (let at = from + 1; at < text.length; at++) {
    const letter = text[at];
    if (letter === '\\') at++;
    else if (letter === '\n') return at;
    else if (letter === '[') inClass = true;
    else if (letter === ']') inClass = false;
    else if (letter === '/' && !inClass) return at + 1;
  }
  return text.length;
}

/** Whether a slash begins a regular expression: where a value may begin, it cannot divide. */
function beginsExpression(before: readonly string[], at: number): boolean {
  let last = at - 1;
  while (last >= 0 && /\s/.test(before[last] ?? '')) last--;
  if (last < 0 || /[(,=:[!&|?{};<>+\-*%~^]/.test(before[last] ?? '')) return true;
  const word = /[a-z]+$/.exec(before.slice(Math.max(0, last - 9), last + 1).join(''))?.[0];
  return word !== undefined && ['return', 'typeof', 'case', 'in', 'of', 'void'].includes(word);
}

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The position after the bracket that closes the one at `from`, in masked text; undefined when it is never closed. */
export function afterBracket(masked: string, from: number): number | undefined {
  const open: string[] = [];
  for (let at = from; at < masked.length; at++) {
    const letter = masked[at] ?? '';
    const closes = PAIRS[letter];
    if (closes !== undefined) open.push(closes);
    else if (letter === ')' || letter === ']' || letter === '}') {
      if (open.pop() !== letter) return undefined;
      if (open.length === 0) return at + 1;
    }
  }
  return undefined;
}
