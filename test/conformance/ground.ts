import type { Broker, BrokerOptions, Delivery, Intake, Outgoing } from '#lynchpin/broker/index.js';

/** One kind of broker, with the faults that the suite needs. */
export interface Ground {
  /** Opens a connected broker; the suite closes it. */
  open(options?: BrokerOptions): Promise<Broker>;
  /** Breaks all connections of one broker; it may come back at once. */
  cut(broker: Broker): void;
  /** A prefix for names that nobody else uses. */
  prefix(): string;
}

/** Faults of the broker as a whole. They need one that is not shared. */
export interface BreakableGround extends Ground {
  restart(): Promise<void>;
  block(): Promise<void>;
  unblock(): Promise<void>;
}

/** A message to a queue. */
export function message(queue: string, body: string | Buffer = 'hello', properties: Partial<Outgoing> = {}): Outgoing {
  return { exchange: '', routingKey: queue, body: typeof body === 'string' ? Buffer.from(body) : body, ...properties };
}

/** Collects what happens and waits for more of it, without a clock. */
export class Collected<T> {
  readonly items: T[] = [];
  #waiting: { count: number; resolve: () => void }[] = [];

  readonly add = (item: T): void => {
    this.items.push(item);
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.items.length < count) return true;
      resolve();
      return false;
    });
  };

  /** Resolves with the first `count` items once there are as many. */
  async first(count: number): Promise<T[]> {
    if (this.items.length < count) await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
    return this.items.slice(0, count);
  }
}

/** Opens an intake whose loss is collected. */
export async function intakeOf(broker: Broker): Promise<{ intake: Intake; lost: Collected<Error>; deliveries: Collected<Delivery> }> {
  const lost = new Collected<Error>();
  return { intake: await broker.openIntake(lost.add), lost, deliveries: new Collected<Delivery>() };
}

const PATIENCE = 60_000;

/** Asks until the answer is right. The test's own time limit ends it; what is left then does not keep the process alive. */
export async function until<T>(ask: () => Promise<T> | T, right: (answer: T) => boolean): Promise<T> {
  const begun = performance.now();
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (performance.now() - begun > PATIENCE) throw new Error(`still not so after ${PATIENCE} ms: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 5).unref());
  }
}

/** Everything sent before this is settled: a message that follows it on the same way has arrived. */
export async function ready(broker: Broker, queue: string): Promise<number> {
  const count = await broker.count(queue);
  return count.known ? count.ready : Number.NaN;
}
