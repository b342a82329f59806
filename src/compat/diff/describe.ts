import type { FieldFacts, MethodFacts, TypeFacts } from '../facts/facts.js';
import type { PresenceFacts } from './change.js';

const STRUCTURE = ['kind', 'values', 'item', 'value', 'inner', 'of', 'tag', 'variants', 'options'];

/** A type in a few words: `list of string (maxLength 20), maxItems 9`. */
export function describeType(type: TypeFacts): string {
  const limits = Object.entries(type)
    .filter(([key, value]) => !STRUCTURE.includes(key) && value !== undefined)
    .map(([key, value]) => `${key} ${typeof value === 'string' && type.kind !== 'bigint' ? JSON.stringify(value) : String(value)}`);
  return `${words(type)}${limits.length === 0 ? '' : ` (${limits.join(', ')})`}`;
}

function words(type: TypeFacts): string {
  switch (type.kind) {
    case 'enum':
      return `enum ${type.values.join(' | ')}`;
    case 'list':
      return `list of ${describeType(type.item)}`;
    case 'map':
      return `map of ${describeType(type.value)}`;
    case 'nullable':
      return `${describeType(type.inner)} or null`;
    case 'object':
      return type.of;
    case 'union':
      return `${Object.values(type.variants).join(' | ')}, told apart by ${type.tag}`;
    case 'either':
      return type.options.map(describeType).join(' or ');
    default:
      return type.kind;
  }
}

/** A field in a few words: `string, optional`. */
export function describeField(field: FieldFacts): string {
  return `${describeType(field.type)}, ${describePresence(field)}`;
}

/** `required`, `optional`, `default "standard"`. */
export function describePresence({ presence, default: value, made }: PresenceFacts): string {
  if (presence !== 'defaulted') return presence;
  return made === true || value === undefined ? 'default made by a function' : `default ${JSON.stringify(value)}`;
}

/** A method in a few words: `takes Create, returns Volume, idempotent`. */
export function describeMethod({ takes, returns, idempotent }: MethodFacts): string {
  return [
    takes === undefined ? 'takes nothing' : `takes ${takes}`,
    returns === undefined ? 'returns nothing' : `returns ${describeType(returns)}`,
    ...(idempotent ? ['idempotent'] : []),
  ].join(', ');
}
