import type { LogHandlers, LogReader, LogStart, LogSupport } from './log.js';
import type { Delivery, Outgoing, Returned } from './message.js';

/** What a queue's passive declaration says. Unknown is never zero: only `known` counts may be compared. */
export type Count =
  | { readonly known: true; readonly ready: number; readonly consumers: number }
  | { readonly known: false; readonly reason: UnknownReason };

/**
 * Why a count is unknown: the queue does not exist; it exists but its node is down; it is the inbox of another live connection;
 * the account may not ask; no answer came in time; the connection is down.
 */
export type UnknownReason = 'missing' | 'down' | 'taken' | 'forbidden' | 'timeout' | 'disconnected';

/** How to create a queue that does not exist yet. One that exists is used as it is. */
export interface QueueOptions {
  /** `quorum` only for work lanes on a cluster; everything else is `classic`. Default `classic`. */
  readonly type?: 'classic' | 'quorum';
  /** Quorum queues: where a message goes that was returned too often. */
  readonly deadLetterQueue?: string;
}

export interface ConsumeOptions {
  /** How many unacknowledged deliveries this consumer may hold; 0 is no bound. */
  readonly prefetch: number;
  /** Nobody else may consume this queue meanwhile. */
  readonly exclusive?: boolean;
  /** Deliveries count as acknowledged when they are sent. */
  readonly noAck?: boolean;
}

/** One consumer on an intake. */
export interface Consumer {
  readonly queue: string;
  /** Stops new deliveries: none comes after it resolves. Those in hand stay unacknowledged until they are acknowledged. */
  cancel(): Promise<void>;
}

/**
 * A channel for consuming. It dies as a whole: a closed channel, a lost connection, one consumer cancelled by the broker
 * or an `onDelivery` that throws ends it, `onLost` is called once, and whoever held it starts anew with a fresh one.
 * `onLost` is not called for the owner's own `close`; it is for the broker's, with `CLOSED`.
 */
export interface Intake {
  readonly open: boolean;
  /**
   * Deliveries may arrive before this resolves. A refusal ends the intake: it rejects here, and `onLost` is called too.
   * @throws LynchpinError `NAME_IN_USE` when an exclusive consumer stands in the way; `FORBIDDEN`; `CONNECTION` when the
   * queue, its node or the channel is gone.
   */
  consume(queue: string, options: ConsumeOptions, onDelivery: (delivery: Delivery) => void): Promise<Consumer>;
  /**
   * A queue of this intake's own, gone with it: declared exclusive, bound to the given fanout exchanges. Answers its name.
   * @param name what to call it; without one the broker chooses. For everybody else its count is `taken` while it is there.
   * @throws LynchpinError `NAME_IN_USE` when another connection has a queue of that name.
   */
  inbox(exchanges: readonly string[], name?: string): Promise<string>;
  /** The work is done. Batched; a no-op once the intake is lost, and for a delivery that was acknowledged before. */
  ack(delivery: Delivery): void;
  /** Acknowledges what is pending, then closes. What is still unacknowledged goes back to its queue as redelivered. */
  close(): Promise<void>;
}

/**
 * A channel for sending without confirms and for receiving direct replies to what it sent. Everything sent is
 * mandatory, unless its sender does not care. Dies like an intake.
 */
export interface Port {
  readonly open: boolean;
  /** What a request must carry as `replyTo` for its answer to reach this port's `onReply`. */
  readonly replyTo: string;
  /**
   * Sends. An exchange that does not exist ends the port.
   * @param unroutable whether a message that no queue takes comes back, or is dropped without a word. An answer whose caller
   *   is gone need not come back, and looking for its caller first costs the broker a fifth of its work on it.
   * @returns false when the transport's buffer is full: it was taken, but the sender should wait for `drained`.
   * @throws LynchpinError `CONNECTION` once the port is closed or lost; `PROTOCOL` for what AMQP cannot carry.
   */
  send(message: Outgoing, unroutable?: 'return' | 'drop'): boolean;
  /** Resolves when the transport's buffer has room again, or the port is lost. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

export interface PortHandlers {
  onReply(delivery: Delivery): void;
  onReturned(message: Returned): void;
  onLost(cause: Error): void;
}

/** A message fetched one by one, as rescue does. */
export interface Tap {
  readonly open: boolean;
  get(queue: string): Promise<Delivery | undefined>;
  ack(delivery: Delivery): Promise<void>;
  /** What was fetched and not acknowledged goes back to its queue. */
  close(): Promise<void>;
}

/**
 * Whether a broker can be spoken to. `blocked`: the connection is up, but the broker takes no messages at present. `down`: the
 * connection was lost and is being made anew.
 */
export type BrokerState = 'connecting' | 'up' | 'blocked' | 'down' | 'closed';

/** What a broker says of itself, and what was agreed with it on the connection. */
export interface BrokerServer {
  /** What it calls itself: `RabbitMQ`. */
  readonly product: string;
  /** Its release: `3.10.8`; empty where it does not say. */
  readonly version: string;
  /** The name of its cluster; a single node has one as well. */
  readonly cluster: string | undefined;
  /** Seconds between heartbeats; 0 is none. */
  readonly heartbeat: number;
  /** The largest frame, in bytes. */
  readonly frameMax: number;
  /** How many channels one connection may have. */
  readonly channelMax: number;
}

/**
 * What Lynchpin needs of a message broker: bytes, lanes and counts. It knows nothing of versions or methods.
 *
 * Two implementations pass one conformance suite: AMQP 0-9-1 (RabbitMQ) and memory. A broker reconnects by itself, with
 * backoff, for ever; what hangs on a channel (intakes, ports, taps) is lost with it and opened anew by its owner.
 */
export interface Broker {
  /** For messages and logs: the address without credentials. */
  readonly address: string;
  readonly state: BrokerState;
  /** The account that the broker attests as `userId`, if it does. */
  readonly userId: string | undefined;
  /** As it was when the broker was connected last. */
  readonly server: BrokerServer;
  /** Called on every change of state; answers a function that stops it. */
  watch(listener: (state: BrokerState, cause?: Error) => void): () => void;
  /** Resolves when the broker is connected, `up` or `blocked`. @throws LynchpinError `CLOSED`, or the signal's reason. */
  ready(signal?: AbortSignal): Promise<void>;

  /** Like `ensureQueue`, for a durable exchange. Topology fails with `CONNECTION` at once while there is no connection. */
  ensureExchange(name: string, kind: 'direct' | 'fanout'): Promise<void>;
  /** Deletes an exchange, if it is there, with its bindings. */
  deleteExchange(name: string): Promise<void>;
  /**
   * Declares passively first and uses what exists; creates a durable queue only when it is missing. The count is unknown
   * where one cannot be had: the node of the queue is down, or the account may consume but not ask.
   * @throws LynchpinError `CONNECTION`; `FORBIDDEN` when the queue is missing and the account may not create it.
   */
  ensureQueue(name: string, options?: QueueOptions): Promise<Count>;
  bind(queue: string, exchange: string, key: string): Promise<void>;
  unbind(queue: string, exchange: string, key: string): Promise<void>;
  /**
   * Deletes a queue only when nothing consumes it and it holds nothing ready, if asked so. Answers whether it is gone; a
   * quorum queue cannot be deleted on a condition and stays. Neither condition sees what a cancelled consumer still holds.
   * A log is deleted whatever the conditions: the broker does not look at them.
   */
  deleteQueue(name: string, when?: { readonly unused?: boolean; readonly empty?: boolean }): Promise<boolean>;
  /** The broker's own count of a queue. Never throws: what is not known is said so. The count of a log says nothing: it is always zero. */
  count(queue: string): Promise<Count>;

  /**
   * Publishes with confirm and mandatory. Resolves `confirmed` when the broker has taken responsibility, `returned` when
   * no queue would take it or the exchange is missing. Over a lost connection or a refusal it is published again, on a new channel, until it
   * succeeds or the signal fires: a message may then stand on its queue twice, under one id.
   * @throws LynchpinError `CLOSED`; `PROTOCOL` for what AMQP cannot carry; `FORBIDDEN` or `REJECTED` when the broker closes
   * the channel over this very message; the signal's reason.
   */
  publish(message: Outgoing, signal?: AbortSignal): Promise<'confirmed' | 'returned'>;
  /**
   * Makes sure that there is a log of that name: entries in one order, the same for all who read it, kept for ever and over
   * every restart. One that exists is used as it is.
   *
   * Appending is `publish` to the default exchange with the log's name as key, by a broker that made sure of the log or reads it. While the log cannot take an entry (most of
   * its nodes are down) the publish waits: give it a signal. An entry that was given up may still appear. A node that is
   * stopping returns entries although the log is there: `returned` means to make sure of it and to append again.
   * @returns `supported: false` where the broker has no logs (RabbitMQ before 3.9).
   * @throws LynchpinError `CONNECTION`, also when the log does not answer; `FORBIDDEN`; `PROTOCOL` when there is a queue of that
   * name that is no log.
   */
  ensureLog(name: string): Promise<LogSupport>;
  /**
   * Opens a reader. Entries may come before this resolves. When its connection is lost the reader is lost; its owner opens a
   * new one behind the last entry that it has seen, and nothing is missed or comes twice.
   * @throws LynchpinError `CONNECTION` when the log, its nodes or the connection is gone; `FORBIDDEN`; `PROTOCOL` when it is no
   * log, or not the log that it was: the entry to begin behind is not there any more.
   */
  openLog(name: string, start: LogStart, handlers: LogHandlers): Promise<LogReader>;
  openPort(handlers: PortHandlers): Promise<Port>;
  openIntake(onLost: (cause: Error) => void): Promise<Intake>;
  openTap(): Promise<Tap>;
  /** Waits for publishes under way (bounded by `timeout` ms, default 5,000), then closes everything. */
  close(options?: { readonly timeout?: number }): Promise<void>;
}

/** What the broker shows operators of a connection (`rabbitmqctl list_connections client_properties`), and how it behaves. */
export interface BrokerOptions {
  /** How long the first connection may take, in ms. Default 10,000. */
  readonly connectTimeout?: number;
  /** Seconds between heartbeats. Default 10. */
  readonly heartbeat?: number;
  /** How long a passive declaration may take before its count is unknown, in ms. Default 2,000. */
  readonly countTimeout?: number;
  /** First and longest pause between attempts to reconnect, in ms. Default 50 and 5,000. */
  readonly backoff?: { readonly first: number; readonly most: number };
  /** Shown by the broker: service, server, build. */
  readonly clientProperties?: Readonly<Record<string, string>>;
}
