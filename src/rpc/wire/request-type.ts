import { isVersion, type Version } from '../../versions/index.js';

/** What the `type` property of a request says: `method@version`, or `method@version;accept`. */
export interface RequestType {
  /** The method's name on the wire at that version. */
  readonly method: string;
  /** The version that the payload is written in. */
  readonly version: Version;
  /** The newest version that the sender reads in an answer. */
  readonly accept: Version;
}

const NAME = /^[A-Za-z_$][\w$.-]{0,199}$/;
const KEPT = 1_000;

/** Writes a request's `type`. What the sender accepts is left out when it is the payload's own version. */
export function formatRequestType(method: string, version: Version, accept: Version): string {
  return accept === version ? `${method}@${version}` : `${method}@${version};${accept}`;
}

/** Reads a request's `type`; undefined when it is none. Whatever follows a second `;` is for later protocols and ignored. */
export function parseRequestType(type: string | undefined): RequestType | undefined {
  if (type === undefined) return undefined;
  const at = type.lastIndexOf('@');
  if (at < 1) return undefined;
  const method = type.slice(0, at);
  const [version, accept = version] = type.slice(at + 1).split(';');
  if (!NAME.test(method) || !isVersion(version) || !isVersion(accept)) return undefined;
  return Object.freeze({ method, version, accept });
}

/** A reader of request types that remembers those it has seen: a server meets a handful, thousands of times a second. */
export function requestTypeReader(): (type: string | undefined) => RequestType | undefined {
  const seen = new Map<string, RequestType>();
  return (type) => {
    if (type === undefined) return undefined;
    const known = seen.get(type);
    if (known !== undefined) return known;
    const read = parseRequestType(type);
    if (read !== undefined && seen.size < KEPT) seen.set(type, read);
    return read;
  };
}
