import type { Happening } from '../scene/index.js';

/** Whoever watches: a terminal, a file, a program. */
export interface Audience {
  see(happening: Happening): void;
  /** Leaves the terminal as it was. May be called twice. */
  close(): void;
}
