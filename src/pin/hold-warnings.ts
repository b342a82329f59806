import type { Pin } from '../rpc/index.js';
import { compareVersions } from '../versions/index.js';
import type { Limits } from './limits.js';

/** Says once of each hold that it is the only thing left between a pin and a higher version. */
export class HoldWarnings {
  readonly #said = new Set<string>();

  constructor(private readonly topic: string) {}

  consider({ heldBack, why }: Pin, { holds, frozen }: Limits): void {
    for (const id of this.#said) if (!holds.some(({ hold }) => hold.id === id)) this.#said.delete(id);
    // Whoever has not joined yet is still reading what was: a hold that stood once may have ended long ago.
    if (heldBack === undefined || frozen === 'member' || frozen === 'ledger') return;
    const fresh = holds.filter(
      ({ hold, version }) => version !== undefined && compareVersions(version, heldBack) < 0 && !this.#said.has(hold.id),
    );
    if (fresh.length === 0) return;
    for (const { hold } of fresh) this.#said.add(hold.id);
    process.emitWarning(why, { type: 'LynchpinWarning', code: 'HELD_BACK', detail: `topic ${this.topic}` });
  }
}
