import { compareVersions, type Version } from '../versions/index.js';
import type { Holder } from '../rpc/index.js';

/** No topic has so many servers; what anyone may add to must end somewhere. The longest unheard are forgotten first. */
const MOST = 1_000;

/**
 * The servers that have said their names, in notices and roll calls. It explains the census to people; nothing is decided
 * by it, because a name that was heard does not mean that its bearer still lives.
 */
export class Roster {
  readonly #heard = new Map<string, { readonly card: Holder; readonly at: number }>();

  /** How many names are on it. */
  get size(): number {
    return this.#heard.size;
  }

  /** Everyone on it, in the order of their names. */
  get everyone(): readonly Holder[] {
    return [...this.#heard.values()].map(({ card }) => card).sort((a, b) => (a.server < b.server ? -1 : 1));
  }

  /** Those whose newest version is below the given one. */
  below(version: Version): readonly Holder[] {
    return this.everyone.filter((card) => compareVersions(card.version, version) < 0);
  }

  /** A server has said its name; `now` is a monotonic time. */
  heard(card: Holder, now: number): void {
    this.#heard.delete(card.server);
    this.#heard.set(card.server, { card, at: now });
    if (this.#heard.size > MOST) this.#heard.delete(this.#heard.keys().next().value as string);
  }

  /** A server has said that it is leaving. */
  left(server: string): void {
    this.#heard.delete(server);
  }

  /** Takes off whoever has not been heard since, after a roll call that they should have answered. */
  strike(since: number): void {
    for (const [server, { at }] of this.#heard) if (at < since) this.#heard.delete(server);
  }
}
