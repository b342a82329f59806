import { LynchpinError } from '#lynchpin/errors/index.js';
import type { Pin, PinSource } from '#lynchpin/rpc/index.js';

/** Resolves as soon as the pin is so; says what it was instead when that takes too long. */
export function untilPin(pins: PinSource, is: (pin: Pin) => boolean, within = 10_000): Promise<Pin> {
  if (is(pins.current)) return Promise.resolve(pins.current);
  return new Promise((resolve, reject) => {
    const give = (): void => {
      stop();
      clearTimeout(timer);
    };
    const stop = pins.watch((now) => {
      if (!is(now)) return;
      give();
      resolve(now);
    });
    const timer = setTimeout(() => {
      give();
      reject(new LynchpinError('TIMEOUT', `the pin is still ${pins.current.state} ${pins.current.version}: ${pins.current.why}`));
    }, within);
  });
}

/** Resolves as soon as the question is answered with yes. */
export async function until(what: string, ask: () => boolean | Promise<boolean>, within = 10_000): Promise<void> {
  const end = performance.now() + within;
  while (!(await ask())) {
    if (performance.now() > end) throw new LynchpinError('TIMEOUT', `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Every version and state that a pin goes through, in order. */
export function record(pins: PinSource): string[] {
  const seen = [`${pins.current.state} ${pins.current.version}`];
  pins.watch((now) => {
    const text = `${now.state} ${now.version}`;
    if (seen[seen.length - 1] !== text) seen.push(text);
  });
  return seen;
}
