import type { Change } from './change.js';
import { describeField, describeMethod, describePresence, describeType } from './describe.js';

/**
 * Changes as people read them, one line each: `+ fields.total: integer (minimum 0), required`,
 * `- fields.note: string, optional`, `~ fields.qty: integer -> string`.
 */
export function diffLines(changes: readonly Change[]): string[] {
  return changes.map(line);
}

function line(change: Change): string {
  const { path } = change;
  switch (change.kind) {
    case 'field-added':
      return `+ ${path}: ${describeField(change.after)}`;
    case 'field-removed':
      return `- ${path}: ${describeField(change.before)}`;
    case 'presence-changed':
    case 'default-changed':
      return `~ ${path}: ${describePresence(change.before)} -> ${describePresence(change.after)}`;
    case 'null-allowed':
    case 'null-forbidden':
    case 'type-changed':
      return `~ ${path}: ${describeType(change.before)} -> ${describeType(change.after)}`;
    case 'constraint-tightened':
    case 'constraint-loosened':
    case 'constraint-replaced':
      return `~ ${path}: ${change.keyword} ${text(change.before)} -> ${text(change.after)}`;
    case 'pattern-changed':
      return `~ ${path}: pattern ${text(change.before)} -> ${text(change.after)}`;
    case 'values-added':
      return `+ ${path}: ${change.after.map(text).join(', ')}`;
    case 'values-removed':
      return `- ${path}: ${change.before.map(text).join(', ')}`;
    case 'values-reordered':
      return `~ ${path}: ${change.before.join(' | ')} -> ${change.after.join(' | ')}`;
    case 'option-added':
      return `+ ${path}: ${describeType(change.after)}`;
    case 'option-removed':
      return `- ${path}: ${describeType(change.before)}`;
    case 'options-reordered':
      return `~ ${path}: ${change.before.map(describeType).join(' or ')} -> ${change.after.map(describeType).join(' or ')}`;
    case 'method-added':
      return `+ ${path}: ${describeMethod(change.after)}`;
    case 'method-removed':
      return `- ${path}: ${describeMethod(change.before)}`;
    case 'answer-began':
      return `+ ${path}: ${describeType(change.after)}`;
    case 'answer-ended':
      return `- ${path}: ${describeType(change.before)}`;
    case 'takes-changed':
      return `~ ${path}: ${change.before ?? 'nothing'} -> ${change.after ?? 'nothing'}`;
    case 'message-added':
      return `+ ${path}`;
    case 'message-removed':
      return `- ${path}`;
    case 'variant-added':
    case 'carries-added':
    case 'error-added':
      return `+ ${path}: ${change.after}`;
    case 'variant-removed':
    case 'carries-removed':
    case 'error-removed':
      return `- ${path}: ${change.before}`;
    case 'idempotence-changed':
    case 'object-changed':
    case 'tag-changed':
    case 'carries-changed':
    case 'name-changed':
    case 'topic-changed':
      return `~ ${path}: ${change.before} -> ${change.after}`;
    case 'unclassified':
      return `~ ${path === '' ? 'everything' : path}: ${text(change.before)} -> ${text(change.after)}`;
  }
}

function text(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
