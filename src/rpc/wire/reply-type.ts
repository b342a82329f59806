import { isVersion, type Version } from '../../versions/index.js';

/**
 * What the `type` property of an answer says:
 * - `ok@version`: the result, written in that version;
 * - `error`: a typed error;
 * - `beat`: the handler is still at work;
 * - `unreadable@floor-version`: this server reads only that window and hands the message back.
 */
export type ReplyType =
  | { readonly kind: 'ok'; readonly version: Version }
  | { readonly kind: 'error' }
  | { readonly kind: 'beat' }
  | { readonly kind: 'unreadable'; readonly floor: Version; readonly version: Version };

const ERROR: ReplyType = Object.freeze({ kind: 'error' });
const BEAT: ReplyType = Object.freeze({ kind: 'beat' });

/** Writes an answer's `type`. */
export function formatReplyType(reply: ReplyType): string {
  switch (reply.kind) {
    case 'ok':
      return `ok@${reply.version}`;
    case 'unreadable':
      return `unreadable@${reply.floor}-${reply.version}`;
    default:
      return reply.kind;
  }
}

/** Reads an answer's `type`; undefined when it is none that this protocol knows. */
export function parseReplyType(type: string | undefined): ReplyType | undefined {
  if (type === undefined) return undefined;
  if (type === 'error') return ERROR;
  if (type === 'beat') return BEAT;
  if (type.startsWith('ok@')) {
    const version = type.slice(3);
    return isVersion(version) ? { kind: 'ok', version } : undefined;
  }
  if (type.startsWith('unreadable@')) {
    const [floor, version] = type.slice(11).split('-');
    return isVersion(floor) && isVersion(version) ? { kind: 'unreadable', floor, version } : undefined;
  }
  return undefined;
}
