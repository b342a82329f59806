/**
 * One entry of a log. What identifies it is its offset; what its writer meant to be one entry may stand there several times,
 * because a publish whose confirm was lost is sent again: all of them have one `messageId`, and the first of them counts.
 */
export interface LogEntry {
  /**
   * Its place: the same for every reader, 0 for the very first. Offsets grow and are never used again, but there are gaps:
   * the broker numbers records of its own in the same row.
   */
  readonly offset: number;
  readonly body: Buffer;
  readonly messageId?: string | undefined;
  /** The account that appended it, attested by the broker, where its writer set one. */
  readonly userId?: string | undefined;
  readonly type?: string | undefined;
  readonly appId?: string | undefined;
}

/** An entry that was read before. A reader begins behind it; that it is still there is looked at. */
export type LogAnchor = Pick<LogEntry, 'offset' | 'messageId'>;

/**
 * Where a reader begins:
 *
 * - `first`: at the oldest entry that is still there, which is at offset 0 unless a policy of the broker drops old entries.
 * - `last`: at the newest entry that is there, or somewhat before it. Where there is none, at the first that comes.
 * - `from`: at the first entry whose offset is not below that. Nobody looks whether the log is the one that is meant.
 * - behind an entry that was read before.
 */
export type LogStart = 'first' | 'last' | { readonly from: number } | LogAnchor;

/** Whether the broker has logs, and if not, in its own words why. */
export type LogSupport = { readonly supported: true } | { readonly supported: false; readonly reason: string };

export interface LogHandlers {
  /** Every entry, once, in the order of the offsets. One that throws ends the reader. */
  onEntry(entry: LogEntry): void;
  /** Called once, after the reader was opened: its channel or connection is gone, or the log is. Not for the owner's own `close`. */
  onLost(cause: Error): void;
}

/**
 * A reader of a log. It goes on for ever: first what is there, then what comes. A log has no end that could be asked for:
 * whoever needs to know that it has read everything up to now appends an entry of its own and reads until that one comes back.
 */
export interface LogReader {
  readonly open: boolean;
  /** No entry is handed over once this was called. */
  close(): Promise<void>;
}
