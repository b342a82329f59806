import { createRequire } from 'node:module';
import type * as AjvModule from 'ajv/dist/2020.js';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { problemOf } from '../codec/json.js';
import { byteLength, FORMATS } from './formats.js';
import type { JsonSchema } from './schema.js';

/** What is wrong with a value: where (a JSON pointer), what, and by which keyword of the schema. */
export interface Problem {
  readonly path: string;
  readonly message: string;
  readonly keyword: string;
}

/** Says what is wrong with a value, or undefined when nothing is. */
export type Validate = (value: unknown) => Problem | undefined;

const require = createRequire(import.meta.url);

/** Compiles schemas, each once. Ajv is loaded with the first one, so that importing the package stays cheap. */
export class Validators {
  #ajv: Ajv2020 | undefined;
  readonly #compiled = new Map<string, Validate>();

  /** Makes a schema known under an identifier, so that others can refer to it and it is compiled with the first that does. */
  add(id: string, schema: JsonSchema): void {
    (this.#ajv ??= load()).addSchema(schema, id);
  }

  of(schema: JsonSchema): Validate {
    const key = JSON.stringify(schema);
    let validate = this.#compiled.get(key);
    if (validate === undefined) this.#compiled.set(key, (validate = this.#compile(schema)));
    return validate;
  }

  #compile(schema: JsonSchema): Validate {
    const check: ValidateFunction = (this.#ajv ??= load()).compile(schema);
    return (value) => (check(value) ? undefined : problem(check.errors?.[0]));
  }
}

function load(): Ajv2020 {
  const { Ajv2020: Ajv } = require('ajv/dist/2020.js') as typeof AjvModule;
  // The schemas are our own, so neither they nor their keywords need to be judged.
  const ajv = new Ajv({
    strict: false,
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    unicodeRegExp: true,
    formats: { ...FORMATS },
  });
  return ajv.addKeyword({ keyword: 'lynchpin', compile: (limits: Limits) => CHECKS[limits.check](limits), errors: false });
}

interface Limits {
  readonly check: keyof typeof CHECKS;
  readonly minimum?: number | string;
  readonly maximum?: number | string;
}

/** Checks for which JSON Schema has no words. Each is applied to every type, and judges only its own. */
const CHECKS = {
  plain: () => (value: unknown) => typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__'),
  json: () => (value: unknown) => problemOf(value) === undefined,
  bytes: (limits: Limits) => (value: unknown) =>
    typeof value !== 'string' || isBetween(byteLength(value), limits.minimum ?? 0, limits.maximum ?? Infinity),
  bigint: (limits: Limits) => {
    const minimum = limits.minimum === undefined ? undefined : BigInt(limits.minimum);
    const maximum = limits.maximum === undefined ? undefined : BigInt(limits.maximum);
    return (value: unknown) => {
      // The pattern judges the form, and it may do so later.
      if (typeof value !== 'string' || !/^-?[0-9]{1,1000}$/.test(value)) return true;
      const number = BigInt(value);
      return (minimum === undefined || number >= minimum) && (maximum === undefined || number <= maximum);
    };
  },
} as const;

function isBetween(value: number, minimum: number | string, maximum: number | string): boolean {
  return value >= Number(minimum) && value <= Number(maximum);
}

const OWN_MESSAGES = {
  plain: 'must not have a key __proto__',
  json: 'must be JSON without a key __proto__ and of at most 500 levels',
  bytes: 'must have an allowed number of bytes',
  bigint: 'must lie within its bounds',
} as const;

function problem(error: ErrorObject | undefined): Problem {
  if (error === undefined) return { path: '', message: 'is not valid', keyword: 'false schema' };
  const own =
    error.keyword === 'lynchpin'
      ? OWN_MESSAGES[(error.schema as Limits | undefined)?.check ?? (error.params as Partial<Limits>).check ?? 'plain']
      : undefined;
  const values =
    error.keyword === 'enum' ? `: ${(error.params['allowedValues'] as unknown[]).map((value) => JSON.stringify(value)).join(', ')}` : '';
  return {
    path: error.instancePath,
    message: `${own ?? error.message ?? 'is not valid'}${values}`,
    keyword: own === undefined ? error.keyword : 'lynchpin',
  };
}
