import type { Audience } from './audience.js';
import { lastWords, words } from './words.js';

/** Plain lines for files and pipes, without control characters. */
export function linesAudience(write: (text: string) => void): Audience {
  const begun = performance.now();
  const pins = new Map<string, string>();
  return {
    see(happening) {
      if (happening.event === 'pin') {
        // Who holds it is told in the course of the play; a line is due when the pin itself moves.
        const { client, version, state } = happening;
        if (pins.get(client) === `${version} ${state}`) return;
        pins.set(client, `${version} ${state}`);
      }
      const stamp = `${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s  `;
      const text = words(happening);
      if (happening.event === 'act') write('\n');
      if (text !== undefined) write(`${stamp}${text}\n`);
      if (happening.event === 'end') write(`\n${lastWords(happening).join('\n')}\n`);
    },
    close: () => {},
  };
}
