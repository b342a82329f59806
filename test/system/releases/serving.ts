import { setTimeout as pause } from 'node:timers/promises';
import { type CallContext, connect, drainOnSignal } from 'lynchpin';
import { assignment, leave, note } from '../../harness/process/inside.js';

/** What every request of the releases has. */
interface Request {
  readonly reference: string;
  readonly busy?: number;
}

/** Runs the body of a handler: writes down what it got and that it ended, and takes the time that the request asks for. */
export async function work<Result>(request: Request, context: CallContext, result: Result): Promise<Result> {
  const { reference } = request;
  const { method, version } = context;
  note({ kind: 'handling', reference, method, version, body: request });
  if (request.busy !== undefined && request.busy > 0) await pause(request.busy);
  note({ kind: 'handled', reference, method, outcome: 'returned' });
  return result;
}

/** Connects, has the release serve, and leaves in good order on SIGTERM. */
export async function runServer(
  serve: (bus: Awaited<ReturnType<typeof connect>>, options: { readonly server: string; readonly concurrency: number }) => Promise<unknown>,
): Promise<void> {
  const { name, url, release, settings } = assignment;
  const bus = await connect(url, {
    name,
    build: release,
    namespace: String(settings['namespace']),
    heartbeat: Number(settings['heartbeat'] ?? 5),
  });
  await serve(bus, { server: name, concurrency: Number(settings['concurrency'] ?? 100) });
  drainOnSignal(bus, {
    onSignal: () => {
      note({ kind: 'stopping' });
      void bus.close().then(leave);
    },
  });
  note({ kind: 'ready' });
}
