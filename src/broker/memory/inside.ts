import type { Store } from './store.js';
import type { Wire } from './wire.js';

/** What a hub shows the brokers that join it. */
export interface Inside {
  readonly address: string;
  readonly wire: Wire;
  readonly store: Store;
  readonly gate: Gate;
  /** Whether it has logs. */
  readonly logs: boolean;
  /** Whether brokers can connect now. */
  running(): boolean;
}

/** Where publishing waits while the hub is blocked; everything else passes beside it. */
export class Gate {
  #blocked = false;
  #held: (() => void)[] = [];

  get blocked(): boolean {
    return this.#blocked;
  }

  pass(task: () => void): void {
    if (this.#blocked) this.#held.push(task);
    else task();
  }

  block(): void {
    this.#blocked = true;
  }

  unblock(): void {
    this.#blocked = false;
    const held = this.#held;
    this.#held = [];
    for (const task of held) task();
  }
}
