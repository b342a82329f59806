import { connect, drainOnSignal, type Bus } from 'lynchpin';

/** What one process of the shop is told by its environment. */
export interface Settings {
  /** Its name, the same after every restart. */
  readonly name: string;
  /** Where it listens. */
  readonly port: number;
}

/** Connects, does the process's work, and leaves well when it is told to stop. */
export async function inService(work: (bus: Bus, settings: Settings) => Promise<void>): Promise<void> {
  const { AMQP_URL: url = 'amqp://localhost', NAMESPACE: namespace = 'shop', NAME: name = 'shop-1', PORT: port = '8080' } = process.env;
  // As long as the balancer takes to notice; none where it is told before the process is.
  const { GRACE: grace = '5000' } = process.env;
  const bus = await connect(url, { name, namespace });
  drainOnSignal(bus, { grace: Number(grace) });
  await work(bus, { name, port: Number(port) });
}
