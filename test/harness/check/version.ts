import type { Window } from '../journal/index.js';
import type { WireMessage } from '../proxy/index.js';

// Written again rather than borrowed: a check must not share a mistake with what it checks.

/** Negative when `one` is the older of two `MAJOR.MINOR` versions, zero when they are the same. */
export function compareVersions(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major - otherMajor || minor - otherMinor;
}

export function inWindow(window: Window, version: string): boolean {
  return compareVersions(window.floor, version) <= 0 && compareVersions(version, window.version) <= 0;
}

/** What a request says of itself in its `type`: `method@version` or `method@version;accept`. */
export interface RequestType {
  readonly method: string;
  readonly version: string;
  /** The newest version that its sender reads. */
  readonly accept: string;
}

const REQUEST = /^([^@;]+)@(\d+\.\d+)(?:;(\d+\.\d+))?$/;

/** `undefined` when the message is no request: an answer, a cancellation, a notice. */
export function requestOf(message: WireMessage): RequestType | undefined {
  const match = message.correlation === undefined ? REQUEST.exec(message.type ?? '') : null;
  if (match === null) return undefined;
  const [, method = '', version = '', accept = version] = match;
  return { method, version, accept };
}

/** The version of an answer's result; `undefined` when the message is no result. */
export function resultVersion(message: WireMessage): string | undefined {
  if (message.correlation === undefined) return undefined;
  return /^ok@(\d+\.\d+)$/.exec(message.type ?? '')?.[1];
}

/** The version that a body is written in, whatever the message is for. */
export function bodyVersion(message: WireMessage): string | undefined {
  const returned = message.headers?.['lynchpin-type'];
  // Handed back by a server that cannot read it: the body is still the sender's.
  if (message.type?.startsWith('unreadable@') && typeof returned === 'string') return REQUEST.exec(returned)?.[2];
  return requestOf(message)?.version ?? resultVersion(message);
}
