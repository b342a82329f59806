import type { Finding } from '../../compat/index.js';
import type { Version } from '../../versions/index.js';
import type { ReleaseName, SkewClient, SkewServers } from './plan.js';

/** How many requests ended in which way: `handled`, `queued`, or the code or name of an error. */
export type SkewOutcomes = Readonly<Record<string, number>>;

/** One thing that is not as the versions and declarations of both releases say. */
export interface SkewFailure {
  /** The property that declares the method; empty for what belongs to the whole cell. */
  readonly method: string;
  /** The version of the message. */
  readonly version: Version;
  /**
   * `request` and `result`: what arrived is not what was sent, or nothing arrived. `outcome`: what must be refused was not, or in
   * another way. `pin`: the client came to another version.
   */
  readonly direction: 'request' | 'result' | 'outcome' | 'pin';
  /** Where the data differs first: `volume.host`; empty where nothing arrived. */
  readonly path: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** How many requests of the cell have it. */
  readonly times: number;
}

/** What became of one cell. */
export interface SkewCell {
  /** Whose servers were there. */
  readonly servers: SkewServers;
  /** Whose client called, and at which pin. */
  readonly client: SkewClient;
  /** The version that the client sent at; undefined where it refused to start. */
  readonly version: Version | undefined;
  /** What must become of the requests, by the versions alone. */
  readonly expected: SkewOutcomes;
  /** What became of them. */
  readonly observed: SkewOutcomes;
  /** Empty when all was as it must be. */
  readonly failures: readonly SkewFailure[];
}

/** What became of messages that waited on a queue. */
export interface SkewQueue {
  /** Whose client wrote them, at which pin. */
  readonly by: SkewClient;
  /** Whose servers came up. */
  readonly readBy: ReleaseName;
  /** The version that they were written in. */
  readonly version: Version;
  /** What must become of the messages, by the versions alone. */
  readonly expected: SkewOutcomes;
  /** What became of them. */
  readonly observed: SkewOutcomes;
  /** Empty when all was as it must be. */
  readonly failures: readonly SkewFailure[];
  /** The failures as findings of the rule `queue/time-capsule`. */
  readonly findings: readonly Finding[];
}

/** One of the releases that took part. */
export interface SkewParty {
  /** `volume@1.4.2`. */
  readonly package: string;
  /** The version of the Lynchpin that it ran with. */
  readonly lynchpin: string;
  /** The oldest version that it speaks. */
  readonly floor: Version;
  /** The newest version that it speaks. */
  readonly version: Version;
}

/** What a run found. */
export interface SkewReport {
  /** The topic on which both speak. */
  readonly topic: string;
  /** The released package. */
  readonly old: SkewParty;
  /** Today's. */
  readonly new: SkewParty;
  /** All nine, by servers and then by client. */
  readonly cells: readonly SkewCell[];
  /** The messages that waited; none where the releases share no version. */
  readonly queues: readonly SkewQueue[];
  /** Methods of which nothing could be sent, because no sample fits: give `requests` for them. */
  readonly unsampled: readonly string[];
  /** How long it took, in ms. */
  readonly milliseconds: number;
}

/** The cells in words: `mixed servers, new client pinned`. */
export function titleOfCell({ servers, client }: Pick<SkewCell, 'servers' | 'client'>): string {
  return `${servers} servers, ${CLIENTS[client]}`;
}

/** `queued by the old client, read by new servers`. */
export function titleOfQueue({ by, readBy }: Pick<SkewQueue, 'by' | 'readBy'>): string {
  return `queued by the ${CLIENTS[by]}, read by ${readBy} servers`;
}

const CLIENTS: Readonly<Record<SkewClient, string>> = { old: 'old client', pinned: 'new client pinned', released: 'new client released' };

/** What a run found, as data and as text. */
export class SkewResult implements SkewReport {
  /** The topic on which both speak. */
  readonly topic: string;
  /** The released package. */
  readonly old: SkewParty;
  /** Today's. */
  readonly new: SkewParty;
  /** All nine, by servers and then by client. */
  readonly cells: readonly SkewCell[];
  /** The messages that waited; none where the releases share no version. */
  readonly queues: readonly SkewQueue[];
  /** Methods of which nothing could be sent, because no sample fits: give `requests` for them. */
  readonly unsampled: readonly string[];
  /** How long it took, in ms. */
  readonly milliseconds: number;

  constructor(report: SkewReport) {
    this.topic = report.topic;
    this.old = report.old;
    this.new = report.new;
    this.cells = report.cells;
    this.queues = report.queues;
    this.unsampled = report.unsampled;
    this.milliseconds = report.milliseconds;
  }

  /** Whether every cell and queue is as it must be. */
  get ok(): boolean {
    return [...this.cells, ...this.queues].every(({ failures }) => failures.length === 0);
  }

  /** Plain data, for `JSON.stringify`. */
  toJSON(): SkewReport & { readonly ok: boolean } {
    const { ok, topic, old, new: newer, cells, queues, unsampled, milliseconds } = this;
    return { ok, topic, old, new: newer, cells, queues, unsampled, milliseconds };
  }

  /** A table with one line for each cell and queue, and below it what failed. */
  toString(): string {
    const rows = [
      ['', 'at', 'expected', 'observed', ''],
      ...this.cells.map((cell) => row(titleOfCell(cell), cell)),
      ...this.queues.map((queue) => row(titleOfQueue(queue), queue)),
    ];
    const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
    const table = rows.map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
    const failed = [
      ...this.cells.map((cell) => failuresOf(titleOfCell(cell), cell.failures)),
      ...this.queues.map((queue) => failuresOf(titleOfQueue(queue), queue.failures)),
    ].flat();
    const unsampled = this.unsampled.length === 0 ? [] : ['', `no sample fits: ${this.unsampled.join(', ')}`];
    return [
      `${this.topic}: ${party('old', this.old)}, ${party('new', this.new)}, ${(this.milliseconds / 1_000).toFixed(1)} s`,
      '',
      ...table,
      ...failed,
      ...unsampled,
      '',
    ].join('\n');
  }
}

/** What failed in a cell, line by line: one forgotten backport may show in every method, and the first few tell it. */
export function failuresOf(title: string, failures: readonly SkewFailure[]): readonly string[] {
  if (failures.length === 0) return [];
  const shown = failures.slice(0, SHOWN).map(({ message, times }) => `  ${message}${times > 1 ? ` (${times} times)` : ''}`);
  const more = failures.length - shown.length;
  return ['', `${title}:`, ...shown, ...(more === 0 ? [] : [`  and ${more} more like these`])];
}

/** How many failures of one cell are printed. */
const SHOWN = 8;

function row(title: string, entry: SkewCell | SkewQueue): readonly string[] {
  return [
    title,
    entry.version ?? '',
    words(entry.expected),
    words(entry.observed),
    entry.failures.length === 0 ? 'ok' : `${entry.failures.length} failures`,
  ];
}

function words(outcomes: SkewOutcomes): string {
  return Object.entries(outcomes)
    .map(([name, count]) => (count === 0 ? name : `${count} ${name}`))
    .join(', ');
}

function party(which: string, { package: name, floor, version, lynchpin }: SkewParty): string {
  return `${which} ${name} (${floor} to ${version}, lynchpin ${lynchpin})`;
}
