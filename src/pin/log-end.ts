import type { Broker, LogReader } from '../broker/index.js';
import { unlessAborted } from '../rpc/index.js';

/**
 * The offset of an entry near the end of a log: everything that stood there when this was asked, but for what was written at
 * once with it, is before it. While the log is empty this waits for its first entry.
 * @throws LynchpinError as opening a log does; the signal's reason.
 */
export async function endOf(broker: Broker, name: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  let reader: LogReader | undefined;
  const found = new Promise<number>((resolve, reject) => {
    broker
      .openLog(name, 'last', { onEntry: ({ offset }) => resolve(offset), onLost: reject })
      .then((opened) => {
        reader = opened;
        if (signal.aborted) close();
      })
      .catch(reject);
  });
  const close = (): void => void reader?.close().catch(() => undefined);
  try {
    return await unlessAborted(found, signal);
  } finally {
    close();
  }
}
