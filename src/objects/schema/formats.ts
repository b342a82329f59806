import { isIPv4, isIPv6 } from 'node:net';
import { isDate, parseInstant } from '../codec/instant.js';
import type { StringFormat } from '../types/field-type.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const HOST_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const BASE64 = /^[A-Za-z0-9+/]*$/;

/** The checks behind `format`, each linear in the length of the text. */
export const FORMATS: Readonly<Record<StringFormat | 'byte', (text: string) => boolean>> = {
  uuid: (text) => text.length === 36 && UUID.test(text),
  'date-time': (text) => !Number.isNaN(parseInstant(text)),
  date: isDate,
  email: (text) => {
    const at = text.lastIndexOf('@');
    return at > 0 && at <= 64 && !/[\s\p{Cc}]/u.test(text) && isHostname(text.slice(at + 1));
  },
  uri: (text) => /^[a-z][a-z0-9+.-]*:[^\s\p{Cc}]+$/iu.test(text) && URL.canParse(text),
  hostname: isHostname,
  ipv4: isIPv4,
  ipv6: isIPv6,
  byte: (text) => {
    if (text.length % 4 !== 0) return false;
    const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
    return BASE64.test(padding === 0 ? text : text.slice(0, -padding));
  },
};

/** How many bytes a base64 text holds. */
export function byteLength(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

function isHostname(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => HOST_LABEL.test(label));
}
