import { CODES, LynchpinError, type ErrorCode } from '../../errors/index.js';
import { ServiceError, UnknownServiceError, type ServiceErrorClass } from '../service-error.js';
import { decodeJson, encodeJson } from './json.js';

/** The declared errors of a contract by the name that they have on the wire. */
export type DeclaredErrors = ReadonlyMap<string, ServiceErrorClass>;

/**
 * Writes the error of a handler. Lynchpin's own errors cross with code, message and details; declared ones with name,
 * message and data; anything else as `HANDLER_FAILED` without its text, which may hold what callers must not see. So does
 * a declared one whose data JSON cannot say.
 */
export function encodeError(error: unknown, declared: DeclaredErrors, where: string): Buffer {
  try {
    if (error instanceof ServiceError && declared.has(error.name)) {
      return encodeJson({ error: { name: error.name, message: error.message, data: error.data } });
    }
    if (LynchpinError.is(error)) return encodeOwn(error);
  } catch {
    // Its data is what a handler put there: anything may be wrong with it.
  }
  return encodeJson({ code: 'HANDLER_FAILED', message: `${where} failed`, details: {} });
}

function encodeOwn(error: LynchpinError): Buffer {
  const { code, details } = error;
  try {
    return encodeJson({ code, message: textOf(error), details });
  } catch {
    return encodeJson({ code, message: textOf(error), details: {} });
  }
}

/** Reads the error of an answer. What does not follow the protocol becomes `PROTOCOL`. */
export function decodeError(body: Buffer, declared: DeclaredErrors, limit: number): Error {
  let value: unknown;
  try {
    value = decodeJson(body, limit);
  } catch (cause) {
    return new LynchpinError('PROTOCOL', 'an answer of type error has no readable body', {}, { cause });
  }
  if (isRecord(value)) {
    if (isRecord(value['error'])) return declaredError(value['error'], declared);
    const { code, message, details } = value;
    if (typeof code === 'string' && typeof message === 'string') {
      const known = Object.hasOwn(CODES, code) ? (code as ErrorCode) : 'HANDLER_FAILED';
      return new LynchpinError(known, known === code ? message : `${code}: ${message}`, isRecord(details) ? details : {});
    }
  }
  return new LynchpinError('PROTOCOL', 'an answer of type error has a body of another shape');
}

function declaredError({ name, message, data }: Record<string, unknown>, declared: DeclaredErrors): Error {
  if (typeof name !== 'string' || typeof message !== 'string')
    return new LynchpinError('PROTOCOL', 'an answer of type error has an error without a name or a message');
  try {
    const Known = declared.get(name);
    if (Known !== undefined) return new Known(message, data as never);
  } catch {
    // The class expects other data than came.
  }
  return new UnknownServiceError(name, message, data);
}

/** The code leads an error's message; on the wire it has a place of its own. */
function textOf(error: LynchpinError): string {
  const lead = `${error.code}: `;
  return error.message.startsWith(lead) ? error.message.slice(lead.length) : error.message;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
