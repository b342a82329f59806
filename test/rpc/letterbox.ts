import { namesOf, type Broker, type Delivery, type MemoryHub, type Outgoing, type Port } from '#lynchpin/broker/index.js';
import { CONTROL, encodeCancel, JSON_TYPE } from '#lynchpin/rpc/wire/index.js';

/** Speaks the protocol by hand, message by message, and keeps every answer. */
export class Letterbox {
  readonly names = namesOf('volume');
  readonly #broker: Broker;
  readonly #answers: Delivery[] = [];
  readonly #waiting = new Set<() => void>();
  #port!: Port;

  private constructor(broker: Broker) {
    this.#broker = broker;
  }

  static async open(hub: MemoryHub): Promise<Letterbox> {
    const box = new Letterbox(hub.connect());
    await box.#broker.ready();
    box.#port = await box.#broker.openPort({
      onReply: (delivery) => {
        box.#answers.push(delivery);
        for (const resume of box.#waiting) resume();
      },
      onReturned: () => undefined,
      onLost: () => undefined,
    });
    return box;
  }

  /** Sends a call to the lane of the version that its type says, unless told another way. */
  call(id: string, type: string, body: object | undefined, more: Partial<Outgoing> = {}): void {
    this.#port.send({ ...this.#request(id, type, body), replyTo: this.#port.replyTo, expiration: 30_000, ...more });
  }

  /** Sends a cast, and resolves when it stands on its queue. */
  async cast(id: string, type: string, body: object, more: Partial<Outgoing> = {}): Promise<void> {
    await this.#broker.publish({ ...this.#request(id, type, body), persistent: true, ...more });
  }

  /** Says that the callers of these requests have given up, and resolves when the server has heard it. */
  async cancel(...ids: readonly string[]): Promise<void> {
    const control = { exchange: this.names.control, routingKey: '', contentType: JSON_TYPE };
    this.#port.send({ ...control, type: CONTROL.cancel, body: encodeCancel(ids) });
    // Control messages come in their order: who answers the second has heard the first.
    this.#port.send({ ...control, type: CONTROL.who, body: Buffer.alloc(0), replyTo: this.#port.replyTo });
    await this.#until(() => this.#answers.some(({ type }) => type === CONTROL.here));
  }

  /** The answer to a request, when it has come; signs of life are none. */
  async answer(id: string): Promise<Delivery> {
    const find = (): Delivery | undefined => this.#answers.find(({ correlationId, type }) => correlationId === id && type !== 'beat');
    await this.#until(() => find() !== undefined);
    return find() as Delivery;
  }

  /** What its body says. */
  async answered(id: string): Promise<unknown> {
    const { body } = await this.answer(id);
    return body.length === 0 ? undefined : JSON.parse(body.toString());
  }

  close(): Promise<void> {
    return this.#broker.close();
  }

  #request(id: string, type: string, body: object | undefined): Outgoing {
    return {
      exchange: this.names.exchange,
      routingKey: (type.split('@')[1] ?? '').split(';')[0] ?? '',
      type,
      messageId: id,
      contentType: JSON_TYPE,
      appId: 'letterbox',
      body: body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body)),
    };
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const resume = (): void => {
          this.#waiting.delete(resume);
          resolve();
        };
        this.#waiting.add(resume);
      });
    }
  }
}
