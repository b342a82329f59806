import { LynchpinError } from '../errors/index.js';
import { Backoff, whichever, type Admitted, type Gate } from '../rpc/index.js';
import { compareVersions, type Line } from '../versions/index.js';
import type { Clock } from './clock.js';
import { isMember, mayJoin, versionsOf, type Entry, type LedgerState, type ReadWindow } from './ledger/index.js';
import type { Life } from './life.js';
import type { TopicLedger } from './topic-ledger.js';

/** Who is a member. */
export interface MemberParts {
  readonly ledger: TopicLedger;
  readonly life: Life;
  /** Unique for ever: one process may take part in one topic several times. */
  readonly instance: string;
  readonly role: 'server' | 'client';
  /** The name that people know it by. */
  readonly author: string;
  readonly line: Line;
  readonly clock: Clock;
}

/** How long leaving waits for its entry, in ms. A member whose entry is lost is one that is down: it is expired on evidence. */
const LEAVE = 1_000;
/** Pauses between attempts that did not make it a member, in ms: each of them is an entry that stays. */
const RETRY = { first: 20, most: 2_000 };

/**
 * One participant of a topic as its ledger knows it. It joins by an entry of its own that it reads back, and is admitted by
 * what the log comes to right there; each life of the process joins anew. While it is a member it acknowledges every
 * finalization of a version that it reads.
 */
export class Membership implements Gate {
  readonly instance: string;
  readonly #parts: MemberParts;
  readonly #window: ReadWindow;
  #incarnation = 0;
  #in = false;
  #queue = '';
  /** Fires when its present place is lost. */
  #ended = new AbortController();
  #confirmations = 0;
  #end: ((cause: Error) => void) | undefined;
  #acking: AbortController | undefined;
  #refusal: LynchpinError | undefined;
  #left = false;

  constructor(parts: MemberParts) {
    this.#parts = parts;
    this.instance = parts.instance;
    const { floor, head: version, versions } = parts.line;
    const plain = versionsOf({ floor, version });
    const simple = plain.length === versions.length && plain.every((one, at) => one === versions[at]);
    this.#window = simple ? { floor, version } : { floor, version, versions };
  }

  /** The life under which it is a member now; undefined while it is none. */
  get member(): { readonly instance: string; readonly incarnation: number } | undefined {
    return this.#in ? { instance: this.instance, incarnation: this.#incarnation } : undefined;
  }

  get problem(): Error | undefined {
    return this.#parts.life.problem ?? this.#parts.ledger.problem;
  }

  /** Why it was refused for good; undefined while it was not. */
  get refusal(): LynchpinError | undefined {
    return this.#refusal;
  }

  /** Whether it has been given up, until it enters again. */
  get left(): boolean {
    return this.#left;
  }

  async enter(signal: AbortSignal): Promise<Admitted> {
    this.#left = false;
    const { ledger, life, line } = this.#parts;
    // Whoever asks anew has given up the place that it had.
    this.#over(new LynchpinError('CLOSED', `${this.#parts.author} joins topic ${ledger.topic} anew`));
    const backoff = new Backoff(RETRY.first, RETRY.most);
    for (;;) {
      const alive = await life.alive(signal);
      const support = await ledger.ready(signal);
      // Without a ledger nothing can be final, and nobody need be asked.
      if (!support.supported) return { lost: alive.lost };
      this.#incarnation = Math.max(this.#incarnation, lastLifeOf(ledger.state, this.instance)) + 1;
      this.#queue = alive.queue;
      const { state, offset } = await ledger.append(this.#entry('joined'), signal);
      const verdict = mayJoin(state, { instance: this.instance, incarnation: this.#incarnation, window: this.#window }, offset);
      if (verdict.kind === 'TOO_OLD') {
        const { version, author, at, reason } = verdict.floor;
        this.#refusal = new LynchpinError('TOO_OLD', `${this.#parts.author} may not join topic ${ledger.topic}: ${verdict.text}`, {
          topic: ledger.topic,
          final: { version, author, at, reason, offset: verdict.floor.offset },
          window: { floor: line.floor, version: line.head },
          waysOut: verdict.waysOut,
        });
        throw this.#refusal;
      }
      const { outcome } = state;
      if (verdict.kind === 'unknown' || outcome.kind === 'foreign') {
        // What nobody reads as an entry will not become one by being written again.
        const why = verdict.kind === 'unknown' ? verdict.text : `its entry is none: ${outcome.why}`;
        throw new LynchpinError('PROTOCOL', `${this.#parts.author} may not join topic ${ledger.topic}: ${why}`, { topic: ledger.topic });
      }
      if (verdict.kind === 'joined' && !alive.over && isMember(ledger.state, this.#life)) return { lost: this.#stay(alive.lost) };
      await backoff.wait(signal);
    }
  }

  /** Appends its `joined` once more, which changes nothing, and looks what the log comes to there. */
  async confirm(signal: AbortSignal): Promise<void> {
    const over = this.#ended;
    if (!this.#in) return;
    const again = this.#entry('joined');
    const enough = whichever(signal, over.signal);
    try {
      const entry = { ...again, id: `${again.id} again ${++this.#confirmations}` };
      const { state } = await this.#parts.ledger.append(entry, enough.signal);
      if (!over.signal.aborted && !isMember(state, this.#life)) this.#over(this.#takenOff());
    } catch (error) {
      if (!over.signal.aborted) throw error;
    } finally {
      enough.release();
    }
  }

  async leave(): Promise<void> {
    this.#left = true;
    // One that is on its way back in is listed still under its last life, and others wait for it.
    const { ledger } = this.#parts;
    if (!this.#in && !(ledger.following && isMember(ledger.state, this.#life))) return;
    this.#over(new LynchpinError('CLOSED', `${this.#parts.author} has left topic ${ledger.topic}`));
    await ledger.append(this.#entry('left'), AbortSignal.timeout(LEAVE)).catch(() => undefined);
  }

  get #life(): { readonly instance: string; readonly incarnation: number } {
    return { instance: this.instance, incarnation: this.#incarnation };
  }

  /** Stays a member until the process's life ends, or the ledger says that this one has. */
  #stay(ended: Promise<Error>): Promise<Error> {
    const { ledger } = this.#parts;
    const incarnation = this.#incarnation;
    const over = (this.#ended = new AbortController());
    this.#in = true;
    return new Promise((resolve) => {
      const look = (state: LedgerState): void => {
        if (isMember(state, this.#life)) this.#acknowledge(state);
        else this.#over(this.#takenOff());
      };
      const stop = ledger.watch(look);
      this.#end = (cause) => {
        this.#in = false;
        this.#end = undefined;
        this.#acking?.abort();
        stop();
        over.abort();
        resolve(cause);
      };
      void ended.then((cause) => {
        if (this.#incarnation === incarnation) this.#over(cause);
      });
      look(ledger.state);
    });
  }

  #over(cause: Error): void {
    this.#end?.(cause);
  }

  /** Says that it reads what is being finalized, until that is in the log. */
  #acknowledge(state: LedgerState): void {
    const { prepared, members } = state;
    const acked = members.find(({ instance }) => instance === this.instance)?.acked;
    if (prepared === undefined || acked === prepared.epoch || compareVersions(this.#parts.line.head, prepared.version) < 0) {
      this.#acking?.abort();
      this.#acking = undefined;
      return;
    }
    if (this.#acking !== undefined) return;
    const acking = (this.#acking = new AbortController());
    const entry: Entry = {
      kind: 'ack',
      ...this.#said(`ack ${this.instance}.${this.#incarnation}.${prepared.epoch}`),
      ...this.#life,
      epoch: prepared.epoch,
    };
    void this.#parts.ledger
      .append(entry, acking.signal)
      .catch(() => undefined)
      .finally(() => {
        if (this.#acking === acking) this.#acking = undefined;
      });
  }

  #takenOff(): LynchpinError {
    const { ledger, author } = this.#parts;
    return new LynchpinError('CONNECTION', `${author} was taken off the ledger of topic ${ledger.topic}`, { topic: ledger.topic });
  }

  #entry(kind: 'joined' | 'left'): Entry {
    const said = this.#said(`${kind} ${this.instance}.${this.#incarnation}`);
    if (kind === 'left') return { kind, ...said, ...this.#life };
    return { kind, ...said, ...this.#life, role: this.#parts.role, window: this.#window, queue: this.#queue };
  }

  #said(id: string): Pick<Entry, 'id' | 'author' | 'reason' | 'at'> {
    return { id, author: this.#parts.author, reason: '', at: this.#parts.clock.text() };
  }
}

/** The last life of an instance that the ledger knows of. */
function lastLifeOf({ members, departed }: LedgerState, instance: string): number {
  return [...members, ...departed].find((other) => other.instance === instance)?.incarnation ?? 0;
}
