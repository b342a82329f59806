import type { Port, TopicNames } from '../../broker/index.js';
import type { Version } from '../../versions/index.js';
import type { PinSource } from '../pin-source.js';
import type { Post } from '../post.js';
import { CONTROL, encodeFinish, JSON_TYPE } from '../wire/index.js';

/** How often it is asked, in ms, while a topic has lost its last server and this process has work in hand. */
const EVERY = 250;
/** So many calls that are sent at once are asked for together, in ms. */
const GATHER = 5;
/** By this time after a server said that it leaves, in ms, a census has counted without it. */
const COUNTED = 1_500;
const EXPIRES = 5_000;
/** At most so many ids in one message. */
const MOST = 1_000;

/** A call that nobody has taken yet, as far as its caller knows. */
export interface Waiting {
  readonly id: string;
  /** The lane that it stands on. */
  readonly version: Version;
}

/** A call that may be waiting. */
export interface MayWait {
  /** @param leaving whether this process is about to end. Undefined unless it waits, and somebody's work in hand depends on it. */
  waiting(leaving: boolean): Waiting | undefined;
}

/** The client that asks. */
export interface AskingClient {
  /** What it sends by, once what is published to exists. */
  readonly port: Port | undefined;
  ready(): Promise<void>;
  calls(): Iterable<MayWait>;
}

/**
 * Asks the servers of a topic that are leaving for what this process needs to finish what it has in hand: that they stay, and
 * that they take its calls off lanes which nobody reads any more. Hints, repeated for as long as they are needed, and none at
 * all while somebody serves the topic.
 */
export class FinishRequests {
  /** Who said that he is leaving and may still be in the last census. */
  readonly #gone = new Set<string>();
  #last = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  readonly #unwatch: readonly (() => void)[];

  constructor(
    readonly post: Post,
    readonly names: TopicNames,
    readonly pins: PinSource,
    readonly client: AskingClient,
  ) {
    this.#unwatch = [
      pins.watchLeaving((server) => {
        this.#gone.add(server);
        this.#last = performance.now();
        this.#begin();
      }),
      pins.watch(({ readers }) => {
        if (readers === 0) this.#begin();
      }),
    ];
  }

  /** Whether the topic may have lost its last server. */
  get active(): boolean {
    return this.#timer !== undefined;
  }

  /** A call was sent while that is so. */
  sent(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#ask();
    }, GATHER);
  }

  close(): void {
    for (const stop of this.#unwatch) stop();
    this.#end();
  }

  #begin(): void {
    this.#timer ??= setInterval(() => this.#ask(), EVERY).unref();
    this.#ask();
  }

  #end(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    this.#timer = undefined;
    this.#soon = undefined;
  }

  #ask(): void {
    const { post, pins } = this;
    const counted = performance.now() - this.#last > COUNTED;
    if (counted) this.#gone.clear();
    const waiting = this.#waiting();
    const unserved = [...new Set([pins.current.version, ...waiting.keys()])].filter((version) => !this.#isServed(version));
    if (unserved.length === 0 && counted) return this.#end();
    if (!post.busy && waiting.size === 0) return;
    for (const version of unserved) this.#say(version, waiting.get(version) ?? []);
  }

  /** The calls that somebody's work in hand depends on, by the lane on which they stand. */
  #waiting(): ReadonlyMap<Version, readonly string[]> {
    const byLane = new Map<Version, string[]>();
    for (const call of this.client.calls()) {
      const waiting = call.waiting(this.post.leaving);
      if (waiting === undefined) continue;
      const ids = byLane.get(waiting.version);
      if (ids === undefined) byLane.set(waiting.version, [waiting.id]);
      else if (ids.length < MOST) ids.push(waiting.id);
    }
    return byLane;
  }

  /** Whether somebody reads it who has not said that he is leaving. */
  #isServed(version: Version): boolean {
    const readers = this.pins.readersOf(version);
    return readers !== undefined && readers > this.#gone.size;
  }

  #say(version: Version, ids: readonly string[]): void {
    const { switchboard, name } = this.post;
    const { port } = this.client;
    // A client that has not sent anything yet may need the topic all the same.
    if (port === undefined) return void this.client.ready().catch(() => undefined);
    const message = {
      exchange: this.names.control,
      routingKey: '',
      body: encodeFinish({ version, ids }),
      type: CONTROL.finish,
      contentType: JSON_TYPE,
      appId: name,
      expiration: EXPIRES,
    };
    switchboard.send(port, message, 'drop');
  }
}
