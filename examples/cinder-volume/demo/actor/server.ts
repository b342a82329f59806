import { setTimeout as pause } from 'node:timers/promises';
import { connect, type Interceptor, type MemoryHub, type ServerCall } from 'lynchpin';
import { Random } from '../../random.js';
import { type Handler, type Journal, NO_JOURNAL, openJournal } from '../journal/index.js';
import { type Release, RELEASES, releaseOfClient } from '../release/index.js';
import { isOlder } from '../version.js';
import type { Actor, ServerPart, Tell } from './part.js';
import { reporting } from './reporting.js';

/** What a back end takes for one piece of work, in ms: from and to. */
const WORK = [1, 5] as const;

/** Runs a server of the release that its part names. */
export async function runServer(part: ServerPart, address: string | MemoryHub, tell: Tell): Promise<Actor> {
  const { name } = part;
  const release = RELEASES[part.release];
  const journal = part.journal === undefined ? NO_JOURNAL : openJournal(part.journal);
  const { floor, version: newest } = release;
  journal.note({ kind: 'started', process: part.process, name, role: 'server', release: release.name, floor, newest, pid: process.pid });
  const counts = new Counts(release);
  const bus = await connect(address, { name, build: release.name });
  await release.serve(bus, name, { server: name, interceptors: [noting(release, journal, counts), working(new Random(part.seed))] });
  journal.note({ kind: 'ready' });
  tell({ kind: 'server', name, state: 'serving' });
  const stopReporting = reporting(() => tell({ kind: 'handled', name, counts: counts.view }));
  return {
    quiet: async () => {},
    async stop() {
      journal.note({ kind: 'stopping' });
      tell({ kind: 'server', name, state: 'leaving' });
      await bus.close();
      stopReporting();
      journal.note({ kind: 'stopped' });
      journal.close();
      tell({ kind: 'server', name, state: 'gone' });
    },
  };
}

/** Writes down every handler that runs, and counts it. */
function noting(release: Release, journal: Journal, counts: Counts): Interceptor<ServerCall> {
  const { floor, version: newest } = release;
  return (next) => async (call) => {
    const { context, method } = call;
    const note = (kind: Handler['kind']): void =>
      journal.note({ kind, id: traceId(context.traceparent), message: context.id, method, version: context.version, floor, newest });
    note('handling');
    try {
      const answer = await next(call);
      counts.add(call);
      note('handled');
      return answer;
    } catch (error) {
      note('threw');
      throw error;
    }
  };
}

/** Takes a while, as a back end does: whoever leaves has something in hand. */
function working(random: Random): Interceptor<ServerCall> {
  return (next) => async (call) => {
    await pause(random.integer(...WORK));
    return next(call);
  };
}

/** The part of a W3C `traceparent` that names the request. */
function traceId(traceparent: string | undefined): string {
  return traceparent?.split('-')[1] ?? '';
}

class Counts {
  readonly #byVersion: Record<string, number> = {};
  #backported = 0;

  constructor(readonly release: Release) {}

  add({ kind, context }: ServerCall): void {
    this.#byVersion[context.version] = (this.#byVersion[context.version] ?? 0) + 1;
    const caller = releaseOfClient(context.caller);
    if (kind === 'call' && caller !== undefined && isOlder(caller.version, this.release.version)) this.#backported++;
  }

  get view() {
    return { byVersion: { ...this.#byVersion }, backported: this.#backported };
  }
}
