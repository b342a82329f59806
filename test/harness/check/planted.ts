import type { Entry, Journal, Role, Window } from '../journal/index.js';
import type { WireEntry, WireJournal, WireMessage } from '../proxy/index.js';
import type { Evidence, Performed, QueueState } from './evidence.js';

// Journals written by hand: what the tests of the checks plant their violations in.

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;
type OnWire = WireEntry extends infer One ? (One extends unknown ? Omit<One, 'at' | 'connection' | 'channel'> : never) : never;

export const OLD: Window = { floor: '1.0', version: '1.2' };
export const NEW: Window = { floor: '1.0', version: '1.4' };
export const HIGH: Window = { floor: '1.3', version: '1.5' };

/** A journal whose entries come at the given times. */
export function journal(process: string, window: Window, ...timed: readonly (readonly [at: number, entry: WithoutTime<Entry>])[]): Journal {
  const name = process.split('.')[0] ?? process;
  const role: Role = name.startsWith('client') ? 'client' : 'server';
  return { process, name, role, release: window.version, window, entries: timed.map(([at, entry]) => ({ at, ...entry }) as Entry) };
}

/** A wire journal, all on channel 1 of connection 1. */
export function wire(process: string, ...timed: readonly (readonly [at: number, entry: OnWire])[]): WireJournal {
  return { process, entries: timed.map(([at, entry]) => ({ at, connection: 1, channel: 1, ...entry }) as WireEntry) };
}

/** A request on the wire whose id is its reference. */
export function request(reference: string, type: string, more: Partial<WireMessage> = {}): WireMessage {
  return { exchange: 'orders', key: '', type, id: reference, reference, ...more };
}

export function evidence(parts: {
  journals?: readonly Journal[];
  wires?: readonly WireJournal[];
  queues?: readonly QueueState[];
  actions?: readonly Performed[];
}): Evidence {
  return { journals: [], wires: [], queues: [], actions: [], ...parts };
}

/** The entry of a delivery that is to be acknowledged under tag 1. */
export function delivered(
  queue: string,
  message: WireMessage,
  more: { readonly redelivered?: boolean; readonly tag?: number } = {},
): OnWire {
  return { kind: 'delivered', tag: 1, queue, redelivered: false, settled: false, message, ...more };
}
