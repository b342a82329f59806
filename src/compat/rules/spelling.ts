import type { FieldFacts, TypeFacts } from '../facts/facts.js';

const STRUCTURE = ['kind', 'values', 'item', 'value', 'inner', 'of', 'tag', 'variants', 'options'];

/** A type as its declaration is written: `t.list(t.string({ maxLength: 20 }))`. */
export function spellType(type: TypeFacts): string {
  const { kind } = type;
  switch (kind) {
    case 'enum':
      return `t.enum([${type.values.map(quoted).join(', ')}])`;
    case 'list':
      return `t.list(${[spellType(type.item), ...limits(type)].join(', ')})`;
    case 'map':
      return `t.map(${[spellType(type.value), ...limits(type)].join(', ')})`;
    case 'nullable':
      return `t.nullable(${spellType(type.inner)})`;
    case 'object':
      return `t.object(() => ${type.of})`;
    case 'union':
      return `t.union(${quoted(type.tag)}, { ${Object.entries(type.variants)
        .map(([name, of]) => `${name}: () => ${of}`)
        .join(', ')} })`;
    case 'either':
      return `t.either(${type.options.map(spellType).join(', ')})`;
    default:
      return `t.${kind}(${limits(type).join('')})`;
  }
}

/** A default that fits most uses of a type, as it is written; undefined where no value suggests itself. */
function spellDefault(type: TypeFacts): string | undefined {
  switch (type.kind) {
    case 'string':
      return "''";
    case 'integer':
    case 'number':
      return '0';
    case 'boolean':
      return 'false';
    case 'enum':
      return type.values[0] === undefined ? undefined : quoted(type.values[0]);
    case 'list':
      return '() => []';
    case 'map':
      return '() => ({})';
    case 'nullable':
      return 'null';
    default:
      return undefined;
  }
}

/** A field that begins at a version, so that older data can do without it: `@Field(t.string(), { since: '1.2', default: '' }) note`. */
export function spellNewField(name: string, field: FieldFacts, since: string): string {
  const fallback = spellDefault(field.type);
  const fill = field.presence === 'optional' || fallback === undefined ? 'optional: true' : `default: ${spelledDefault(field) ?? fallback}`;
  return `@Field(${spellType(field.type)}, { since: ${quoted(since)}, ${fill} }) ${name}`;
}

/** Text in single quotes. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function spelledDefault({ default: value }: FieldFacts): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? quoted(value) : typeof value === 'object' && value !== null ? undefined : JSON.stringify(value);
}

function limits(type: TypeFacts): readonly string[] {
  const set = Object.entries(type).filter(([key, value]) => !STRUCTURE.includes(key) && value !== undefined);
  if (set.length === 0) return [];
  return [`{ ${set.map(([key, value]) => `${key}: ${literal(type, value)}`).join(', ')} }`];
}

function literal(type: TypeFacts, value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return type.kind === 'bigint' ? `${value}n` : quoted(value);
}
