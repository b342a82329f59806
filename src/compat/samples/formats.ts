import type { Chance } from './chance.js';

/** Texts of one format. */
export interface FormatMaker {
  readonly least: string;
  /** Texts that are unlike the usual ones, and valid all the same. */
  readonly edges: readonly string[];
  make(chance: Chance): string;
  /** For people: from a name in small letters, and a number. */
  sample(name: string, number: number): string;
}

const hex = (chance: Chance, digits: number): string => Array.from({ length: digits }, () => '0123456789abcdef'[chance.below(16)]).join('');
const label = (chance: Chance): string =>
  Array.from({ length: 1 + chance.below(8) }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[chance.below(36)]).join('');
const two = (number: number): string => String(number).padStart(2, '0');
const date = (chance: Chance): string =>
  `${String(chance.one([1970, 2000, 2026, chance.below(10_000)])).padStart(4, '0')}-${two(1 + chance.below(12))}-${two(1 + chance.below(28))}`;
const time = (chance: Chance): string => `${two(chance.below(24))}:${two(chance.below(60))}:${two(chance.below(60))}`;

const uuid: FormatMaker = {
  least: '00000000-0000-0000-0000-000000000000',
  edges: ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '6BA7B810-9DAD-41D1-80B4-00C04FD430C8'],
  make: (chance) => `${hex(chance, 8)}-${hex(chance, 4)}-4${hex(chance, 3)}-8${hex(chance, 3)}-${hex(chance, 12)}`,
  sample: (_name, number) => {
    const digits = number.toString(16).padStart(8, '0');
    return `${digits}-0000-4000-8000-0000${digits}`;
  },
};

const hostname: FormatMaker = {
  least: 'a',
  edges: ['a', 'a.b.c', 'xn--bcher-kva.example', `${'a'.repeat(63)}.example`, '127.0.0.1'],
  make: (chance) => Array.from({ length: 1 + chance.below(3) }, () => label(chance)).join('.'),
  sample: (name) => `${name}.example`,
};

/** By the name that JSON Schema gives each. */
export const FORMAT_MAKERS: Readonly<Record<string, FormatMaker>> = {
  uuid,
  hostname,
  'date-time': {
    least: '1970-01-01T00:00:00.000Z',
    edges: [
      '1970-01-01T00:00:00.000Z',
      '0000-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999Z',
      '2024-02-29T12:00:00+14:00',
      '2026-08-01t12:00:00.123456789z',
      '2026-03-29T01:30:00-00:00',
    ],
    make: (chance) => `${date(chance)}T${time(chance)}.${String(chance.below(1000)).padStart(3, '0')}Z`,
    sample: (_name, number) => `2026-01-${two(1 + (number % 28))}T${two(number % 24)}:00:00.000Z`,
  },
  date: {
    least: '1970-01-01',
    edges: ['1970-01-01', '0000-01-01', '9999-12-31', '2024-02-29'],
    make: date,
    sample: (_name, number) => `2026-01-${two(1 + (number % 28))}`,
  },
  email: {
    least: 'a@b',
    edges: ['a@b', "o'hara+tag@example.org", `${'a'.repeat(64)}@example.org`, 'ü@example.org', '"a@b"@example.org'],
    make: (chance) => `${label(chance)}@${hostname.make(chance)}`,
    sample: (name) => `${name}@example.org`,
  },
  uri: {
    least: 'a:b',
    edges: ['a:b', 'urn:isbn:0451450523', 'https://user@[::1]:8080/a%20b?c=d&e#f', 'https://ü.example/😀'],
    make: (chance) => `https://${hostname.make(chance)}/${label(chance)}`,
    sample: (name) => `https://example.org/${name}`,
  },
  ipv4: {
    least: '0.0.0.0',
    edges: ['0.0.0.0', '255.255.255.255', '127.0.0.1'],
    make: (chance) => Array.from({ length: 4 }, () => chance.below(256)).join('.'),
    sample: (_name, number) => `192.0.2.${number % 256}`,
  },
  ipv6: {
    least: '::',
    edges: ['::', '::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::ffff:192.0.2.1', '2001:DB8::1'],
    make: (chance) => Array.from({ length: 8 }, () => hex(chance, 1 + chance.below(4))).join(':'),
    sample: (_name, number) => `2001:db8::${(number % 65_536).toString(16)}`,
  },
};
