import { EventEmitter, once } from 'node:events';
import type { Sent } from '../journal/index.js';
import { now } from '../journal/index.js';
import { assignment, note } from '../process/inside.js';

/** A message to send. Its body carries the reference. */
export interface Request {
  readonly form: Sent['form'];
  readonly method: string;
  readonly to?: string;
  readonly body: { readonly reference: string } & Readonly<Record<string, unknown>>;
  /** How long its sender waits for an answer, in ms. */
  readonly timeout: number;
}

/** Sends with whatever library is under test; resolves as its promise does. */
export type Send = (request: Request) => Promise<unknown>;

/** The kinds of messages of a load: makes the next one, given its reference and how many came before. */
export type Compose = (reference: string, count: number) => Request;

/**
 * A constant load: so many senders at once, each with its next message as soon as the one before has its outcome. Writes
 * what it is about to send before it sends, and the outcome when it has it.
 */
export class Load {
  readonly #send: Send;
  readonly #compose: Compose;
  readonly #progress = new EventEmitter().setMaxListeners(0);
  readonly #senders = new Set<Promise<void>>();
  #count = 0;
  #settled = 0;
  #running = false;

  constructor(send: Send, compose: Compose) {
    this.#send = send;
    this.#compose = compose;
  }

  /** Begins, with so many messages under way at a time. */
  start(parallel: number): void {
    this.#running = true;
    for (let index = 0; index < parallel; index += 1) {
      const sender = this.#loop().finally(() => this.#senders.delete(sender));
      this.#senders.add(sender);
    }
  }

  /** Sends one message beside the load. */
  async one(compose: Compose): Promise<void> {
    this.#count += 1;
    await this.#attempt(compose(`${assignment.process}-${this.#count}`, this.#count));
  }

  /** Resolves once so many messages more have their outcome, with how many have it in all; or after `patience` ms. */
  async after(messages: number, patience: number): Promise<number> {
    const wanted = this.#settled + messages;
    const signal = AbortSignal.timeout(patience);
    while (this.#settled < wanted && !signal.aborted) await once(this.#progress, 'settled', { signal }).catch(() => {});
    return this.#settled;
  }

  /** Sends nothing new, and resolves when everything under way has its outcome. */
  async quiet(): Promise<number> {
    this.#running = false;
    await Promise.all(this.#senders);
    return this.#settled;
  }

  async #loop(): Promise<void> {
    while (this.#running) {
      this.#count += 1;
      await this.#attempt(this.#compose(`${assignment.process}-${this.#count}`, this.#count));
    }
  }

  async #attempt(request: Request): Promise<void> {
    const { form, method, to, body, timeout } = request;
    const { reference } = body;
    note({
      kind: 'sent',
      reference,
      form,
      method,
      ...(to !== undefined && { to }),
      ...(form === 'call' && { deadline: now() + timeout }),
      body,
    });
    try {
      const answer = await this.#send(request);
      if (form === 'call') note({ kind: 'answered', reference, body: answer ?? null });
      else note({ kind: 'confirmed', reference });
    } catch (error) {
      const code = (error as { readonly code?: unknown } | null)?.code;
      note({ kind: 'failed', reference, ...(typeof code === 'string' && { code }), text: String(error) });
      // A send that fails at once must not become a busy loop.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    this.#settled += 1;
    this.#progress.emit('settled');
  }
}
