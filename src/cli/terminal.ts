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
}

/** One of the two streams. */
export interface Outlet {
  /** Whether people are reading along. */
  readonly terminal: boolean;
  /** How many columns they see; 80 where nobody does. */
  readonly columns: number;
  write(text: string): void;
}

/** Whether a build service runs this: it never writes recordings. */
export function isCi(env: Terminal['env']): boolean {
  return !['', '0', 'false', undefined].includes(env['CI']?.toLowerCase());
}
