import type { Outgoing } from '../../broker/index.js';
import type { Contract } from '../contract/index.js';
import type { Post } from '../post.js';
import { encodeError, encodeJson, formatReplyType, JSON_TYPE } from '../wire/index.js';
import type { Version } from '../../versions/index.js';
import type { Place } from './place.js';
import type { Work } from './work.js';

/** How long an answer waits for a connection when its call has no deadline, in ms. */
const PATIENCE = 30_000;
const EMPTY = Buffer.alloc(0);

/** Writes answers and sends them to their callers. */
export class Answers {
  readonly #types = new Map<Version, string>();

  constructor(
    readonly contract: Contract,
    readonly post: Post,
    /** This server's name, which its answers carry. */
    readonly server: string,
    readonly place: Place,
  ) {}

  /**
   * The answer with a result, in the version that its caller accepts.
   * @throws LynchpinError `INVALID`, `PINNED` or `CONVERSION` when the result does not fit.
   */
  result(work: Work, value: unknown): Outgoing {
    const version = this.contract.answerVersion(work.accept);
    const json = this.contract.writeResult(work.method, version)(value);
    // The hot path: who answered, and in what notation, goes without saying, and every property costs the broker time.
    return {
      exchange: '',
      routingKey: work.replyTo as string,
      correlationId: work.id,
      type: this.#okType(version),
      body: encodeJson(json),
    };
  }

  error(replyTo: string, id: string | undefined, error: unknown, where: string): Outgoing {
    return this.#reply(replyTo, id, 'error', encodeError(error, this.contract.errors, where));
  }

  beat(work: Work): Outgoing {
    return this.#reply(work.replyTo as string, work.id, 'beat', EMPTY);
  }

  /** @param headers `lynchpin-redelivered` where a server that could read it may have run it already. */
  unreadable(replyTo: string, id: string, headers: Readonly<Record<string, true>>): Outgoing {
    const { floor, head } = this.contract.line;
    return { ...this.#reply(replyTo, id, formatReplyType({ kind: 'unreadable', floor, version: head }), EMPTY), headers };
  }

  /**
   * Sends at once when there is a connection and the server's place is sure, else as soon as that is so before the deadline.
   * An answer of a server that is refused is dropped: nobody wants it from that one.
   */
  send(answer: Outgoing, deadline: number): void | Promise<void> {
    const { switchboard } = this.post;
    const port = switchboard.port;
    if (port !== undefined && this.place.sure) switchboard.send(port, answer, 'drop');
    else return this.#later(answer, deadline);
  }

  async #later(answer: Outgoing, deadline: number): Promise<void> {
    const left = Math.min(deadline - performance.now(), PATIENCE);
    if (left <= 0) return;
    const { switchboard } = this.post;
    const enough = AbortSignal.timeout(Math.ceil(left));
    try {
      for (;;) {
        if (!(await this.place.assured(enough))) return;
        const port = await switchboard.ready(enough);
        if (port === undefined) return;
        if (this.place.sure) return switchboard.send(port, answer, 'drop');
      }
    } catch {
      // The bus is closed, or it took too long. The caller has its own deadline.
    }
  }

  #okType(version: Version): string {
    let type = this.#types.get(version);
    if (type === undefined) {
      type = formatReplyType({ kind: 'ok', version });
      this.#types.set(version, type);
    }
    return type;
  }

  #reply(replyTo: string, id: string | undefined, type: string, body: Buffer): Outgoing {
    return { exchange: '', routingKey: replyTo, correlationId: id, type, body, contentType: JSON_TYPE, appId: this.server };
  }
}
