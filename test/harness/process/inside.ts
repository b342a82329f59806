import { JournalWriter, type Note } from '../journal/index.js';
import { ASSIGNMENT, type Answer, type Assignment, type Command } from './assignment.js';
import { shiftWallClock } from './wall.js';

/**
 * The run's side of a process that takes part in it: loaded before the program (`node --import`), and imported by the
 * program to get at its assignment and its journal.
 */
export const assignment: Assignment = JSON.parse(process.env[ASSIGNMENT] ?? 'null') as Assignment;

const writer = new JournalWriter(assignment.journal);
const commands = new Map<string, (payload: never) => unknown>();

/** Rare notes are also told to the run, which waits for them. */
const TOLD: ReadonlySet<Note['kind']> = new Set<Note['kind']>(['ready', 'pin', 'stopping', 'stopped']);

/** Writes to the journal of this process. */
export function note(entry: Note): void {
  writer.write(entry);
  if (TOLD.has(entry.kind)) process.send?.({ event: entry });
}

/** Says what this process does when the run asks for `command`. */
export function onCommand<Payload>(command: string, handler: (payload: Payload) => unknown): void {
  commands.set(command, handler);
}

/** Lets the process end as soon as nothing else keeps it alive. */
export function leave(): void {
  note({ kind: 'stopped' });
  writer.close();
  process.disconnect?.();
}

function begin(): void {
  if (assignment === null) throw new Error(`${ASSIGNMENT} is missing: this program runs under the harness only`);
  const { process: incarnation, name, role, release, window, clock } = assignment;
  note({ kind: 'started', process: incarnation, name, role, release, window, pid: process.pid });
  if (clock !== 0) moveClock(clock);
  watchParsing();
  onCommand('clock', moveClock);
  process.on('message', (message) => void obey(message as Command));
  // The run is gone: nobody is left to stop this process.
  process.once('disconnect', () => setTimeout(() => process.exit(70), 5_000).unref());
}

function moveClock(shift: number): void {
  shiftWallClock(shift);
  note({ kind: 'clock', shift });
}

async function obey({ id, command, payload }: Command): Promise<void> {
  const answer = (message: Answer): void => void process.send?.(message);
  try {
    const handler = commands.get(command);
    if (handler === undefined) throw new Error(`${assignment.process} knows no command "${command}"`);
    answer({ id, result: await handler(payload as never) });
  } catch (error) {
    answer({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

/** Notes every body that is parsed in this process, whoever does it: "not decoded" is a claim about the parser, too. */
function watchParsing(): void {
  const parse = JSON.parse;
  const mark = /"reference":"([^"]+)"/;
  JSON.parse = (text: string, reviver?: Parameters<typeof parse>[1]): unknown => {
    const reference = typeof text === 'string' ? mark.exec(text)?.[1] : mark.exec(String(text))?.[1];
    if (reference !== undefined) note({ kind: 'decoded', reference });
    return parse(text, reviver) as unknown;
  };
}

begin();
