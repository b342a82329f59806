import { namesOf, openBroker } from '../../../broker/index.js';
import type { Class } from '../../../objects/index.js';
import { Client, Contract, Post, Topology, type Pin, type PinSource, type RpcClient } from '../../../rpc/index.js';
import type { Version } from '../../../versions/index.js';

/** What is needed to close a client with all that it stands on. */
export interface OpenClient {
  readonly client: RpcClient<object>;
  readonly close: () => Promise<void>;
}

const MAX_MESSAGE_BYTES = 8 * 2 ** 20;

/**
 * A client that sends at one version whatever the servers read: one that was released, and has not noticed yet that older
 * servers are back. No option of the library makes one, because a pin by hand is a cap and forces nothing up.
 */
export async function fixedClient(
  address: string,
  {
    api,
    namespace,
    version,
    timeout,
  }: { readonly api: Class<object>; readonly namespace: string; readonly version: Version; readonly timeout: number },
): Promise<OpenClient> {
  const contract = Contract.of(api);
  const names = namesOf(contract.topic, namespace);
  const broker = await openBroker(address, {});
  const post = new Post(broker, 'skew', MAX_MESSAGE_BYTES);
  const client = new Client<object>(
    { contract, names, post, topology: new Topology(broker, names), pins: fixedPin(version) },
    { timeout, whenAbsent: 'fail' },
  );
  return {
    client,
    close: async () => {
      await client.close({ timeout: 100 });
      await post.switchboard.close();
      await broker.close({ timeout: 1_000 });
    },
  };
}

function fixedPin(version: Version): PinSource {
  const why = `${version} is sent whatever the servers read.`;
  const current: Pin = Object.freeze({
    version,
    state: 'released',
    by: [],
    since: new Date().toISOString(),
    why,
    readers: undefined,
    holds: [],
  });
  return {
    current,
    watch: () => () => {},
    watchLeaving: () => () => {},
    check: () => Promise.resolve(current),
    readersOf: () => undefined,
    close: () => Promise.resolve(),
  };
}
