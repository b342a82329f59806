import { isPlainObject } from './plain.js';

/**
 * Whether something has the form of facts, at every depth to which readers go without looking: a file that was edited by hand,
 * or merged badly, is then said to be unreadable, and trips nobody up. Kinds of types that this release does not know may be
 * of any form: to the differ they are changes that no rule knows.
 */
export function isFacts(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { kind, fields, carries, methods, messages, errors } = value;
  if (kind === 'object') return every(fields, isField);
  return (
    every(carries, isText) &&
    every(methods, isMethod) &&
    every(messages, (message) => isPlainObject(message) && every(message['fields'], isField)) &&
    isTexts(errors)
  );
}

function isField(value: unknown): boolean {
  return isPlainObject(value) && isText(value['presence']) && isType(value['type']);
}

function isMethod(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { takes, returns } = value;
  return (takes === undefined || isText(takes)) && (returns === undefined || isType(returns));
}

function isType(value: unknown): boolean {
  if (!isPlainObject(value) || !isText(value['kind'])) return false;
  switch (value['kind']) {
    case 'bigint':
      return isWhole(value['minimum']) && isWhole(value['maximum']);
    case 'enum':
      return isTexts(value['values']);
    case 'list':
      return isType(value['item']);
    case 'map':
      return isType(value['value']);
    case 'nullable':
      return isType(value['inner']);
    case 'object':
      return isText(value['of']);
    case 'union':
      return isText(value['tag']) && every(value['variants'], isText);
    case 'either':
      return Array.isArray(value['options']) && value['options'].every(isType);
    default:
      return true;
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isWhole(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && /^-?\d+$/.test(value));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function every(value: unknown, is: (item: unknown) => boolean): boolean {
  return isPlainObject(value) && Object.values(value).every(is);
}
