import type { Broker, Consumer, Delivery, Intake, TopicNames } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { Line } from '../../versions/index.js';
import type { Topology } from '../topology.js';
import { InHand } from './in-hand.js';
import { LanePrefetch } from './lane-prefetch.js';

/** What a seat is taken with. */
export interface SeatParts {
  readonly broker: Broker;
  readonly names: TopicNames;
  readonly topology: Topology;
  readonly line: Line;
  readonly server: string;
  readonly concurrency: number;
  /** @param onHeld for the own queue: to be called for a delivery that is held until another one comes. */
  onWork(delivery: Delivery, inHand: InHand, source: 'lane' | 'own', onHeld?: () => void): void;
  onControl(delivery: Delivery): void;
}

/**
 * A server's place in its topic, from joining to leaving or to the first loss of a channel: its work consumers on one
 * intake, its presence on another. It joins lanes first, then the presence of each version upwards, the roll last; it
 * leaves the other way round. So whoever is on the roll already consumes everything that its presence promises.
 */
export class Seat {
  readonly #parts: SeatParts;
  /** Resolves with the cause when a channel is lost. */
  readonly lost: Promise<Error>;
  #lose!: (cause: Error) => void;
  #work: Intake | undefined;
  #inHand: InHand | undefined;
  #presence: Intake | undefined;
  /** Presence consumers in the order in which they were taken: floor to newest, the roll last. */
  readonly #present: Consumer[] = [];
  #own: Consumer | undefined;
  /** How much of what the consumer of the own queue may have in hand is held, and for how long nobody knows. */
  #held = 0;
  #renewing: Promise<void> = Promise.resolve();
  #stopped = false;
  #abandoned = false;
  #lanes: LanePrefetch | undefined;

  private constructor(parts: SeatParts) {
    this.#parts = parts;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
  }

  /**
   * Takes a seat within `timeout` ms and before the signal fires, or leaves everything as it was.
   * @throws LynchpinError `NAME_IN_USE`, `FORBIDDEN`, `CONNECTION`; `CLOSED` when the signal fires.
   */
  static async take(parts: SeatParts, timeout: number, signal: AbortSignal): Promise<Seat> {
    const { server, names } = parts;
    const seat = new Seat(parts);
    const joining = seat.#join();
    let timer: NodeJS.Timeout | undefined;
    let giveUp!: () => void;
    const cut = new Promise<never>((_, reject) => {
      const end = (code: 'CONNECTION' | 'CLOSED', why: string): void => {
        // It may be waiting for the broker still: whatever that brings is given back as well.
        joining.then(
          () => seat.abandon(),
          () => seat.abandon(),
        );
        reject(new LynchpinError(code, `server ${server} could not join topic ${names.topic}: ${why}`, { topic: names.topic, timeout }));
      };
      timer = setTimeout(() => end('CONNECTION', `it took longer than ${timeout} ms`), Math.min(timeout, 2 ** 31 - 1));
      giveUp = () => end('CLOSED', 'it was told to leave meanwhile');
      signal.addEventListener('abort', giveUp, { once: true });
    });
    try {
      await Promise.race([joining, cut]);
      return seat;
    } catch (error) {
      await seat.abandon();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Off the roll, then the presence of each version downwards, then the lanes: no new work comes after this. What is in hand can still be acknowledged. */
  async leave(): Promise<void> {
    for (const consumer of this.#present.splice(0).reverse()) await consumer.cancel();
    await this.#presence?.close();
    await this.stopWork();
  }

  /** Stops consuming work; deliveries in hand can still be acknowledged. */
  async stopWork(): Promise<void> {
    this.#stopped = true;
    await this.#lanes?.stop();
    await this.#renewing;
    await this.#own?.cancel();
  }

  /**
   * One more delivery of the own queue is held until another one comes on the same queue. Before all that may be in hand
   * is held, the queue is consumed anew: what an earlier consumer has in hand does not count for the next one.
   */
  readonly #makeRoom = (): void => {
    this.#held++;
    if (this.#held < this.#parts.concurrency / 2) return;
    this.#held = 0;
    this.#renewing = this.#renewing.then(() => this.#renewOwn()).catch((cause: Error) => this.#lose(cause));
  };

  /** Closes what is left. What was not acknowledged goes back to its queue. */
  async close(): Promise<void> {
    this.#lanes?.forget();
    await Promise.all([this.#presence?.close(), this.#work?.close()]);
  }

  /** Gives the seat up at once: off the roll by closing its channel. That of the work is closed when nothing of it is in hand. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    this.#lanes?.forget();
    await this.#presence?.close().catch(() => undefined);
    const work = this.#work;
    if (work?.open !== true) return;
    await this.stopWork().catch(() => undefined);
    void this.#inHand?.empty().then(() => work.close());
  }

  async #join(): Promise<void> {
    const { broker, names, topology, line, server } = this.#parts;
    await topology.ensureTopic();
    for (const version of line.versions) await this.#still(topology.ensureLane(version));
    await this.#still(topology.ensureServerQueue(server));

    const work = (this.#work = await broker.openIntake((cause) => this.#lose(cause)));
    const inHand = (this.#inHand = new InHand(work));
    this.#renewing = this.#consumeOwn(work, inHand);
    await this.#still(this.#renewing);
    const control = await this.#still(work.inbox([names.control]));
    await this.#still(work.consume(control, { prefetch: 0, noAck: true }, (delivery) => this.#parts.onControl(delivery)));
    this.#lanes = new LanePrefetch(
      work,
      this.#parts.concurrency,
      (version) => names.lane(version),
      (delivery) => {
        inHand.took();
        this.#parts.onWork(delivery, inHand, 'lane');
      },
      this.#lose,
    );
    for (const version of line.versions) await this.#still(this.#lanes.add(version));

    for (const version of line.versions) await this.#still(broker.ensureQueue(names.rollAt(version)));
    await this.#still(broker.ensureQueue(names.roll));
    const presence = (this.#presence = await broker.openIntake((cause) => this.#lose(cause)));
    for (const version of line.versions) await this.#still(this.#appear(presence, names.rollAt(version)));
    await this.#still(this.#appear(presence, names.roll));
    this.#lanes.start();
  }

  /** One step of joining: nothing follows it once the seat is given up. */
  async #still<Result>(step: Promise<Result>): Promise<Result> {
    const result = await step;
    if (this.#abandoned) throw new LynchpinError('CLOSED', `server ${this.#parts.server} joins no more`);
    return result;
  }

  async #renewOwn(): Promise<void> {
    if (this.#stopped || this.#work?.open !== true) return;
    await this.#own?.cancel();
    if (!this.#stopped) await this.#consumeOwn(this.#work, this.#inHand as InHand);
  }

  async #consumeOwn(work: Intake, inHand: InHand): Promise<void> {
    const { concurrency, server, names } = this.#parts;
    try {
      this.#own = await work.consume(names.server(server), { prefetch: concurrency, exclusive: true }, (delivery) => {
        inHand.took();
        this.#parts.onWork(delivery, inHand, 'own', this.#makeRoom);
      });
    } catch (error) {
      if (!LynchpinError.is(error, 'NAME_IN_USE')) throw error;
      throw new LynchpinError(
        'NAME_IN_USE',
        `another live process serves topic ${names.topic} as ${JSON.stringify(server)}: give each its own name with the option server`,
        { server, topic: names.topic },
        { cause: error },
      );
    }
  }

  async #appear(presence: Intake, queue: string): Promise<void> {
    // Nothing is ever published to a presence queue; if somebody does all the same, it stays there.
    this.#present.push(await presence.consume(queue, { prefetch: 1 }, () => undefined));
  }
}
