import type { Broker, BrokerState, TopicNames } from '../broker/index.js';
import { compareVersions, type Line, type Version } from '../versions/index.js';
import { Absence } from './absence.js';
import type { Attendance } from './attendance.js';
import { capOf } from './cap.js';
import { Census, type Look } from './census.js';
import { machineClock, type Clock } from './clock.js';
import { firstCourse, heldBackOf, steer, type Course } from './course.js';
import type { PinRules, Standing } from './decide.js';
import { explain, type Explanation } from './explain.js';
import { HoldWarnings } from './hold-warnings.js';
import { LimitsReader, type Limits } from './limits.js';
import { EMPTY_LEDGER, type LedgerState } from './ledger/index.js';
import { Listeners } from './listeners.js';
import { Notices, type Heard } from './notices.js';
import { Pace } from './pace.js';
import type { Pin, PinSource } from '../rpc/index.js';
import type { Reading } from './reading.js';
import { RollCall } from './roll-call.js';
import { Start } from './start.js';
import type { TopicLedger } from './topic-ledger.js';

/** How a pin is negotiated. */
export interface PinOptions {
  /** A version (`'3.2'`), or a release that `releases` knows, above which the pin may not rise. Default none. */
  readonly pin?: string | undefined;
  /** Which version of this topic each release of the system spoke: `{ '2025.1': '3.4' }`. */
  readonly releases?: Readonly<Record<string, Version>> | undefined;
  /** How long every live server must have read a higher version before the pin is raised to it, in ms. Default 10,000. */
  readonly settle?: number | undefined;
  /** How long after a first look that would lower the pin a second one must agree, in ms. Default 250. */
  readonly secondLook?: number | undefined;
  /** The longest that `negotiated` waits for a census, in ms. Default 5,000. */
  readonly negotiateWithin?: number | undefined;
  /** The clock that everything is decided by; for tests. */
  readonly clock?: Clock | undefined;
}

/** What a negotiation is about. */
export interface NegotiationSubject {
  readonly broker: Broker;
  readonly names: TopicNames;
  /** The versions that the client speaks. */
  readonly line: Line;
  /** Where holds and what is final stand. Without one there are none. */
  readonly ledger?: TopicLedger | undefined;
  /** The client's place among the members of the topic: while it has none the pin is not raised. */
  readonly attendance?: Attendance | undefined;
}

/** A pin with the error that it amounts to, if the client and the servers do not understand each other. */
export interface NegotiatedPin extends Pin {
  /** `SPLIT`, `TOO_OLD` or `TOO_NEW`; undefined while there is a version that all live servers read, or nothing is known. */
  readonly problem: Explanation['problem'];
}

/** Looks that are asked for within this time of the last one, in ms, are answered by that. */
const MOMENT = 250;
/** Notices bring looks no closer together than this, in ms. */
const AFTER_NOTICE = 1_000;
/** How long names that were heard wait for others, in ms. */
const NAMES = 20;
/** How long a version that somebody asked about is looked at, in ms. */
const INTEREST = 60_000;

/** Negotiates a client's pin and keeps it right until it is closed. */
export function negotiate(subject: NegotiationSubject, options: PinOptions = {}): Negotiation {
  return new Negotiation(subject, options);
}

/** The shell around the decision: when to look, and whom to tell. What a look means is decided in `decide.ts`. */
export class Negotiation implements PinSource {
  /** Resolves when the first census has picked a version, and within a bound in any case: then with the floor. */
  readonly negotiated: Promise<NegotiatedPin>;
  readonly #subject: NegotiationSubject;
  readonly #options: PinOptions;
  readonly #clock: Clock;
  readonly #census: Census;
  readonly #notices: Notices;
  readonly #rollCall: RollCall;
  readonly #pace: Pace;
  readonly #listeners: Listeners;
  readonly #leaving = new Set<(server: string) => void>();
  readonly #start: Start;
  readonly #interest = new Map<Version, number>();
  readonly #unwatch: readonly (() => void)[];
  readonly #limitsReader: LimitsReader;
  readonly #warnings: HoldWarnings;
  readonly #absence = new Absence();
  #rules: PinRules;
  #limits: Limits;
  #capName: string | undefined;
  #course: Course;
  #reading: Reading = { known: false, reason: 'disconnected' };
  #since: string;
  #current: NegotiatedPin;
  /** Counts connections: a look that spans two of them tells nothing. */
  #era = 0;
  #looking: Promise<void> | undefined;
  #lookedAt = -Infinity;
  /** Somebody came or left, or wants to know: a glance will not do. */
  #stirred = true;
  /** Whether the last look may have been a glance. */
  #glanced = false;
  /** The time of the reading that the pin was last decided by. */
  #decidedAt = 0;
  /** What was read of the ledger when that last mattered. */
  #read: Pick<LedgerState, 'holds' | 'floors' | 'unreadable'> | undefined;
  #refreshing: (() => void) | undefined;
  #closed = false;

  constructor(subject: NegotiationSubject, options: PinOptions) {
    const { broker, names, line, ledger, attendance } = subject;
    this.#subject = subject;
    this.#options = options;
    this.#clock = options.clock ?? machineClock;
    this.#capName = options.pin;
    this.#rules = {
      line,
      cap: capOf(options.pin, line, options.releases),
      settle: options.settle ?? 10_000,
      secondLook: options.secondLook ?? 250,
    };
    this.#limitsReader = new LimitsReader(line, ledger, attendance);
    this.#limits = this.#limitsReader.read(undefined, 0);
    this.#warnings = new HoldWarnings(names.topic);
    this.#course = firstCourse(this.#limited);
    this.#since = this.#clock.text();
    this.#census = new Census(broker, names, line, this.#clock);
    this.#notices = new Notices(
      broker,
      names,
      this.#clock,
      (heard) => this.#heard(heard),
      () => this.#callRoll(),
    );
    this.#rollCall = new RollCall(
      this.#clock,
      () => this.#notices.callRoll(),
      () => this.#refreshSoon(),
    );
    this.#pace = new Pace(this.#clock, () => void this.#look());
    this.#current = this.#view();
    this.#listeners = new Listeners(names.topic);
    this.#start = new Start(this.#clock, options.negotiateWithin ?? 5_000);
    this.negotiated = this.#start.over.then(() => {
      // Names may have been heard that are not told of yet.
      this.#refresh();
      return this.#current;
    });
    this.#unwatch = [
      broker.watch((state) => this.#brokerIs(state)),
      ledger?.watch((state) => this.#ledgerSays(state)) ?? (() => undefined),
      attendance?.watch((state) => this.#relimit(state === 'in')) ?? (() => undefined),
    ];
    void this.#notices.open();
    this.#pace.soon(0);
  }

  get current(): NegotiatedPin {
    return this.#current;
  }

  watch(listener: (now: Pin, before: Pin) => void): () => void {
    return this.#listeners.add(listener);
  }

  watchLeaving(listener: (server: string) => void): () => void {
    this.#leaving.add(listener);
    return () => this.#leaving.delete(listener);
  }

  async check(): Promise<NegotiatedPin> {
    if (this.#closed) return this.#current;
    // What is under way may be a glance.
    await this.#looking;
    if (this.#clock.now() - this.#lookedAt >= MOMENT || this.#glanced) {
      this.#stirred = true;
      await this.#look();
    }
    return this.#current;
  }

  readersOf(version: Version): number | undefined {
    this.#interest.set(version, this.#clock.now());
    return this.#readersOf(version);
  }

  /**
   * Caps the pin, or takes its cap away: a version, a release, or undefined. A lower cap takes effect at once; a higher
   * one lets the pin rise after its quiet time.
   * @throws LynchpinError `DECLARATION` when it is neither a version nor a known release, or older than the client speaks.
   */
  cap(pin: string | undefined): void {
    this.#rules = { ...this.#rules, cap: capOf(pin, this.#subject.line, this.#options.releases) };
    this.#capName = pin;
    this.#relimit(true);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#pace.stop();
    this.#rollCall.stop();
    this.#refreshing?.();
    for (const stop of this.#unwatch) stop();
    this.#listeners.clear();
    this.#leaving.clear();
    this.#start.end();
    await this.#notices.close();
    await this.#looking;
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    if (this.#closed) return;
    const era = this.#era;
    const asked = this.#asked();
    const calm = !this.#stirred && asked.length === 0 && isCalm(this.#course);
    this.#stirred = false;
    const reading = await this.#census.look({ ...lookOf(this.#course, this.#rules.cap, asked), calm });
    if (this.#closed) return;
    this.#lookedAt = this.#clock.now();
    this.#glanced = calm;
    this.#take(era === this.#era ? reading : { known: false, reason: 'disconnected' });
  }

  #take(reading: Reading): void {
    const now = this.#clock.now();
    this.#reading = reading;
    this.#decidedAt = now;
    this.#readLimits();
    this.#become(steer(this.#course, reading, now, this.#limited, this.#limits.ceiling));
    this.#consider();
    this.#callRoll();
    this.#pace.after(this.#course, this.#limited, this.#start.waiting);
  }

  get #standing(): Standing {
    return this.#course.standing;
  }

  /** The rules as the ledger has them now, but for the holds. */
  get #limited(): PinRules {
    const { least, frozen } = this.#limits;
    const { cap } = this.#rules;
    const low = cap !== undefined && least !== undefined && compareVersions(cap, least) < 0;
    return { ...this.#rules, cap: low ? least : cap, least, frozen: frozen !== undefined };
  }

  get #ledgerState(): Pick<LedgerState, 'offset' | 'members'> {
    return this.#subject.ledger?.state ?? EMPTY_LEDGER;
  }

  #readLimits(): void {
    const { state, version } = this.#standing;
    const missing = this.#absence.missing(this.#reading, this.#ledgerState, this.#decidedAt);
    this.#limits = this.#limitsReader.read(state === 'unknown' ? undefined : version, missing);
  }

  /** Decides anew about the last look, because something else has changed. @param soon whether to look again at once. */
  #relimit(soon: boolean): void {
    if (this.#closed) return;
    this.#stirred = true;
    this.#readLimits();
    this.#become(steer(this.#course, this.#reading, this.#decidedAt, this.#limited, this.#limits.ceiling));
    this.#consider();
    if (soon) this.#pace.soon(0);
  }

  #ledgerSays({ holds, floors, unreadable }: LedgerState): void {
    const read = this.#read;
    if (holds === read?.holds && floors === read.floors && unreadable === read.unreadable) return;
    this.#read = { holds, floors, unreadable };
    this.#relimit(false);
  }

  #consider(): void {
    if (!this.#start.waiting) return;
    this.#start.consider(this.#standing, this.#reading, { named: this.#rollCall.roster.size, frozen: this.#limits.frozen !== undefined });
  }

  #become(course: Course): void {
    const before = this.#standing;
    this.#course = course;
    const { standing } = course;
    if (standing.version !== before.version || standing.state !== before.state) {
      this.#since = this.#clock.text();
      this.#pace.quicken();
      this.#rollCall.quicken();
    }
    this.#refresh();
  }

  /** Names come many at a time, one from each server: they are told of together. */
  #refreshSoon(): void {
    this.#refreshing ??= this.#clock.after(NAMES, () => {
      this.#refreshing = undefined;
      if (!this.#closed) this.#refresh();
    });
  }

  /** Says anew what the pin is, and tells whoever listens when that is not what it was. */
  #refresh(): void {
    const before = this.#current;
    this.#current = this.#view();
    this.#listeners.tell(this.#current, before);
    this.#warnings.consider(this.#current, this.#limits);
  }

  #view(): NegotiatedPin {
    const { version, state } = this.#standing;
    const { everyone } = this.#rollCall.roster;
    const { attendance, line } = this.#subject;
    const heldBack = heldBackOf(this.#course);
    const limits = this.#limits;
    const { why, problem } = explain({
      topic: this.#subject.names.topic,
      standing: this.#standing,
      rules: this.#limited,
      capName: this.#capName,
      reading: this.#reading,
      everyone,
      since: this.#since,
      limits,
      heldBack,
      outside: attendance?.cause instanceof Error ? attendance.cause.message : '',
      refused: attendance?.state === 'refused',
    });
    const by = Object.freeze(this.#rollCall.roster.below(line.head));
    const holds = Object.freeze(limits.holds.map(({ hold }) => hold));
    const final = limits.final?.version;
    return Object.freeze({
      version,
      state,
      by,
      since: this.#since,
      why,
      readers: this.#readersOf(version),
      holds,
      heldBack,
      final,
      problem,
    });
  }

  #readersOf(version: Version): number | undefined {
    if (this.#reading.known) return this.#reading.readers.get(version);
    // For the pin an empty roll is unknown; for a message that wants a reader now, it is nobody.
    return this.#reading.reason === 'nobody' ? 0 : undefined;
  }

  #asked(): readonly Version[] {
    const now = this.#clock.now();
    for (const [version, at] of this.#interest) if (now - at > INTEREST) this.#interest.delete(version);
    return [...this.#interest.keys()];
  }

  #heard({ kind, card }: Heard): void {
    if (this.#closed) return;
    this.#rollCall.heard(kind, card);
    this.#consider();
    if (kind === 'here') return;
    this.#stirred = true;
    if (kind === 'leaving') for (const listener of this.#leaving) listener(card.server);
    this.#pace.quicken();
    this.#pace.soon(Math.max(0, this.#lookedAt + AFTER_NOTICE - this.#clock.now()) + this.#clock.spread() * 100);
  }

  #callRoll(): void {
    const { state } = this.#standing;
    if (this.#closed || (state !== 'held' && state !== 'split')) return;
    this.#rollCall.ask(this.#reading.known ? this.#reading.servers : undefined);
  }

  #brokerIs(state: BrokerState): void {
    if (this.#closed || state === 'blocked') return;
    if (state === 'up') {
      this.#absence.back(this.#clock.now());
      this.#census.forget();
      // The first connection answers whoever waits for the start; later ones come to many clients at once.
      this.#pace.soon(this.#start.waiting ? 0 : this.#clock.spread() * 200);
      void this.#notices.open();
      return;
    }
    // Whatever was equal before, nobody watched meanwhile.
    this.#era++;
    this.#absence.lost(this.#reading, this.#ledgerState);
    this.#take({ known: false, reason: 'disconnected' });
  }
}

/** What a look must tell, for the pin and for what it would be without holds. */
function lookOf({ standing, free }: Course, cap: Version | undefined, asked: readonly Version[]): Look {
  const uncertain = [standing, free].some(
    ({ state, doubt }) => state === 'unknown' || state === 'split' || state === 'settling' || doubt !== undefined,
  );
  return { pinned: uncertain ? undefined : free.version, cap, also: [standing.version, ...asked] };
}

/** Whether nothing is going on: some servers hold the pin, and did at the last look. Whether one has gone is seen on the roll. */
function isCalm({ standing, free }: Course): boolean {
  return [standing, free].every(({ state, doubt }) => state === 'held' && doubt === undefined);
}
