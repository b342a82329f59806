import type { Consumer, Delivery, Intake, TopicNames, Broker } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { Line } from '../../versions/index.js';
import type { Topology } from '../topology.js';
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
  onWork(delivery: Delivery, intake: Intake, source: 'lane' | 'own', onHeld?: () => void): void;
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
  #presence: Intake | undefined;
  /** Presence consumers in the order in which they were taken: floor to newest, the roll last. */
  readonly #present: Consumer[] = [];
  #own: Consumer | undefined;
  /** How much of what the consumer of the own queue may have in hand is held, and for how long nobody knows. */
  #held = 0;
  #renewing: Promise<void> = Promise.resolve();
  #stopped = false;
  #lanes: LanePrefetch | undefined;

  private constructor(parts: SeatParts) {
    this.#parts = parts;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
  }

  /**
   * Takes a seat within `timeout` ms, or leaves everything as it was.
   * @throws LynchpinError `NAME_IN_USE`, `FORBIDDEN`, `CONNECTION`.
   */
  static async take(parts: SeatParts, timeout: number): Promise<Seat> {
    const seat = new Seat(parts);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new LynchpinError('CONNECTION', `server ${parts.server} could not join topic ${parts.names.topic} within ${timeout} ms`, {
              topic: parts.names.topic,
              timeout,
            }),
          ),
        timeout,
      );
    });
    try {
      await Promise.race([seat.#join(), late]);
      return seat;
    } catch (error) {
      await seat.abandon();
      throw error;
    } finally {
      clearTimeout(timer);
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

  /** Gives the seat up at once: off the roll by closing its channel. Work in hand is kept while its channel lives. */
  async abandon(): Promise<void> {
    this.#lanes?.forget();
    await this.#presence?.close().catch(() => undefined);
    if (this.#work?.open === true) await this.stopWork().catch(() => undefined);
  }

  async #join(): Promise<void> {
    const { broker, names, topology, line, server } = this.#parts;
    await topology.ensureTopic();
    for (const version of line.versions) await topology.ensureLane(version);
    const queue = await topology.ensureServerQueue(server);

    const work = (this.#work = await broker.openIntake((cause) => this.#lose(cause)));
    this.#renewing = this.#consumeOwn(work, queue);
    await this.#renewing;
    const control = await work.inbox([names.control]);
    await work.consume(control, { prefetch: 0, noAck: true }, (delivery) => this.#parts.onControl(delivery));
    this.#lanes = new LanePrefetch(
      work,
      this.#parts.concurrency,
      (version) => names.lane(version),
      (delivery) => this.#parts.onWork(delivery, work, 'lane'),
      this.#lose,
    );
    for (const version of line.versions) await this.#lanes.add(version);

    for (const version of line.versions) await broker.ensureQueue(names.rollAt(version));
    await broker.ensureQueue(names.roll);
    const presence = (this.#presence = await broker.openIntake((cause) => this.#lose(cause)));
    for (const version of line.versions) await this.#appear(presence, names.rollAt(version));
    await this.#appear(presence, names.roll);
    this.#lanes.start();
  }

  async #renewOwn(): Promise<void> {
    const { names, server } = this.#parts;
    if (this.#stopped || this.#work?.open !== true) return;
    await this.#own?.cancel();
    if (!this.#stopped) await this.#consumeOwn(this.#work, names.server(server));
  }

  async #consumeOwn(work: Intake, queue: string): Promise<void> {
    const { concurrency, server, names } = this.#parts;
    try {
      this.#own = await work.consume(queue, { prefetch: concurrency, exclusive: true }, (delivery) =>
        this.#parts.onWork(delivery, work, 'own', this.#makeRoom),
      );
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
