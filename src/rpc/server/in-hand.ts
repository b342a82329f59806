import type { Delivery, Intake } from '../../broker/index.js';

/** Where deliveries are acknowledged. */
export type Acknowledging = Pick<Intake, 'open' | 'ack'>;

/** What one intake has delivered and not got back: so that it is closed when nothing needs it any more, and not before. */
export class InHand {
  readonly #intake: Acknowledging;
  #count = 0;
  #waiting: (() => void)[] = [];

  constructor(intake: Acknowledging) {
    this.#intake = intake;
  }

  /** Whether the intake lives: what came by one that does not is with the broker again. */
  get open(): boolean {
    return this.#intake.open;
  }

  /** One more was delivered. */
  took(): void {
    this.#count++;
  }

  /** The work is done. To be called once for each delivery. */
  ack(delivery: Delivery): void {
    this.#intake.ack(delivery);
    if (--this.#count > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when nothing is in hand. */
  empty(): Promise<void> {
    return this.#count === 0 || !this.open ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}
