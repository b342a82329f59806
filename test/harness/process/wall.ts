let shift = 0;
let installed = false;

/**
 * Moves the wall clock of this process, and only that: `Date` and `performance.timeOrigin`. Monotonic time and timers go
 * on as they were, as they do when an administrator or a time service sets a machine's clock.
 * @param milliseconds away from the real time, in all.
 */
export function shiftWallClock(milliseconds: number): void {
  install();
  shift = milliseconds;
}

function install(): void {
  if (installed) return;
  installed = true;
  const real = Date;
  const realNow = Date.now.bind(Date);
  const origin = performance.timeOrigin;
  const shifted = new Proxy(real, {
    construct: (target, parameters, newTarget) =>
      Reflect.construct(target, parameters.length === 0 ? [realNow() + shift] : parameters, newTarget) as Date,
    apply: (target) => new target(realNow() + shift).toString(),
  });
  real.now = () => realNow() + shift;
  real.prototype.constructor = shifted;
  globalThis.Date = shifted;
  Object.defineProperty(performance, 'timeOrigin', { configurable: true, get: () => origin + shift });
}
