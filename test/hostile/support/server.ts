import { connect, type CallContext, type Implements } from 'lynchpin';
import { HostileApi, Refused, type Everything } from './contract.js';

/** What the server's process says of itself when it is asked. */
export interface Report {
  /** Bytes in use after a collection. */
  readonly heap: number;
  /** The texts of the requests that reached a handler since the last report, apart from good ones. */
  readonly reached: readonly string[];
  /** How many good requests were served in all. */
  readonly good: number;
  /** Whether a prototype was changed. */
  readonly polluted: boolean;
}

/** Requests with this text are good ones. */
const GOOD = 'good';

class Service implements Implements<HostileApi> {
  reached: string[] = [];
  good = 0;

  ask(request: Everything) {
    this.#note(request);
    return request.text;
  }
  tell(request: Everything) {
    this.#note(request);
  }
  grow(request: Everything) {
    this.#note(request);
    return { name: request.text };
  }
  refuse(request: Everything, context: CallContext) {
    this.#note(request);
    throw new Refused(context.method, { why: request.text });
  }

  #note({ text }: Everything): void {
    if (text === GOOD) this.good++;
    else this.reached.push(text);
  }
}

const [url = '', namespace = ''] = process.argv.slice(2);
const service = new Service();
const bus = await connect(url, { name: 'victim', namespace });
await bus.serve(HostileApi, service, { server: 'victim', concurrency: 50 });

process.on('message', (word) => {
  if (word === 'leave') void bus.close({ timeout: 2_000 }).then(() => process.disconnect());
  if (word !== 'report') return;
  global.gc?.();
  const polluted = Object.keys(Object.prototype).length > 0 || 'polluted' in {};
  const report: Report = {
    heap: process.memoryUsage().heapUsed + process.memoryUsage().external,
    reached: service.reached,
    good: service.good,
    polluted,
  };
  service.reached = [];
  process.send?.(report);
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit());
process.send?.('ready');
