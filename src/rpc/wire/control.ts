import { isVersion, type Version } from '../../versions/index.js';
import { decodeJson, encodeJson } from './json.js';

/** The types of messages that carry no request: between callers and all servers of a topic, and back. */
export const CONTROL = {
  /** To the control exchange: the callers of these requests have given up. */
  cancel: 'cancel',
  /** To the control exchange: this process has work in hand; whoever is leaving please stay, and take these calls off that lane. */
  finish: 'finish',
  /** To the control exchange: every server please say who it is. */
  who: 'who',
  /** The answer to `who`. */
  here: 'here',
  /** To the notices exchange: a server has joined. */
  joined: 'joined',
  /** To the notices exchange: a server has left the roll and finishes what it has in hand. */
  leaving: 'leaving',
  /** To the notices exchange, where the broker has no logs: there is a new hold, or one was released. */
  holds: 'holds',
  /** To the fleet exchange: every process please say what it is and does. */
  report: 'report',
  /** The answer to `report`. */
  reported: 'reported',
  /** To the fleet exchange: this server of that process please leave. */
  drain: 'drain',
} as const;

/** How a server introduces itself, in notices and in the roll call. */
export interface ServerCard {
  readonly server: string;
  readonly floor: Version;
  readonly version: Version;
  readonly build?: string;
}

/** Which server is told to leave. */
export interface DrainOrder {
  /** The process, as it calls itself in a roll call. */
  readonly instance: string;
  readonly server: string;
  /** Unset: in every topic that it serves under that name. */
  readonly topic?: string | undefined;
}

const LIMIT = 1_000_000;
/** No id on the wire is longer: what is longer is none, and is not worth remembering. */
const LONGEST_ID = 255;
const SERVER = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/;
const LONGEST_BUILD = 200;

/** Writes a server's card. */
export function encodeCard(card: ServerCard): Buffer {
  return encodeJson(card);
}

/** Reads a server's card; undefined when the bytes are none. */
export function decodeCard(body: Buffer): ServerCard | undefined {
  const value = read(body);
  if (value === undefined) return undefined;
  const { server, floor, version, build } = value;
  if (typeof server !== 'string' || !SERVER.test(server) || !isVersion(floor) || !isVersion(version)) return undefined;
  return { server, floor, version, ...(typeof build === 'string' ? { build: build.slice(0, LONGEST_BUILD) } : {}) };
}

/** Writes that a server is to leave. */
export function encodeDrain(order: DrainOrder): Buffer {
  return encodeJson(order);
}

/** Reads which server is to leave; undefined when the bytes say no such thing. */
export function decodeDrain(body: Buffer): DrainOrder | undefined {
  const value = read(body);
  if (value === undefined) return undefined;
  const { instance, server, topic } = value;
  if (typeof instance !== 'string' || typeof server !== 'string') return undefined;
  if (topic !== undefined && typeof topic !== 'string') return undefined;
  return { instance, server, topic };
}

/** Writes the ids of requests whose callers have given up. */
export function encodeCancel(ids: readonly string[]): Buffer {
  return encodeJson({ ids });
}

/** Reads the ids of requests whose callers have given up; none when the bytes are something else. */
export function decodeCancel(body: Buffer): readonly string[] {
  return idsOf(read(body));
}

/** What somebody with work in hand needs of servers that are leaving. */
export interface FinishRequest {
  /** The lane on which the calls stand. */
  readonly version: Version;
  /** Calls that it waits for; none where it may yet make some. */
  readonly ids: readonly string[];
}

/** Writes what somebody with work in hand needs of servers that are leaving. */
export function encodeFinish(request: FinishRequest): Buffer {
  return encodeJson(request);
}

/** Reads what {@link encodeFinish} writes; undefined when the bytes are something else. */
export function decodeFinish(body: Buffer): FinishRequest | undefined {
  const value = read(body);
  const version = value?.['version'];
  return isVersion(version) ? { version, ids: idsOf(value) } : undefined;
}

function idsOf(value: Record<string, unknown> | undefined): readonly string[] {
  const ids = value?.['ids'];
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string' && id.length <= LONGEST_ID) : [];
}

function read(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value = decodeJson(body, LIMIT);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
