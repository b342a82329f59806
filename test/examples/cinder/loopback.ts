import { LynchpinError, type CallContext, type RpcClient, type Version } from 'lynchpin';
import { ObjectGraph, type Class, type Shape } from '#lynchpin/objects/index.js';
import { recordApi } from '#lynchpin/rpc/contract/record-api.js';
import type { ApiRecord, MethodRecord } from '#lynchpin/rpc/index.js';
import { compareVersions } from '#lynchpin/versions/index.js';

/** A contract with its graph, as a process of one release holds it. */
export class Release {
  readonly record: ApiRecord;
  readonly graph: ObjectGraph;

  constructor(api: Class<object>) {
    this.record = recordApi(api);
    const { name: of, line, carries } = this.record;
    this.graph = new ObjectGraph({ of, line, carries });
    for (const method of this.record.methods) {
      if (method.takes !== undefined) this.graph.add(method.takes, { direction: 'in', where: `${method.name} takes` });
      if (method.returns !== undefined) this.graph.add(method.returns, { direction: 'out', where: `${method.name} returns` });
    }
    this.graph.check();
  }

  /** A method's name on the wire at a version, if it has it. */
  nameAt(method: MethodRecord, version: Version): string | undefined {
    if (compareVersions(version, method.since) < 0) return undefined;
    if (method.until !== undefined && compareVersions(version, method.until) >= 0) return undefined;
    return method.was.find(({ until }) => compareVersions(version, until) < 0)?.name ?? method.name;
  }

  /** The method of that name on the wire at a version. */
  find(name: string, version: Version): MethodRecord | undefined {
    return this.record.methods.find((method) => this.nameAt(method, version) === name);
  }
}

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
  client: Release,
  server: Release,
  service: object,
  pin: Version,
  onCrossing: (crossing: Crossing) => void = () => {},
): RpcClient<Api> {
  const side = Object.fromEntries(client.record.methods.map((method) => [method.property, (request?: unknown) => cross(method, request)]));

  async function cross(method: MethodRecord, request: unknown): Promise<unknown> {
    const name = client.nameAt(method, pin);
    if (name === undefined)
      throw new LynchpinError(compareVersions(pin, method.since) < 0 ? 'PINNED' : 'UNKNOWN_METHOD', `${method.property} is not at ${pin}`);
    const served = server.find(name, pin);
    if (served === undefined) throw new LynchpinError('UNKNOWN_METHOD', `the service has no ${name} at ${pin}`);
    const sent = text(method.takes && client.graph.writer(method.takes, pin)(request ?? {}));
    const received = read(server, served.takes, sent, pin);
    const context = { version: pin, method: served.property } as CallContext;
    const handler = (service as Handlers)[served.property];
    const answer = await handler?.call(service, ...(served.takes === undefined ? [context] : [received, context]));
    const result = text(served.returns && server.graph.writer(served.returns, pin)(answer));
    onCrossing({ name, request: sent, result });
    return read(client, method.returns, result, pin);
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

function read(release: Release, shape: Shape | undefined, json: string, version: Version): unknown {
  return shape === undefined ? undefined : release.graph.reader(shape, version)(JSON.parse(json));
}
