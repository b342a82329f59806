import type { Consumer, Delivery, Intake } from '../../broker/index.js';
import type { Version } from '../../versions/index.js';

/** How often the traffic of the lanes is compared, in ms. */
const LOOK = 1_000;
/** A lane away from the traffic gets this part of the concurrency, at least 2. */
const SMALL = 8;

/** Chooses the lane that deserves the large prefetch: the one that others lag behind by half. Pure. */
export function busiest(traffic: ReadonlyMap<Version, number>, focus: Version | undefined): Version | undefined {
  let best: Version | undefined;
  for (const [version, count] of traffic) {
    if (count > 0 && (best === undefined || count > (traffic.get(best) ?? 0))) best = version;
  }
  if (best === undefined || focus === undefined || best === focus) return best ?? focus;
  return (traffic.get(best) ?? 0) > 2 * (traffic.get(focus) ?? 0) ? best : focus;
}

/**
 * Consumes the lanes, with the whole concurrency as prefetch on the one where the traffic is and little on the others:
 * what is fetched and not started is delayed, and looks half-done if this process dies.
 */
export class LanePrefetch {
  readonly #consumers = new Map<Version, Consumer>();
  #traffic = new Map<Version, number>();
  #focus: Version | undefined;
  #timer: NodeJS.Timeout | undefined;
  #moving: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    readonly intake: Intake,
    readonly concurrency: number,
    readonly queueOf: (version: Version) => string,
    readonly onDelivery: (delivery: Delivery) => void,
    readonly onFailure: (cause: Error) => void,
  ) {}

  /** Consumes a lane with little prefetch. */
  async add(version: Version): Promise<void> {
    await this.#consume(version, Math.max(2, Math.ceil(this.concurrency / SMALL)));
  }

  /** Follows the traffic from now on. */
  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK);
    this.#timer.unref();
  }

  /** Stops consuming, the newest lane first. */
  async stop(): Promise<void> {
    this.forget();
    await this.#moving;
    for (const consumer of [...this.#consumers.values()].reverse()) await consumer.cancel();
    this.#consumers.clear();
  }

  /** Stops following the traffic. */
  forget(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  #look(): void {
    const focus = busiest(this.#traffic, this.#focus);
    this.#traffic = new Map();
    if (focus === this.#focus || focus === undefined) return;
    const before = this.#focus;
    this.#focus = focus;
    this.#moving = this.#moving.then(() => this.#move(before, focus)).catch((cause: Error) => this.onFailure(cause));
  }

  async #move(from: Version | undefined, to: Version): Promise<void> {
    for (const version of from === undefined ? [to] : [to, from]) {
      if (this.#stopped) return;
      await this.#consumers.get(version)?.cancel();
      if (version === to) await this.#consume(to, this.concurrency);
      else await this.add(version);
    }
  }

  async #consume(version: Version, prefetch: number): Promise<void> {
    const consumer = await this.intake.consume(this.queueOf(version), { prefetch }, (delivery) => {
      this.#traffic.set(version, (this.#traffic.get(version) ?? 0) + 1);
      this.onDelivery(delivery);
    });
    this.#consumers.set(version, consumer);
  }
}
