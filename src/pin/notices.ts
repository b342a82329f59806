import type { Broker, Delivery, Intake, TopicNames } from '../broker/index.js';
import { CONTROL, decodeCard, type Holder } from '../rpc/index.js';
import type { Clock } from './clock.js';

/** What is heard: a server joined or is leaving (a notice), or has answered a roll call. */
export type Heard = { readonly kind: 'joined' | 'leaving' | 'here'; readonly card: Holder };

const RETRY = { first: 500, most: 30_000 };
/** A roll call that a server takes up later than this, in ms, is of no use. */
const LIFE = 5_000;

/**
 * Listens to the notices of one topic and calls the roll. All of it is a hint: where it cannot be heard (a missing right,
 * a queue that is down), the census alone keeps the pin right, only later and without names.
 */
export class Notices {
  #intake: Intake | undefined;
  #inbox: string | undefined;
  #opening = false;
  #closed = false;
  #pause = RETRY.first;
  #again: (() => void) | undefined;

  constructor(
    private readonly broker: Broker,
    private readonly names: TopicNames,
    private readonly clock: Clock,
    private readonly onHeard: (heard: Heard) => void,
    private readonly onOpen: () => void,
  ) {}

  /** Starts to listen, now or when the broker is up. Does nothing while it listens already. */
  async open(): Promise<void> {
    if (this.#closed || this.#opening || this.#intake?.open === true) return;
    this.#opening = true;
    this.#again?.();
    this.#again = undefined;
    try {
      if (this.broker.state !== 'up' && this.broker.state !== 'blocked') throw new Error('the broker is out of reach');
      await this.#listen();
      this.#pause = RETRY.first;
    } catch {
      await this.#intake?.close().catch(() => undefined);
      this.#retry();
    } finally {
      this.#opening = false;
    }
    if (this.#inbox !== undefined) this.onOpen();
  }

  /** Asks every live server to say its name. Answers whether it could ask. */
  async callRoll(): Promise<boolean> {
    if (this.#inbox === undefined || this.#closed) return false;
    try {
      await this.broker.publish(
        { exchange: this.names.control, routingKey: '', type: CONTROL.who, replyTo: this.#inbox, expiration: LIFE, body: new Uint8Array() },
        AbortSignal.timeout(LIFE),
      );
      return true;
    } catch {
      return false;
    }
  }

  /** Stops listening. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#again?.();
    this.#inbox = undefined;
    await this.#intake?.close().catch(() => undefined);
  }

  async #listen(): Promise<void> {
    const { names } = this;
    await this.broker.ensureExchange(names.notices, 'fanout');
    await this.broker.ensureExchange(names.control, 'fanout');
    const intake = await this.broker.openIntake(() => {
      this.#inbox = undefined;
      this.#retry();
    });
    this.#intake = intake;
    const inbox = await intake.inbox([names.notices]);
    await intake.consume(inbox, { prefetch: 0, noAck: true }, (delivery) => this.#take(delivery));
    if (this.#closed) await intake.close();
    else this.#inbox = inbox;
  }

  #retry(): void {
    if (this.#closed || this.#again !== undefined) return;
    this.#again = this.clock.after(this.#pause * (0.5 + this.clock.spread() / 2), () => {
      this.#again = undefined;
      void this.open();
    });
    this.#pause = Math.min(this.#pause * 2, RETRY.most);
  }

  #take(delivery: Delivery): void {
    const kind = delivery.type;
    if (kind !== CONTROL.joined && kind !== CONTROL.leaving && kind !== CONTROL.here) return;
    const card = decodeCard(delivery.body);
    if (card !== undefined) this.onHeard({ kind, card });
  }
}
