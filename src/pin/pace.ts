import { compareVersions } from '../versions/index.js';
import type { Clock } from './clock.js';
import type { Course } from './course.js';
import type { PinRules, Standing } from './decide.js';

/** While a start waits for its first census, in ms. */
const STARTING = { first: 50, most: 1_000 };
/** While something stands in the way of the newest version, in ms: it may go at any time, without saying so. */
const WAITING = { first: 1_000, most: 2_000 };
/** While nothing does, in ms. */
const AT_REST = { first: 1_000, most: 10_000 };
/** The longest pause while a quiet time is running, in ms. */
const SETTLING = 1_000;

/** When to look next: soon while something is about to be decided, less and less often while nothing changes. */
export class Pace {
  #due = Infinity;
  #cancel: (() => void) | undefined;
  #calm = 0;

  constructor(
    private readonly clock: Clock,
    private readonly look: () => void,
  ) {}

  /** Something changed: start again from short pauses. */
  quicken(): void {
    this.#calm = 0;
  }

  /** Looks after this many ms, unless a look is due before that. */
  soon(milliseconds: number): void {
    const at = this.clock.now() + milliseconds;
    if (at >= this.#due) return;
    this.#cancel?.();
    this.#due = at;
    this.#cancel = this.clock.after(milliseconds, () => {
      this.#due = Infinity;
      this.look();
    });
  }

  /** Sets the next look by what the last one led to. */
  after({ standing, free }: Course, rules: PinRules, starting: boolean): void {
    this.stop();
    this.soon(Math.min(this.#pause(standing, rules, starting), this.#pause(free, rules, starting)));
    this.#calm++;
  }

  stop(): void {
    this.#cancel?.();
    this.#due = Infinity;
  }

  #pause(standing: Standing, rules: PinRules, starting: boolean): number {
    const now = this.clock.now();
    const { version, state, doubt, quiet } = standing;
    if (doubt !== undefined && now - doubt < rules.secondLook) return doubt + rules.secondLook - now + 1;
    if (state === 'settling') {
      const ends = [...quiet].filter(([other]) => compareVersions(other, version) > 0).map(([, since]) => since + rules.settle - now + 1);
      return Math.max(1, Math.min(...ends, SETTLING, Math.max(20, rules.settle / 4)));
    }
    const { first, most } = starting ? STARTING : state === 'released' || state === 'finalized' || state === 'capped' ? AT_REST : WAITING;
    return Math.min(first * 1.5 ** this.#calm, most) * (0.75 + this.clock.spread() / 4);
  }
}
