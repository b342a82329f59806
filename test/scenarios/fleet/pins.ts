/** What a client's pin was, from a moment on. */
export interface PinSeen {
  /** Monotonic, the same clock in every process. */
  readonly at: number;
  readonly version: string;
  readonly state: string;
  /** How many servers read the version. */
  readonly readers: number | undefined;
}

/** What a client's pin is waited for to be. */
export interface PinWanted {
  readonly version?: string;
  readonly state?: string;
  readonly readers?: number;
}

/** Whether a pin is as wanted. */
export function fits(pin: Omit<PinSeen, 'at'>, wanted: PinWanted): boolean {
  const { version = pin.version, state = pin.state, readers = pin.readers } = wanted;
  return pin.version === version && pin.state === state && pin.readers === readers;
}
