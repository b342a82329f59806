import type { Broker, Count, TopicNames } from '../broker/index.js';
import type { Line, Version } from '../versions/index.js';
import type { Clock } from './clock.js';
import { QueueCounts } from './counts.js';
import { upTo, type NoReading, type Reading } from './reading.js';

/** What one look is about. */
export interface Look {
  /** The pinned version; undefined looks at every version. */
  readonly pinned: Version | undefined;
  /** Versions above it are not looked at, unless they are in `also`. */
  readonly cap?: Version | undefined;
  /** Versions that somebody asks about, looked at as well. */
  readonly also?: Iterable<Version>;
  /** Nothing is going on: a glance at the roll may do. */
  readonly calm?: boolean;
}

const PRESENCE = { type: 'classic' } as const;
/** How often a torn look is taken anew before it is believed. */
const AGAIN = 2;
/** How many glances may follow a look at everything. One server may have replaced another between two of them. */
const GLANCES = 9;

/**
 * The broker's own count of who is there and what they read.
 *
 * Each look reads the roll, then versions, then the roll again, and compares with the smaller roll. Queues notice a
 * dead connection independently of each other: reading in another order shows dips that are none.
 */
export class Census {
  readonly #counts: QueueCounts;
  /** What the last look that was no glance told. */
  #seen: (Pick<Look, 'pinned' | 'cap'> & { readonly reading: Reading & { readonly known: true } }) | undefined;
  #glances = 0;

  constructor(
    private readonly broker: Broker,
    private readonly names: TopicNames,
    private readonly line: Line,
    clock: Clock,
  ) {
    this.#counts = new QueueCounts(broker, clock);
  }

  /**
   * Looks once. At rest that is the pinned version and the next one: windows have no holes, so no higher version can be
   * read by all unless the next one is. All versions are read when that shows something to decide. While nothing is going on,
   * nine looks in ten are a glance: as many on the roll as before means that nothing has changed.
   */
  async look(look: Look): Promise<Reading> {
    const seen = this.#seen;
    if (look.calm === true && seen !== undefined && seen.pinned === look.pinned && seen.cap === look.cap && this.#glances < GLANCES) {
      this.#glances++;
      if ((await this.#roll()) === seen.reading.servers) return seen.reading;
    }
    let reading = await this.#once(look);
    for (let again = 0; again < AGAIN && torn(reading); again++) reading = await this.#once(look);
    this.#seen = reading.known ? { reading, pinned: look.pinned, cap: look.cap } : undefined;
    this.#glances = 0;
    return reading;
  }

  /** Asks afresh about queues that were missing, forbidden or down. */
  forget(): void {
    this.#seen = undefined;
    this.#counts.forget();
  }

  async #once(look: Look): Promise<Reading> {
    const before = await this.#roll();
    if (typeof before === 'string') return { known: false, reason: before };
    const { line } = this;
    const versions = upTo(line, look.cap);
    const readers = new Map<Version, number | undefined>();
    const next = look.pinned === undefined ? undefined : line.after(look.pinned);
    const first = look.pinned === undefined ? versions : versions.filter((version) => version === look.pinned || version === next);
    let unreachable = await this.#read(first, readers);
    if (look.pinned !== undefined && unreachable === undefined) {
      const pinned = readers.get(look.pinned);
      const above = next === undefined ? undefined : readers.get(next);
      const decides = pinned === undefined || pinned < before || (above !== undefined && above >= before);
      unreachable = await this.#read(decides ? versions : [], readers);
    }
    unreachable ??= await this.#read(look.also ?? [], readers);
    if (unreachable !== undefined) return { known: false, reason: unreachable };
    const after = await this.#roll();
    if (typeof after === 'string') return { known: false, reason: after };
    return { known: true, servers: Math.min(before, after), readers };
  }

  async #roll(): Promise<number | NoReading> {
    const count = await this.#count(this.names.roll);
    if (!count.known) return count.reason;
    return count.consumers > 0 ? count.consumers : 'nobody';
  }

  /** Reads versions that were not read yet; answers why, when the broker as a whole does not answer. */
  async #read(versions: Iterable<Version>, readers: Map<Version, number | undefined>): Promise<NoReading | undefined> {
    for (const version of versions) {
      if (readers.has(version)) continue;
      const count = await this.#count(this.names.rollAt(version));
      // One that is missing, forbidden or down says nothing of the others; these two do.
      if (!count.known && (count.reason === 'disconnected' || count.reason === 'timeout')) return count.reason;
      readers.set(version, count.known ? count.consumers : undefined);
    }
    return undefined;
  }

  #count(queue: string): Promise<Count> {
    if (this.broker.state === 'down' || this.broker.state === 'closed' || this.broker.state === 'connecting') {
      return Promise.resolve({ known: false, reason: 'disconnected' });
    }
    return this.#counts.count(queue, PRESENCE);
  }
}

/**
 * Whether a server came or went while the look was taken: a version has more readers than there are servers. Such a look
 * tells apart versions that the fleet does not; a pin that believed it would stop at one of them on its way up.
 */
function torn(reading: Reading): boolean {
  return reading.known && [...reading.readers.values()].some((readers) => readers !== undefined && readers > reading.servers);
}
