import { isVersion, type Version } from '../../versions/index.js';
import { decodeJson, encodeJson } from './json.js';

/** A life under which somebody is a member of a topic's ledger. */
export interface ReportedMember {
  /** Unique for ever: a process takes part under one for each server and client of its own. */
  readonly instance: string;
  /** How many times it has joined. */
  readonly incarnation: number;
}

/** A server of a process, as the process tells it. */
export interface ServerReport {
  /** What it serves. */
  readonly topic: string;
  /** The name that it serves under. */
  readonly server: string;
  /** Undefined while it is no member. */
  readonly member?: ReportedMember | undefined;
  /** The versions that it reads, oldest first. */
  readonly versions: readonly Version[];
  /** `joining`, `serving`, `draining`, `left`, `refused`. */
  readonly state: string;
  /** How many handlers run. */
  readonly running: number;
  /** How many requests wait for their turn. */
  readonly waiting: number;
}

/** A client of a process, as the process tells it. */
export interface ClientReport {
  /** What it calls. */
  readonly topic: string;
  /** Undefined while it is no member. */
  readonly member?: ReportedMember | undefined;
  /** The versions that it speaks, oldest first. */
  readonly versions: readonly Version[];
  /** What it sends now, and why. */
  readonly pin: {
    /** The version. */
    readonly version: Version;
    /** One of the states of a pin. */
    readonly state: string;
    /** When it came to that, by the process's own clock, ISO 8601: for people. */
    readonly since: string;
    /** One sentence. */
    readonly why: string;
    /** The servers that hold it, as far as they have said their names. */
    readonly by: readonly string[];
  };
  /** How many calls and casts are under way. */
  readonly inFlight: number;
  /** How many messages it knows to be stranded on lanes that nobody reads. */
  readonly stranded: number;
}

/** What a process says of itself in a roll call of the fleet. */
export interface InstanceReport {
  /** What ledger and roll call know it by: unique for ever. */
  readonly instance: string;
  /** How many times it has connected. */
  readonly lives: number;
  /** What it calls itself. */
  readonly name: string;
  /** Which service of the system it is part of, where it was told. */
  readonly service?: string | undefined;
  /** Which build it runs, where it was told. */
  readonly build?: string | undefined;
  /** Which release of the system it runs, where it was told. */
  readonly release?: string | undefined;
  /** When it started, by its own clock, ISO 8601: for people. */
  readonly started: string;
  /** What it serves. */
  readonly servers: readonly ServerReport[];
  /** What it calls. */
  readonly clients: readonly ClientReport[];
}

const LIMIT = 1_000_000;
const LONGEST = 4_000;
const MOST = 2_000;

export function encodeReport(report: InstanceReport): Buffer {
  return encodeJson(report);
}

/** Reads what a process says of itself; undefined when the bytes are no such thing. Unknown fields are ignored. */
export function decodeReport(body: Buffer): InstanceReport | undefined {
  try {
    const fields = record(decodeJson(body, LIMIT));
    return {
      instance: text(fields['instance']),
      lives: whole(fields['lives']),
      name: text(fields['name']),
      ...optional('service', fields),
      ...optional('build', fields),
      ...optional('release', fields),
      started: text(fields['started']),
      servers: list(fields['servers'], serverOf),
      clients: list(fields['clients'], clientOf),
    };
  } catch {
    return undefined;
  }
}

function serverOf(value: unknown): ServerReport {
  const fields = record(value);
  return {
    topic: text(fields['topic']),
    server: text(fields['server']),
    member: memberOf(fields['member']),
    versions: list(fields['versions'], versionOf),
    state: text(fields['state']),
    running: whole(fields['running']),
    waiting: whole(fields['waiting']),
  };
}

function clientOf(value: unknown): ClientReport {
  const fields = record(value);
  const pin = record(fields['pin']);
  return {
    topic: text(fields['topic']),
    member: memberOf(fields['member']),
    versions: list(fields['versions'], versionOf),
    pin: {
      version: versionOf(pin['version']),
      state: text(pin['state']),
      since: text(pin['since']),
      why: text(pin['why']),
      by: list(pin['by'], text),
    },
    inFlight: whole(fields['inFlight']),
    stranded: whole(fields['stranded']),
  };
}

function memberOf(value: unknown): ReportedMember | undefined {
  if (value === undefined) return undefined;
  const fields = record(value);
  return { instance: text(fields['instance']), incarnation: whole(fields['incarnation']) };
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('no JSON object');
  return value as Record<string, unknown>;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('no text');
  return value.slice(0, LONGEST);
}

function whole(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new TypeError('no count');
  return value as number;
}

function versionOf(value: unknown): Version {
  if (!isVersion(value)) throw new TypeError('no version');
  return value;
}

function list<T>(value: unknown, read: (item: unknown) => T): readonly T[] {
  if (!Array.isArray(value) || value.length > MOST) throw new TypeError('no list');
  return value.map((item) => read(item));
}

function optional<const Key extends string>(key: Key, fields: Record<string, unknown>): { readonly [K in Key]?: string } {
  const value = fields[key];
  return typeof value === 'string' ? ({ [key]: value.slice(0, LONGEST) } as { readonly [K in Key]?: string }) : {};
}
