import { LynchpinError, type CallContext, type RpcClient, type Version } from 'lynchpin';
import type { Contract, MethodRecord } from '#lynchpin/rpc/index.js';
import { compareVersions } from '#lynchpin/versions/index.js';

/** One message that went from a client to a service and back. */
export interface Crossing {
  readonly name: string;
  readonly request: string;
  readonly result: string;
}

type Handlers = Readonly<Record<string, ((...parameters: unknown[]) => unknown) | undefined>>;

/**
 * A client of one release that talks to a service of another at a pin, with nothing between them but JSON text: what
 * the broker carries, without the broker.
 */
export function loopback<Api>(
  client: Contract,
  server: Contract,
  service: object,
  pin: Version,
  onCrossing: (crossing: Crossing) => void = () => {},
): RpcClient<Api> {
  const side = Object.fromEntries(client.methods.map((method) => [method.property, (request?: unknown) => cross(method, request)]));

  async function cross(method: MethodRecord, request: unknown): Promise<unknown> {
    const name = client.wireName(method, pin);
    if (name === undefined)
      throw new LynchpinError(compareVersions(pin, method.since) < 0 ? 'PINNED' : 'UNKNOWN_METHOD', `${method.property} is not at ${pin}`);
    const served = server.find(pin, name);
    if (served === undefined) throw new LynchpinError('UNKNOWN_METHOD', `the service has no ${name} at ${pin}`);
    const sent = text(client.writeRequest(method, pin)(request ?? {}));
    const received = server.readRequest(served, pin)(parsed(sent));
    const context = { version: pin, method: served.property } as CallContext;
    const handler = (service as Handlers)[served.property];
    const answer = await handler?.call(service, ...(served.takes === undefined ? [context] : [received, context]));
    const result = text(server.writeResult(served, pin)(answer));
    onCrossing({ name, request: sent, result });
    return client.readResult(method, pin)(parsed(result));
  }

  const notThere = (): never => {
    throw new Error('a loopback has one server and one pin');
  };
  return {
    call: side,
    cast: side,
    fanout: side,
    at: notThere,
    canSend: (version: Version) => compareVersions(version, pin) <= 0,
    pin: { version: pin },
    watchPin: () => () => {},
    close: async () => {},
  } as unknown as RpcClient<Api>;
}

function text(json: unknown): string {
  return json === undefined ? '' : JSON.stringify(json);
}

function parsed(json: string): unknown {
  return json === '' ? undefined : JSON.parse(json);
}
