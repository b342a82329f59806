import { LynchpinError } from '../../errors/index.js';
import type { Version } from '../../versions/index.js';
import type { Contract, MethodRecord, Write } from '../contract/index.js';
import type { Pin } from '../pin-source.js';
import { formatRequestType } from '../wire/index.js';

/** How one method is sent while the pin stays where it is. Made once per method and version. */
export interface Route {
  readonly version: Version;
  /** The `type` property of its messages. */
  readonly type: string;
  readonly write: Write;
}

/**
 * Finds how a method is sent at a pin.
 * @throws LynchpinError `PINNED` for a method that the pinned version does not have yet and that is not `early`;
 *   `UNKNOWN_METHOD` for one that it no longer has.
 */
export function routeOf(contract: Contract, method: MethodRecord, pin: Pin): Route {
  if (contract.wireName(method, pin.version) !== undefined) return routeAt(contract, method, pin.version);
  const api = `${contract.record.name}.${method.property}`;
  if (contract.line.indexOf(pin.version) >= contract.line.indexOf(method.since)) {
    throw new LynchpinError('UNKNOWN_METHOD', `${api} is gone since ${method.until}, and ${pin.version} is sent now`, {
      method: method.property,
      until: method.until,
      pin: pin.version,
    });
  }
  if (method.early) return routeAt(contract, method, method.since);
  throw new LynchpinError(
    'PINNED',
    `${api} exists since ${method.since}, but ${pin.version} is what may be sent now: ${pin.why} Where sending it early is no danger to older processes, say early: true in its declaration.`,
    {
      method: method.property,
      since: method.since,
      pin: pin.version,
      state: pin.state,
      by: pin.by.map(({ server }) => server),
    },
  );
}

/** How a method is sent at a version that has it. */
export function routeAt(contract: Contract, method: MethodRecord, version: Version): Route {
  const name = contract.wireName(method, version);
  if (name === undefined) {
    throw new LynchpinError('PINNED', `${contract.record.name}.${method.property} does not exist at ${version}`, {
      method: method.property,
      since: method.since,
      until: method.until,
      pin: version,
    });
  }
  return Object.freeze({ version, type: formatRequestType(name, version, contract.head), write: contract.writeRequest(method, version) });
}

/** The newest version that both sides read; undefined when there is none. */
export function common(
  contract: Contract,
  floor: Version,
  version: Version,
  compare: (a: Version, b: Version) => number,
): Version | undefined {
  return [...contract.line.versions].reverse().find((mine) => compare(mine, floor) >= 0 && compare(mine, version) <= 0);
}
