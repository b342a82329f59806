import { findRecord, type Class } from '../objects/index.js';
import { isContract } from '../rpc/index.js';

/** Whether a value is a class that is declared: as a contract, a versioned object or a message. */
export function isClass(value: unknown): value is Class<object> {
  return typeof value === 'function' && (isContract(value) || findRecord(value as unknown as Class) !== undefined);
}
