import { LynchpinError } from '../errors/index.js';
import { compareVersions, type Version } from '../versions/index.js';
import type { Contract, MethodRecord } from './contract/index.js';
import { decodeJson, encodeJson, formatRequestType, parseRequestType } from './wire/index.js';

type Taken = NonNullable<MethodRecord['takes']>;

/** A request as it stands on a queue. */
export interface WrittenRequest {
  readonly type: string | undefined;
  readonly body: Buffer;
}

/**
 * Writes a request anew at another version, without making instances of it: what rescue and a message handed back need.
 * @throws LynchpinError `PROTOCOL` when it is no request, `UNKNOWN_METHOD` when either version lacks the method,
 *   `INVALID` or `CONVERSION` when its data does not fit, `PINNED` when it has what the version cannot express and may not be
 *   dropped: its sender would have been refused it.
 */
export function convertRequest(
  contract: Contract,
  request: WrittenRequest,
  to: Version,
  limit: number,
): { readonly type: string; readonly body: Buffer; readonly version: Version } {
  const read = parseRequestType(request.type);
  if (read === undefined)
    throw new LynchpinError('PROTOCOL', `a message has the type ${JSON.stringify(request.type)}, which is no request`);
  if (!contract.line.has(read.version)) {
    throw new LynchpinError(
      'PROTOCOL',
      `a message is written in ${read.version}; this build of ${contract.record.name} knows ${contract.line.toString()}`,
      { version: read.version },
    );
  }
  const method = contract.find(read.version, read.method);
  const name = method === undefined ? undefined : contract.wireName(method, to);
  if (method === undefined || name === undefined) {
    throw new LynchpinError(
      'UNKNOWN_METHOD',
      `${contract.record.name} has no ${read.method} at ${method === undefined ? read.version : to}`,
      { method: read.method, version: read.version, to },
    );
  }
  const json = decodeJson(request.body, limit);
  const converted = method.takes === undefined ? undefined : contract.graph.converter(method.takes, read.version, to)(json);
  if (method.takes !== undefined && compareVersions(to, read.version) < 0) checkMove(contract, method.takes, json, read.version, to);
  return { type: formatRequestType(name, to, read.accept), body: encodeJson(converted), version: to };
}

/**
 * Refuses a request, on its way down, that its sender would have been refused at the version that it goes to.
 * @throws LynchpinError `PINNED`.
 */
export function checkMove(contract: Contract, takes: Taken, json: unknown, from: Version, to: Version): void {
  const value = contract.graph.reader(takes, from)(json);
  try {
    contract.graph.writer(takes, to, 'in')(value);
  } catch (error) {
    // What an upgrade made of older data was not written by anybody.
    const since = LynchpinError.is(error, 'PINNED') ? error.details['since'] : undefined;
    if (typeof since === 'string' && compareVersions(since as Version, from) <= 0) throw error;
  }
}
