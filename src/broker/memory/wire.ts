/**
 * The order in which things happen: what brokers say to the hub and what it says to them passes here, first come first
 * served and never at once, as over a socket.
 */
export class Wire {
  #tasks: (() => void)[] = [];
  #scheduled = false;

  post(task: () => void): void {
    this.#tasks.push(task);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#drain());
  }

  #drain(): void {
    const tasks = this.#tasks;
    this.#tasks = [];
    this.#scheduled = false;
    let index = 0;
    try {
      for (; index < tasks.length; index += 1) tasks[index]?.();
    } finally {
      // One task that throws must not swallow those behind it.
      if (index < tasks.length - 1) for (const task of tasks.slice(index + 1)) this.post(task);
    }
  }
}
