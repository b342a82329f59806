import type { TopicNames } from '../../broker/index.js';
import type { Post } from '../post.js';
import { CONTROL, encodeCancel, JSON_TYPE } from '../wire/index.js';

/** How long cancellations gather before one message tells them all: under overload, every call is cancelled. */
const GATHER = 20;
const EXPIRES = 10_000;

/** Tells the servers of a topic which requests nobody waits for any more. A hint: it is sent once, and may be lost. */
export class Cancellations {
  #ids: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly post: Post,
    readonly names: TopicNames,
  ) {}

  add(id: string): void {
    this.#ids.push(id);
    this.#timer ??= setTimeout(() => this.flush(), GATHER);
  }

  /** Sends what has gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ids = this.#ids;
    this.#ids = [];
    const port = this.post.switchboard.port;
    if (ids.length === 0 || port === undefined) return;
    this.post.switchboard.send(port, {
      exchange: this.names.control,
      routingKey: '',
      body: encodeCancel(ids),
      type: CONTROL.cancel,
      contentType: JSON_TYPE,
      appId: this.post.name,
      expiration: EXPIRES,
    });
  }
}
