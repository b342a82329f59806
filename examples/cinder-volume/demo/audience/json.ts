import type { Audience } from './audience.js';

/** One JSON object a line, with the seconds since the start. */
export function jsonAudience(write: (text: string) => void): Audience {
  const begun = performance.now();
  return {
    see: (happening) => write(`${JSON.stringify({ at: Math.round(performance.now() - begun) / 1_000, ...happening })}\n`),
    close: () => {},
  };
}
