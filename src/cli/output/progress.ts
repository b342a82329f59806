import type { Terminal } from '../terminal.js';
import { harmless } from './paint.js';

/** How long work takes before anything is said about it, in ms. */
const PATIENCE = 700;
/** How long a line stays at least, in ms. */
const PACE = 100;

/** Says on a terminal what is going on, once it takes long: one line that is overwritten, and gone at the end. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #next: number;
  #shown = false;

  /** @param now a clock that never goes back, in ms. */
  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#now = now;
    this.#next = now() + PATIENCE;
  }

  say(text: string): void {
    const { err } = this.#terminal;
    const now = this.#now();
    if (!err.terminal || now < this.#next) return;
    this.#next = now + PACE;
    this.#shown = true;
    err.write(`\r\x1b[2K${harmless(text).slice(0, err.columns - 1)}`);
  }

  end(): void {
    if (this.#shown) this.#terminal.err.write('\r\x1b[2K');
    this.#shown = false;
  }
}
