import { EMPTY_LEDGER, fold, type LedgerState, type parseEntry } from './ledger/index.js';

/** How a long log is read when it is read for the first time. */
export interface Strides {
  /** After so many entries from the first on it is looked how long the log is. */
  readonly first: number;
  /** So many offsets before the end reading begins anew; twice as many with each attempt that shows no snapshot. */
  readonly last: number;
}

/** The last stride has room for two snapshots, as often as servers write them. */
export const STRIDES: Strides = Object.freeze({ first: 500, last: 1_500 });

/** What an entry of a tail has shown. */
export type Shown =
  /** A snapshot that counts stood in it: its state is the log's. */
  | 'sure'
  /** It may still come. */
  | 'unsure'
  /** There is none, or none early enough. */
  | 'vain';

/**
 * The end of a long log, read before it is known whether it tells everything. What it comes to is nobody's business until
 * a snapshot that counts was in it: from there on it is what whoever has read everything comes to.
 */
export class Tail {
  readonly from: number;
  readonly #length: number;
  readonly #end: number;
  #state: LedgerState = EMPTY_LEDGER;

  private constructor(end: number, length: number) {
    this.#end = end;
    this.#length = length;
    this.from = end - length;
  }

  /**
   * The last part of a log, or nothing where what is missing is not much longer than that.
   * @param known the offset up to which it was read.
   * @param end the offset of an entry near its end.
   */
  static of(known: number, end: number, { last }: Strides): Tail | undefined {
    return end - known > 2 * last ? new Tail(end, last) : undefined;
  }

  /** What it comes to. Only where it is sure. */
  get state(): LedgerState {
    return this.#state;
  }

  /** @param awaited whether somebody waits for that very entry, and wants to know what the log came to there. */
  take(entry: ReturnType<typeof parseEntry>, offset: number, awaited: boolean): Shown {
    this.#state = fold(this.#state, entry, offset);
    if (this.#state.unreadable?.cause !== 'beginning') return 'sure';
    return awaited || offset >= this.#end ? 'vain' : 'unsure';
  }

  /** Twice as much of the log, or nothing where that reaches back to what was read already. */
  longer(known: number): Tail | undefined {
    const length = 2 * this.#length;
    return this.#end - length > known ? new Tail(this.#end, length) : undefined;
  }
}
