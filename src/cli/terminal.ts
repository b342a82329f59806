import type { Bus, ConnectOptions } from '../bus/index.js';

/** Where a command reads and writes. Only the entry file knows the process; everything else is given this. */
export interface Terminal {
  /** Where the command was started; `-C` counts from here. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Results. */
  readonly out: Outlet;
  /** Errors, progress, and what is said besides. */
  readonly err: Outlet;
  /** Everything on standard input. */
  input(): Promise<string>;
  /** Puts a question to the person at the terminal and answers the line that comes back. Undefined where nobody sits. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /**
   * Hands over each key as it is pressed, Ctrl-C among them, until the function that it answers is called. Undefined where nobody
   * sits.
   */
  readonly keys: ((listener: (key: string) => void) => () => void) | undefined;
  /** Aborted once nobody reads the results any more: `head` has seen enough. */
  readonly unread: AbortSignal;
  /** Who is at work: `ada@build-1`. Actions are recorded with it. */
  readonly user: string;
  /** Connects to a broker, as `connect` of the package does. */
  connect(address: string, options: ConnectOptions): Promise<Bus>;
}

/** One of the two streams. */
export interface Outlet {
  /** Whether people are reading along. */
  readonly terminal: boolean;
  /** How many columns they see; 80 where nobody does. */
  readonly columns: number;
  /** How many lines; 24 where nobody does. */
  readonly rows: number;
  write(text: string): void;
}

/** Whether a build service runs this: it never writes recordings. */
export function isCi(env: Terminal['env']): boolean {
  return !['', '0', 'false', undefined].includes(env['CI']?.toLowerCase());
}
