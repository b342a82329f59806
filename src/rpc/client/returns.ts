import type { Broker, Delivery, Intake } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import { compareVersions } from '../../versions/index.js';
import { Backoff } from '../backoff.js';
import { convertRequest } from '../convert.js';
import { HEADERS, parseReplyType } from '../wire/index.js';
import type { ClientCore } from './core.js';
import { common } from './route.js';

/** What was handed back may take this long to go out again, in ms: its server waits no longer. */
const AGAIN = 10_000;

/**
 * The inbox to which an older server hands back a cast or fanout that it cannot read. The message is converted to what
 * that server reads and sent again, under the same id, to that server alone. Opened when it is first needed.
 */
export class Returns {
  readonly #core: ClientCore;
  readonly #broker: Broker;
  #intake: Intake | undefined;
  #address: Promise<string> | undefined;
  #closed = false;

  constructor(core: ClientCore) {
    this.#core = core;
    this.#broker = core.post.broker;
  }

  /** What a message carries as `replyTo`. Over an outage it waits until the signal fires. */
  async address(signal: AbortSignal): Promise<string> {
    const backoff = new Backoff(20, 1_000);
    for (;;) {
      try {
        await this.#broker.ready(signal);
        return await (this.#address ??= this.#open());
      } catch (error) {
        this.#address = undefined;
        if (signal.aborted || this.#closed || LynchpinError.is(error, 'CLOSED', 'FORBIDDEN')) throw error;
        await backoff.wait(signal);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#intake?.close();
  }

  async #open(): Promise<string> {
    const intake = await this.#broker.openIntake(() => {
      this.#address = undefined;
    });
    this.#intake = intake;
    const queue = await intake.inbox([]);
    await intake.consume(queue, { prefetch: 100 }, (delivery) => {
      void this.#again(delivery).finally(() => intake.ack(delivery));
    });
    return queue;
  }

  /** What cannot be converted is left to the server: it parks the message after a while. */
  async #again(delivery: Delivery): Promise<void> {
    const { contract, names, post } = this.#core;
    const reply = parseReplyType(delivery.type);
    const server = delivery.appId;
    const id = delivery.correlationId;
    // What is sent again goes out in this process's name: only what it may have sent before.
    if (reply?.kind !== 'unreadable' || server === undefined || id === undefined || !post.nextId.drew(id)) return;
    const to = common(contract, reply.floor, reply.version, compareVersions);
    if (to === undefined) return;
    // What the sender had written beside the body (trace context) goes along; what the server added does not.
    const { [HEADERS.type]: originalType, ...headers } = delivery.headers ?? {};
    try {
      const { type, body } = convertRequest(
        contract,
        { type: typeof originalType === 'string' ? originalType : undefined, body: delivery.body },
        to,
        post.maxMessageBytes,
      );
      const enough = AbortSignal.timeout(AGAIN);
      await this.#core.readyWithin(enough);
      await this.#core.publish(
        {
          exchange: '',
          routingKey: names.server(server),
          body,
          type,
          messageId: id,
          replyTo: await this.#address,
          persistent: true,
          contentType: delivery.contentType,
          appId: post.name,
          userId: post.userId,
          expiration: delivery.expiration,
          headers: Object.keys(headers).length === 0 ? undefined : headers,
        },
        enough,
      );
    } catch {
      // The server holds the original and parks it when nothing comes.
    }
  }
}
