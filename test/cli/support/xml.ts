/** An element of an XML document. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Parses what a format may write: elements, attributes, text. Anything that is not well-formed throws. */
export function parseXml(xml: string): Element {
  // oxlint-disable-next-line no-control-regex -- characters that XML 1.0 does not allow
  const forbidden = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.exec(xml);
  if (forbidden !== null) throw new Error(`a character that XML does not allow, at ${forbidden.index}`);
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  let at = /^<\?xml [^>]*\?>/.exec(xml)?.[0].length ?? 0;
  const form = /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/y;
  while (at < xml.length) {
    const now = open.at(-1) as Element;
    if (xml[at] !== '<') {
      const end = xml.indexOf('<', at) < 0 ? xml.length : xml.indexOf('<', at);
      now.text += plain(xml.slice(at, end));
      at = end;
      continue;
    }
    form.lastIndex = at;
    const match = form.exec(xml);
    if (match === null) throw new Error(`no tag at ${at}: ${xml.slice(at, at + 40)}`);
    const [whole, closing, name = '', attributes = '', alone] = match;
    at += whole.length;
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const pairs = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, plain(value)]);
    const element: Element = { name, attributes: Object.fromEntries(pairs) as Record<string, string>, children: [], text: '' };
    now.children.push(element);
    if (alone !== '/') open.push(element);
  }
  const [only, ...more] = top.children;
  if (open.length !== 1 || only === undefined || more.length > 0) throw new Error('not one element');
  return only;
}

function plain(text: string): string {
  return text.replace(/&(\w*)(;?)/g, (whole, name: string, end: string) => {
    const letter = ENTITIES[name];
    if (letter === undefined || end === '') throw new Error(`no entity ${whole}`);
    return letter;
  });
}
