import type { Delivery } from '../../broker/index.js';
import type { Version } from '../../versions/index.js';
import type { MethodRecord } from '../contract/index.js';
import type { InHand } from './in-hand.js';

/** A delivery and where it is acknowledged. */
export interface Receipt {
  readonly delivery: Delivery;
  readonly intake: InHand;
  /** To be called when it is held until another delivery comes. */
  readonly onHeld?: (() => void) | undefined;
}

/** One request that this server has taken: from its arrival until it is acknowledged. */
export class Work {
  #receipts: Receipt[];
  #done = false;

  /**
   * @param deadline on the scale of `performance.now()`: an upper bound of the caller's own, since a message's expiration
   *   does not count down while it waits on a queue. Infinity for casts.
   */
  constructor(
    receipt: Receipt,
    readonly method: MethodRecord,
    readonly version: Version,
    /** The newest version that the sender reads in an answer. */
    readonly accept: Version,
    readonly id: string,
    /** Where its answer goes; undefined for a cast. */
    readonly replyTo: string | undefined,
    readonly deadline: number,
    /** Until when it may begin, on the same scale: before its deadline where its caller bounds silence. */
    readonly startBy: number,
    /** A handler may have run for an earlier delivery of it. */
    readonly redelivered: boolean,
    /** It came on the server's own queue, not on a lane. */
    readonly own: boolean,
  ) {
    this.#receipts = [receipt];
  }

  get delivery(): Delivery {
    return (this.#receipts[0] as Receipt).delivery;
  }

  /** Whether it can still be acknowledged; else it is with the broker again. */
  get open(): boolean {
    return (this.#receipts[0] as Receipt).intake.open;
  }

  /** The broker delivered it again, to this very process, while it is still in hand: both are acknowledged when it is done. */
  alsoAcknowledge(receipt: Receipt): void {
    if (this.#done) receipt.intake.ack(receipt.delivery);
    else this.#receipts.push(receipt);
  }

  /** Nothing more is owed for it. */
  acknowledge(): void {
    if (this.#done) return;
    this.#done = true;
    for (const { intake, delivery } of this.#receipts) intake.ack(delivery);
  }
}
