import { randomBytes } from 'node:crypto';
import type { Broker, Delivery, FleetNames, Intake } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import {
  Backoff,
  CONTROL,
  decodeDrain,
  encodeReport,
  JSON_TYPE,
  unlessAborted,
  type DrainOrder,
  type InstanceReport,
} from '../rpc/index.js';

/** One connected life of this process: for as long as its queue exists, nobody can say that the process is gone. */
export interface Alive {
  readonly queue: string;
  /** Resolves when it is over: the channel or the connection is lost, or the process leaves. */
  readonly lost: Promise<Error>;
  /** Whether it is over. */
  readonly over: boolean;
}

const LONGEST_NAME = 60;
const RETRY = { first: 20, most: 2_000 };
/** An answer to a roll call that is later than this, in ms, is of no use. */
const ANSWER = 5_000;

/**
 * Keeps one exclusive queue for the process through every reconnection, each time under another name. It is the evidence
 * by which others tell a process that is down from one that they do not hear; roll calls of the fleet come by it too.
 */
export class Life {
  /** What the ledger and the roll call know this process by: unique for ever, and readable. */
  readonly instance: string;
  readonly #broker: Broker;
  readonly #names: FleetNames;
  readonly #report: () => Omit<InstanceReport, 'instance' | 'lives'>;
  readonly #onDrain: (order: DrainOrder) => void;
  readonly #closing = new AbortController();
  #count = 0;
  #current: Alive | undefined;
  #problem: Error | undefined;
  #waiting: (() => void)[] = [];
  #keeping: Promise<void> | undefined;

  /**
   * @param name what the process calls itself.
   * @param report what it answers to a roll call.
   * @param onDrain called when one of its servers is told to leave.
   */
  constructor(
    broker: Broker,
    names: FleetNames,
    name: string,
    report: () => Omit<InstanceReport, 'instance' | 'lives'>,
    onDrain: (order: DrainOrder) => void = () => undefined,
  ) {
    this.#broker = broker;
    this.#names = names;
    this.#report = report;
    this.#onDrain = onDrain;
    const readable = name.replace(/[^A-Za-z0-9_.:-]/g, '_').replace(/^[^A-Za-z0-9]+/, '');
    this.instance = `${readable.slice(0, LONGEST_NAME)}${readable === '' ? '' : '.'}${randomBytes(6).toString('hex')}`;
  }

  /**
   * The present life, once there is one.
   * @throws LynchpinError `FORBIDDEN` when the account may not declare what it takes, `CLOSED`; the signal's reason.
   */
  async alive(signal: AbortSignal): Promise<Alive> {
    this.#keeping ??= this.#keep();
    for (;;) {
      if (this.#current?.over === false) return this.#current;
      if (this.#closing.signal.aborted) throw new LynchpinError('CLOSED', 'the bus is closed');
      if (LynchpinError.is(this.#problem, 'FORBIDDEN')) throw this.#problem;
      await unlessAborted(new Promise<void>((resolve) => this.#waiting.push(resolve)), signal);
    }
  }

  /** Why there is none, when that was last tried; undefined while there is one. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake();
    await this.#keeping;
  }

  async #keep(): Promise<void> {
    const { signal } = this.#closing;
    const backoff = new Backoff(RETRY.first, RETRY.most);
    while (!signal.aborted) {
      try {
        await this.#broker.ready(signal);
        await this.#live(signal, () => {
          backoff.reset();
          this.#problem = undefined;
        });
      } catch (error) {
        if (this.#broker.state === 'closed') break;
        this.#problem = error as Error;
        this.#wake();
      }
      if (!signal.aborted) await backoff.wait(signal);
    }
    this.#closing.abort();
    this.#wake();
  }

  /** One life, from its beginning to its end. */
  async #live(signal: AbortSignal, onBegun: () => void): Promise<void> {
    await this.#broker.ensureExchange(this.#names.fleet, 'fanout');
    let over = false;
    let end!: (cause: Error) => void;
    const lost = new Promise<Error>((resolve) => {
      end = (cause) => {
        over = true;
        resolve(cause);
      };
    });
    const intake = await this.#broker.openIntake(end);
    const leave = (): void => end(new LynchpinError('CLOSED', 'the bus is closed'));
    try {
      this.#count += 1;
      const queue = await intake.inbox([this.#names.fleet], this.#names.life(this.instance, this.#count));
      await intake.consume(queue, { prefetch: 0, noAck: true }, (delivery) => this.#asked(delivery));
      if (over || signal.aborted) return;
      signal.addEventListener('abort', leave, { once: true });
      this.#current = {
        queue,
        lost,
        get over() {
          return over;
        },
      };
      onBegun();
      this.#wake();
      await lost;
    } finally {
      over = true;
      signal.removeEventListener('abort', leave);
      await closed(intake);
    }
  }

  #asked(delivery: Delivery): void {
    const { type, replyTo, correlationId } = delivery;
    if (type === CONTROL.drain) return this.#told(delivery);
    if (type !== CONTROL.report || replyTo === undefined) return;
    const report: InstanceReport = { ...this.#report(), instance: this.instance, lives: this.#count };
    void this.#broker
      .publish(
        {
          exchange: '',
          routingKey: replyTo,
          type: CONTROL.reported,
          correlationId,
          contentType: JSON_TYPE,
          expiration: ANSWER,
          body: encodeReport(report),
        },
        AbortSignal.timeout(ANSWER),
      )
      .catch(() => undefined);
  }

  /** Only by the exchange of the fleet: whoever may call a server may write to any queue, and must not end servers by that. */
  #told({ exchange, body }: Delivery): void {
    const order = exchange === this.#names.fleet ? decodeDrain(body) : undefined;
    if (order?.instance === this.instance) this.#onDrain(order);
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}

async function closed(intake: Intake): Promise<void> {
  await intake.close().catch(() => undefined);
}
