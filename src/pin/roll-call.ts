import type { Clock } from './clock.js';
import type { Heard } from './notices.js';
import { Roster } from './roster.js';

/** The shortest and the longest time between two roll calls, in ms. */
const PAUSE = { first: 3_000, most: 60_000 };
/** How long servers have to answer before they are taken off the roster, in ms. */
const ANSWER = 1_000;

/** Finds out who holds a pin: asks the servers for their names, seldom, and only while the names do not add up. */
export class RollCall {
  readonly roster = new Roster();
  #next = -Infinity;
  #pause = PAUSE.first;
  #cancel: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly call: () => Promise<boolean>,
    private readonly onChange: () => void,
  ) {}

  /** Something changed: do not wait longer than the shortest time. */
  quicken(): void {
    this.#next = Math.min(this.#next, this.clock.now() + PAUSE.first);
    this.#pause = PAUSE.first;
  }

  /** Calls the roll if that is due and the names known are not as many as the servers counted. */
  ask(servers: number | undefined): void {
    const now = this.clock.now();
    if (now < this.#next || servers === undefined || servers === this.roster.size) return;
    this.#next = now + this.#pause;
    this.#pause = Math.min(this.#pause * 2, PAUSE.most);
    void this.#ask(now);
  }

  /** A server was heard. */
  heard(kind: Heard['kind'], card: Heard['card']): void {
    if (kind === 'leaving') this.roster.left(card.server);
    else this.roster.heard(card, this.clock.now());
    if (kind !== 'here') this.quicken();
    this.onChange();
  }

  stop(): void {
    this.#cancel?.();
  }

  async #ask(since: number): Promise<void> {
    if (!(await this.call())) {
      // Nobody was asked, so nobody owes an answer.
      this.#next = -Infinity;
      return;
    }
    this.#cancel?.();
    this.#cancel = this.clock.after(ANSWER, () => {
      this.roster.strike(since);
      this.onChange();
    });
  }
}
