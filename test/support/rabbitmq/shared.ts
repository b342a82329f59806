import { randomBytes } from 'node:crypto';
import { type RabbitNode, startRabbit } from './node.js';

/** The broker that a whole run of tests shares. */
export interface SharedRabbit {
  readonly url: string;
  /** A namespace that nobody else uses: the broker may be shared with others. */
  namespace(): string;
}

/** Where child processes of tests find the shared broker. */
const SHARED_URL = 'LYNCHPIN_TEST_AMQP';

let starting: Promise<string> | undefined;
let owned: RabbitNode | undefined;

/**
 * The broker that all test files share: `AMQP_URL` when set, else a private node, started when it is first asked for.
 * Tests that break a broker start their own (`startRabbit`).
 * @param context of the mocha hook that asks: it gets time enough to install and start one.
 */
export async function sharedRabbit(context?: { timeout(milliseconds: number): unknown }): Promise<SharedRabbit> {
  context?.timeout(300_000);
  starting ??= begin();
  const url = await starting;
  return { url, namespace: () => `t${randomBytes(6).toString('hex')}` };
}

async function begin(): Promise<string> {
  const given = process.env['AMQP_URL'] ?? process.env[SHARED_URL];
  if (given !== undefined && given !== '') return (process.env[SHARED_URL] = given);
  owned = await startRabbit({ prefix: 'lynchpin-shared' });
  return (process.env[SHARED_URL] = owned.url);
}

/** The shared node itself, for `rabbitmqctl`; undefined where the broker is somebody else's. */
export async function sharedNode(): Promise<RabbitNode | undefined> {
  await (starting ??= begin());
  return owned;
}

/** Stops the shared node, if this process started one. */
export async function stopSharedRabbit(): Promise<void> {
  await starting?.catch(() => {});
  await owned?.stop();
  owned = undefined;
  starting = undefined;
}
