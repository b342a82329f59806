import type { LedgerState } from './ledger/index.js';
import type { Reading } from './reading.js';

/** Who was there when this process was cut off from the broker. */
export interface Before {
  /** How many servers the last census counted. */
  readonly servers: number;
  /** Up to where the ledger was read. */
  readonly offset: number;
  /** The names of the servers that were members there, some of which may have been down already. */
  readonly names: ReadonlySet<string>;
}

/**
 * How long after its own return a client waits for servers that were there before, in ms. A server that was cut off without
 * noticing it takes 26 s to be back with the default heartbeat, and the quiet time begins only after this.
 */
export const ABSENCE = 30_000;

/** What is remembered when the connection is lost. */
export function before(servers: number, { offset, members }: Pick<LedgerState, 'offset' | 'members'>): Before {
  return { servers, offset, names: new Set(members.filter(({ role }) => role === 'server').map(({ author }) => author)) };
}

/**
 * How many servers there must be for none of those from before to be missing: fewer by those who have left the ledger since,
 * more by those who have joined it under a name that was not there. Pure.
 */
export function expected({ servers, offset, names }: Before, { members }: Pick<LedgerState, 'members'>): number {
  const now = members.filter(({ role }) => role === 'server');
  const present = new Set(now.map(({ author }) => author));
  const departed = [...names].filter((name) => !present.has(name)).length;
  const newcomers = new Set(now.filter((member) => member.offset > offset && !names.has(member.author)).map(({ author }) => author)).size;
  return servers - departed + newcomers;
}

/**
 * Servers that are on their way back after all were cut off, as by a restart of the broker. They come back one by one, and
 * those that are there already may all read a version that the last one does not: an equal census says nothing until as many
 * are there as were before.
 */
export class Absence {
  #before: Before | undefined;
  #back: number | undefined;

  /** The connection is lost. */
  lost(reading: Reading, ledger: Pick<LedgerState, 'offset' | 'members'>): void {
    this.#back = undefined;
    // Cut off once more before all are back: those who are waited for are the same.
    if (reading.known) this.#before ??= before(reading.servers, ledger);
  }

  /** The connection is back. */
  back(now: number): void {
    this.#back = now;
  }

  /** How many servers are missing; 0 once all were there again, or the time is up. */
  missing(reading: Reading, ledger: Pick<LedgerState, 'members'>, now: number): number {
    if (this.#before === undefined) return 0;
    const missing = expected(this.#before, ledger) - (reading.known ? reading.servers : 0);
    const late = this.#back !== undefined && now - this.#back >= ABSENCE;
    if (missing > 0 && !late) return missing;
    if (reading.known || late) this.#before = undefined;
    return 0;
  }
}
