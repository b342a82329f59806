import type { Outgoing } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import { Backoff } from '../backoff.js';
import type { MethodRecord } from '../contract/index.js';
import { encodeJson, JSON_TYPE } from '../wire/index.js';
import { unlessAborted } from '../unless.js';
import { expirationOf } from './bounds.js';
import type { ClientCore } from './core.js';
import { noSuchServer } from './failures.js';
import { originOf, traceHeaders } from './lineage.js';
import { DEFAULT_TIMEOUT, FANOUT_EXPIRES, type CastOptions } from './options.js';
import type { Returns } from './returns.js';

/** The longest life that a message can be given, in ms. */
const LONGEST_LIFE = 2 ** 32 - 1;

/** Where a cast goes: to any one server, to every server, or to the one of that name. */
export type Destination = { readonly kind: 'any' } | { readonly kind: 'every' } | { readonly kind: 'server'; readonly server: string };

/** Hands one-way messages to the broker, until it has taken responsibility for them. */
export class Casts {
  constructor(
    readonly core: ClientCore,
    readonly returns: Returns,
  ) {}

  /**
   * Resolves when the broker has the message.
   * @throws LynchpinError `NO_SERVER` (a fanout to a topic without servers), `NO_SUCH_SERVER`, `TIMEOUT`, `CANCELLED`,
   *   `PINNED`, `INVALID`; `TOO_OLD` once the client is refused.
   */
  async send(method: MethodRecord, request: unknown, options: CastOptions, destination: Destination): Promise<void> {
    const { core } = this;
    const name = `${core.contract.record.name}.${method.property}`;
    const timeout = options.timeout ?? DEFAULT_TIMEOUT;
    if (!(timeout > 0)) throw new LynchpinError('INVALID', `timeout must be above 0 ms, got ${timeout}`, { timeout });
    const id = core.post.nextId();
    const frame = this.#frame(id, options, destination);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), Math.min(timeout, 2 ** 31 - 1));
    const giveUp = (): void => patience.abort();
    options.signal?.addEventListener('abort', giveUp, { once: true });
    core.closing.addEventListener('abort', giveUp, { once: true });
    if (options.signal?.aborted === true || core.closing.aborted) giveUp();
    const backoff = new Backoff(20, 1_000);
    try {
      await core.readyWithin(patience.signal);
      const replyTo = destination.kind === 'any' ? undefined : await unlessAborted(this.returns.address(patience.signal), patience.signal);
      while (!patience.signal.aborted) {
        const route = core.route(method);
        const message: Outgoing = {
          ...frame,
          replyTo,
          type: route.type,
          exchange: destination.kind === 'any' ? core.names.exchange : destination.kind === 'every' ? core.names.fanout : '',
          routingKey:
            destination.kind === 'any' ? route.version : destination.kind === 'every' ? '' : core.names.server(destination.server),
          body: encodeJson(core.write(route, request)),
        };
        const outcome = await core.publish(message, patience.signal);
        if (outcome === 'confirmed') return;
        if (outcome === 'again') {
          await core.readyWithin(patience.signal);
          continue;
        }
        if (destination.kind === 'server') throw noSuchServer(core.names.topic, destination.server);
        if (destination.kind === 'every')
          throw new LynchpinError('NO_SERVER', `topic ${core.names.topic} has never had a server: nobody would get ${name}`, {
            topic: core.names.topic,
          });
        await this.#makeLane(route.version, backoff, patience.signal);
      }
      throw new LynchpinError('TIMEOUT', `the broker did not take ${name} in time`, { method: method.property, id, timeout });
    } catch (error) {
      if (options.signal?.aborted === true)
        throw new LynchpinError(
          'CANCELLED',
          `the caller of ${name} gave up before the broker had confirmed it`,
          { method: method.property, id },
          { cause: options.signal.reason },
        );
      if (core.closing.aborted) throw core.closing.reason;
      if (patience.signal.aborted && !LynchpinError.is(error))
        throw new LynchpinError(
          'TIMEOUT',
          `the broker did not confirm ${name} within ${timeout} ms; it may have taken it`,
          { method: method.property, id, timeout },
          { cause: error },
        );
      throw error;
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', giveUp);
      core.closing.removeEventListener('abort', giveUp);
    }
  }

  /** What all copies of one message have in common. */
  #frame(id: string, options: CastOptions, destination: Destination): Omit<Outgoing, 'exchange' | 'routingKey' | 'body'> {
    const { post } = this.core;
    const expires = options.expires ?? (destination.kind === 'every' ? FANOUT_EXPIRES : undefined);
    if (expires !== undefined && !(expires > 0 && expires <= LONGEST_LIFE))
      throw new LynchpinError('INVALID', `expires must be above 0 and at most ${LONGEST_LIFE} ms, got ${expires}`, { expires });
    return {
      messageId: id,
      persistent: true,
      contentType: JSON_TYPE,
      appId: originOf(post.name),
      // For people who look at a lane: nobody decides anything by it. Calls carry none, since they do not wait for long.
      sent: Math.floor(Date.now() / 1_000),
      userId: post.userId,
      expiration: expires === undefined ? undefined : expirationOf(expires),
      headers: traceHeaders(options.traceparent, post),
    };
  }

  /** A lane that is missing is declared; one whose node is down is waited for. */
  async #makeLane(version: Parameters<ClientCore['topology']['ensureLane']>[0], backoff: Backoff, signal: AbortSignal): Promise<void> {
    try {
      await unlessAborted(this.core.topology.ensureLane(version), signal);
    } catch (error) {
      if (LynchpinError.is(error, 'FORBIDDEN', 'CLOSED')) throw error;
    }
    await backoff.wait(signal);
  }
}
