import type { Broker } from '../../broker/index.js';
import type { Clock, Member } from '../../pin/index.js';

/**
 * What the queue that a member lives by says of it.
 * - `connected`: it is there, so nobody may say that the member is gone, however silent it is.
 * - `gone`: the broker says that there is no such queue.
 * - `unknown`: anything else; it is no evidence of either.
 */
export type Presence = 'connected' | 'gone' | 'unknown';

/** What the ledger asks of whoever says that a member is gone. */
const EVIDENCE = { looks: 2, over: 10_000 } as const;
/** A queue is not looked at again sooner, in ms: a look at one that is gone costs the broker a channel. */
const PACE = 2_000;

interface Seen {
  readonly presence: Presence;
  readonly first: number;
  readonly last: number;
  readonly looks: number;
}

/**
 * Looks at the queues that members live by, and gathers evidence of who is gone. Evidence is a row of looks that all found
 * the queue gone; another answer, and any trouble with the connection of whoever looks, begin a new row.
 */
export class Absences {
  readonly #broker: Broker;
  readonly #clock: Clock;
  readonly #seen = new Map<string, Seen>();
  readonly #stop: () => void;

  constructor(broker: Broker, clock: Clock) {
    this.#broker = broker;
    this.#clock = clock;
    this.#stop = broker.watch((state) => {
      // Whoever was cut off itself cannot tell who else was.
      if (state !== 'up' && state !== 'blocked') this.#seen.clear();
    });
  }

  /** Looks at each member, unless that was done a moment ago. */
  async look(members: readonly Member[]): Promise<void> {
    for (const { queue } of members) {
      const before = this.#seen.get(queue);
      const now = this.#clock.now();
      if (before !== undefined && now - before.last < PACE) continue;
      const count = await this.#broker.count(queue);
      const known = this.#seen.get(queue) === before;
      const presence = count.known || count.reason === 'taken' ? 'connected' : count.reason === 'missing' ? 'gone' : 'unknown';
      // From before the question to after it: what was the case is the case for no longer than that.
      const row = known && before?.presence === 'gone' && presence === 'gone' ? before : { first: this.#clock.now(), looks: 0 };
      this.#seen.set(queue, { presence, first: row.first, last: now, looks: row.looks + 1 });
    }
  }

  /** What the last look at a member said. */
  presence({ queue }: Member): Presence {
    return this.#seen.get(queue)?.presence ?? 'unknown';
  }

  /** For how long a member has been seen to be gone, in ms. */
  goneFor(member: Member): number {
    const seen = this.#seen.get(member.queue);
    return seen?.presence === 'gone' ? Math.max(0, Math.floor(seen.last - seen.first)) : 0;
  }

  /** What the ledger takes for evidence that a member is gone, once there is enough of it. */
  evidence(member: Member): { readonly seen: 'gone'; readonly looks: number; readonly over: number } | undefined {
    const looks = this.#seen.get(member.queue)?.looks ?? 0;
    const over = this.goneFor(member);
    return looks >= EVIDENCE.looks && over >= EVIDENCE.over ? { seen: 'gone', looks, over } : undefined;
  }

  close(): void {
    this.#stop();
    this.#seen.clear();
  }
}
