import { connect, LynchpinError, type ClientCall, type Interceptor, type MemoryHub, type Pin } from 'lynchpin';
import { Random } from '../../random.js';
import { type Journal, NO_JOURNAL, openJournal } from '../journal/index.js';
import { type Release, RELEASES } from '../release/index.js';
import { isOlder } from '../version.js';
import { Load } from './load.js';
import type { Actor, ClientPart, SentCounts, Tell } from './part.js';
import { reporting } from './reporting.js';

/** Runs a client of the release that its part names, and keeps it busy. */
export async function runClient(part: ClientPart, address: string | MemoryHub, tell: Tell): Promise<Actor> {
  const { name } = part;
  const release = RELEASES[part.release];
  const journal = part.journal === undefined ? NO_JOURNAL : openJournal(part.journal);
  const { floor, version: newest } = release;
  journal.note({ kind: 'started', process: part.process, name, role: 'client', release: release.name, floor, newest, pid: process.pid });
  const problem = (text: string): void => tell({ kind: 'problem', name, text });
  const counts = { calls: 0, casts: 0, early: 0, backported: 0, refused: 0, failed: 0 };
  const bus = await connect(address, { name, build: release.name });
  const noted = new WeakSet<object>();
  const noting = notes({ noted, release, journal, counts, problem, random: new Random(part.seed + 1) });
  const caller = await release.open(bus, { settle: part.settle, interceptors: [noting] }, part.seed);
  const pinned = (pin: Pin): void => {
    journal.note({ kind: 'pin', version: pin.version, state: pin.state });
    tell({ kind: 'pin', name, pin: { version: pin.version, state: pin.state, by: pin.by.map(({ server }) => server), why: pin.why } });
  };
  journal.note({ kind: 'ready' });
  pinned(caller.pin);
  caller.watchPin(pinned);
  const stopReporting = reporting(() => tell({ kind: 'sent', name, counts: { ...counts } }));
  const load = new Load(caller, part, {
    early: () => counts.early++,
    wrong: (error) => {
      if (noted.has(error as object)) return;
      counts.failed++;
      problem(error instanceof Error ? error.message : String(error));
    },
  });
  load.start();
  return {
    async quiet() {
      await load.stop();
      tell({ kind: 'sent', name, counts: { ...counts } });
    },
    async stop() {
      await load.stop();
      journal.note({ kind: 'stopping' });
      await bus.close();
      stopReporting();
      journal.note({ kind: 'stopped' });
      journal.close();
    },
  };
}

interface Noting {
  /** The errors that are written down already. */
  readonly noted: WeakSet<object>;
  readonly release: Release;
  readonly journal: Journal;
  readonly counts: { -readonly [Key in keyof SentCounts]: SentCounts[Key] };
  readonly problem: (text: string) => void;
  readonly random: Random;
}

/**
 * Writes down every message that is sent and what became of it. The message is followed by a trace id of its own, which
 * it carries as any request does in a system with tracing.
 */
function notes({ noted, release, journal, counts, problem, random }: Noting): Interceptor<ClientCall> {
  return (next) => async (call) => {
    const { kind: form, method, pin } = call;
    const id = random.hex(32);
    journal.note({ kind: 'sent', id, form, method, pin });
    try {
      const answer = await next({ ...call, options: { ...call.options, traceparent: `00-${id}-${id.slice(16)}-01` } });
      if (form === 'call') counts.calls++;
      else counts.casts++;
      if (isOlder(pin, release.version)) counts.backported++;
      journal.note({ kind: form === 'call' ? 'answered' : 'confirmed', id, method });
      return answer;
    } catch (error) {
      noted.add(error as object);
      if (LynchpinError.is(error, 'PINNED', 'UNKNOWN_METHOD')) {
        counts.refused++;
        journal.note({ kind: 'refused', id, method, code: error.code });
      } else {
        const text = error instanceof Error ? error.message : String(error);
        counts.failed++;
        journal.note({ kind: 'failed', id, method, text });
        problem(`${method}: ${text}`);
      }
      throw error;
    }
  };
}
