import type { Broker, Consumer, Delivery, Intake, TopicNames } from '#lynchpin/broker/index.js';
import { CONTROL, encodeCard } from '#lynchpin/rpc/index.js';
import { Line, type Version } from '#lynchpin/versions/index.js';

/** What a member reads, and whether it also works. */
export interface MemberOptions {
  readonly server: string;
  readonly floor: Version;
  readonly version: Version;
  /** Called for what it takes off its lanes; without it, it only says that it is there. */
  readonly onWork?: (delivery: Delivery) => void;
  /** It counts, but answers no roll call and sends no notices: as one that is frozen. */
  readonly silent?: boolean;
}

/**
 * A server reduced to what a pin sees of it: it joins and leaves in the order of the protocol, says its name, and joins
 * anew when its connection comes back.
 */
export class Member {
  readonly line: Line;
  #presence: Intake | undefined;
  #lanes: Intake | undefined;
  #roll: Consumer | undefined;
  #versions: Consumer[] = [];
  #joining: Promise<void> | undefined;
  #left = false;
  readonly #unwatch: () => void;

  private constructor(
    readonly broker: Broker,
    readonly names: TopicNames,
    readonly options: MemberOptions,
  ) {
    this.line = Line.between('VolumeApi', options.floor, options.version);
    this.#unwatch = broker.watch((state) => {
      if (state === 'up' && !this.#left) void this.#joinAgain();
    });
  }

  static async join(broker: Broker, names: TopicNames, options: MemberOptions): Promise<Member> {
    const member = new Member(broker, names, options);
    await broker.ready();
    member.#joining ??= member.#join();
    await member.#joining;
    return member;
  }

  /** Leaves in order: the roll first, then its versions from the top down, then its lanes. */
  async leave(): Promise<void> {
    this.#left = true;
    this.#unwatch();
    await this.#joining?.catch(() => undefined);
    await this.#roll?.cancel();
    await this.#notice(CONTROL.leaving);
    for (const version of this.#versions.toReversed()) await version.cancel();
    await this.#presence?.close();
    await this.#lanes?.close();
  }

  async #joinAgain(): Promise<void> {
    const joining = (this.#joining = this.#join());
    await joining.catch(() => {
      // The connection was lost once more; the next one brings it here again.
    });
  }

  async #join(): Promise<void> {
    const { broker, names, options, line } = this;
    await broker.ensureExchange(names.exchange, 'direct');
    await broker.ensureExchange(names.notices, 'fanout');
    await broker.ensureExchange(names.control, 'fanout');
    this.#lanes = await broker.openIntake(() => undefined);
    for (const version of line.versions) {
      await broker.ensureQueue(names.lane(version));
      await broker.bind(names.lane(version), names.exchange, version);
      const { onWork } = options;
      const lanes = this.#lanes;
      if (onWork !== undefined)
        await lanes.consume(names.lane(version), { prefetch: 10 }, (delivery) => (onWork(delivery), lanes.ack(delivery)));
    }
    const presence = (this.#presence = await broker.openIntake(() => undefined));
    if (options.silent !== true) {
      const inbox = await presence.inbox([names.control]);
      await presence.consume(inbox, { prefetch: 0, noAck: true }, (delivery) => void this.#answer(delivery));
    }
    this.#versions = [];
    for (const version of line.versions) {
      await broker.ensureQueue(names.rollAt(version));
      this.#versions.push(await presence.consume(names.rollAt(version), { prefetch: 1 }, () => undefined));
    }
    await broker.ensureQueue(names.roll);
    this.#roll = await presence.consume(names.roll, { prefetch: 1 }, () => undefined);
    await this.#notice(CONTROL.joined);
  }

  async #answer(delivery: Delivery): Promise<void> {
    if (delivery.type !== CONTROL.who || delivery.replyTo === undefined) return;
    await this.#say('', delivery.replyTo, CONTROL.here);
  }

  async #notice(type: string): Promise<void> {
    if (this.options.silent !== true) await this.#say(this.names.notices, '', type);
  }

  async #say(exchange: string, routingKey: string, type: string): Promise<void> {
    const { server, floor, version } = this.options;
    await this.broker
      .publish({ exchange, routingKey, type, body: encodeCard({ server, floor, version }) }, AbortSignal.timeout(5_000))
      .catch(() => undefined);
  }
}
