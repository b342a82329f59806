import type { Count, QueueOptions } from '../broker.js';
import { DIRECT_REPLY } from '../limits.js';
import type { Outgoing } from '../message.js';
import { MemoryLog } from './log.js';
import { MemoryQueue } from './queue.js';
import type { Session } from './session.js';

interface Exchange {
  readonly kind: 'direct' | 'fanout';
  /** The keys by which each queue is bound. */
  readonly bindings: Map<string, Set<string>>;
}

/** A port, as the hub sees it. */
export interface ReplyTarget {
  reply(message: Outgoing): void;
}

/** What stands inside the hub: exchanges, queues, logs and the ports that await replies. Everything here happens at once. */
export class Store {
  readonly queues = new Map<string, MemoryQueue>();
  readonly logs = new Map<string, MemoryLog>();
  readonly exchanges = new Map<string, Exchange>();
  readonly #targets = new Map<string, ReplyTarget>();
  #names = 0;

  /** A name that nothing else has. */
  freshName(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  declareExchange(name: string, kind: 'direct' | 'fanout'): void {
    if (!this.exchanges.has(name)) this.exchanges.set(name, { kind, bindings: new Map() });
  }

  declareQueue(name: string, options: QueueOptions, owner?: Session): MemoryQueue {
    const known = this.queues.get(name);
    if (known !== undefined) return known;
    const queue = new MemoryQueue(name, options, owner, (message) => this.#expired(name, options, message));
    this.queues.set(name, queue);
    return queue;
  }

  declareLog(name: string): void {
    if (!this.logs.has(name)) this.logs.set(name, new MemoryLog(name));
  }

  /** The log that a message is an entry for. */
  logOf(message: Outgoing): MemoryLog | undefined {
    return message.exchange === '' ? this.logs.get(message.routingKey) : undefined;
  }

  /** Answers false when the queue or the exchange is missing. */
  bind(queue: string, exchange: string, key: string): boolean {
    const bindings = this.exchanges.get(exchange)?.bindings;
    if (bindings === undefined || !this.queues.has(queue)) return false;
    const keys = bindings.get(queue) ?? new Set();
    bindings.set(queue, keys.add(key));
    return true;
  }

  unbind(queue: string, exchange: string, key: string): void {
    const bindings = this.exchanges.get(exchange)?.bindings;
    const keys = bindings?.get(queue);
    keys?.delete(key);
    if (keys?.size === 0) bindings?.delete(queue);
  }

  deleteQueue(name: string, cause: string): void {
    const log = this.logs.get(name);
    this.logs.delete(name);
    log?.dismiss(cause);
    const queue = this.queues.get(name);
    if (queue === undefined) return;
    this.queues.delete(name);
    for (const exchange of this.exchanges.values()) exchange.bindings.delete(name);
    queue.dismiss(cause);
  }

  count(name: string, asker: Session): Count {
    if (this.logs.has(name)) return { known: true, ready: 0, consumers: 0 };
    const queue = this.queues.get(name);
    if (queue === undefined) return { known: false, reason: 'missing' };
    if (queue.ailment !== undefined) return { known: false, reason: queue.ailment };
    if (queue.owner !== undefined && queue.owner !== asker) return { known: false, reason: 'taken' };
    return { known: true, ready: queue.ready, consumers: queue.consumers };
  }

  /** Answers whether any queue or port took the message. */
  publish(message: Outgoing): boolean {
    if (message.exchange === '') {
      const target = this.#targets.get(message.routingKey);
      if (target !== undefined) {
        target.reply(message);
        return true;
      }
    }
    const log = this.logOf(message);
    if (log !== undefined) {
      log.push(message);
      return true;
    }
    const queues = this.#route(message);
    for (const queue of queues) queue.push(message);
    return queues.length > 0;
  }

  /** Gives a port an address; answers it. */
  addTarget(target: ReplyTarget): string {
    const address = this.freshName(`${DIRECT_REPLY}.`);
    this.#targets.set(address, target);
    return address;
  }

  removeTarget(address: string): void {
    this.#targets.delete(address);
  }

  #route(message: Outgoing): MemoryQueue[] {
    const { exchange: name, routingKey } = message;
    const exchange = this.exchanges.get(name);
    const names =
      name === ''
        ? [routingKey]
        : [...(exchange?.bindings ?? [])].filter(([, keys]) => exchange?.kind === 'fanout' || keys.has(routingKey)).map(([queue]) => queue);
    return names.map((queue) => this.queues.get(queue)).filter((queue) => queue !== undefined && queue.ailment !== 'down') as MemoryQueue[];
  }

  #expired(queue: string, options: QueueOptions, message: Outgoing): void {
    if (options.type !== 'quorum' || options.deadLetterQueue === undefined) return;
    const death = [{ reason: 'expired', queue, count: 1, exchange: message.exchange, 'routing-keys': [message.routingKey] }];
    this.publish({
      ...message,
      exchange: '',
      routingKey: options.deadLetterQueue,
      expiration: undefined,
      headers: { ...message.headers, 'x-death': death },
    });
  }
}
