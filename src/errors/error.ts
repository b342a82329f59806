import { CODES, type ErrorCode } from './codes.js';

const BRAND = Symbol.for('lynchpin.error');

/** Facts that go with an error, plain JSON, safe to log and to send to the peer. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * Every error that Lynchpin itself raises. Tell them apart by `code`, never by text.
 *
 * The cause stays in the process that had it: what crosses the wire is code, message and details.
 */
export class LynchpinError extends Error {
  /** Always `LynchpinError`. */
  override readonly name: string = 'LynchpinError';
  /** What went wrong, from a closed table. */
  readonly code: ErrorCode;
  /** The facts behind the message: names, versions, limits. */
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(`${code}: ${message}`, options);
    this.code = code;
    this.details = details;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether the same request may succeed later without a change by the caller. */
  get retry(): boolean {
    return CODES[this.code].retry;
  }

  /** Recognises a LynchpinError of any copy of the package, optionally with one of the codes. */
  static is(error: unknown, ...codes: readonly ErrorCode[]): error is LynchpinError {
    return (
      typeof error === 'object' &&
      error !== null &&
      (error as Record<symbol, unknown>)[BRAND] === true &&
      (codes.length === 0 || codes.includes((error as LynchpinError).code))
    );
  }
}
