import { connect, drainOnSignal, serveHealth, type CallContext } from 'lynchpin';
import { VolumeApi, type Work } from '../rpc/fixtures/old.js';
import { OldService } from '../rpc/fixtures/services.js';

/** What the process is told as its only argument. */
export interface Orders {
  readonly url: string;
  readonly namespace: string;
  readonly name: string;
  readonly concurrency: number;
  readonly drainTimeout: number;
  readonly grace: number;
}

/** What it tells: where its probe is, and what it began to do. */
export type Told = { readonly port: number } | { readonly began: string };

// A program: one instance of a service as it would be deployed. It is ended by signals.
const { url, namespace, name, concurrency, drainTimeout, grace } = JSON.parse(process.argv[2] ?? '') as Orders;
const tell = (told: Told): void => void process.send?.(told);

class Service extends OldService {
  override work(request: Work, context: CallContext): Promise<string> {
    tell({ began: request.text });
    return super.work(request, context);
  }
}

const bus = await connect(url, { name, namespace });
drainOnSignal(bus, { grace });
const { port } = await serveHealth(bus, { port: 0, host: '127.0.0.1' });
tell({ port });
await bus.serve(VolumeApi, new Service(name), { server: name, concurrency, drainTimeout });
// The channel to the test must not keep the process alive either.
process.channel?.unref();
