import { LynchpinError } from '../../errors/index.js';
import { compareVersions, parseVersion, type Version } from '../../versions/index.js';

/** A server or a client that runs now, and the versions that it reads. */
export interface RunningService {
  /** The API's. */
  readonly topic: string;
  /** The oldest version that it reads. */
  readonly floor: Version;
  /** The newest. */
  readonly version: Version;
  /** The name under which it serves; for messages. */
  readonly server?: string;
  /** The name of a client: it calls the topic and does not serve it. Without it, this is a server. */
  readonly client?: string;
}

/** All that is known to run. */
export type FleetReport = readonly RunningService[];

/**
 * Checks a report as it comes out of a JSON file: a list of `{ topic, floor, version, server?, client? }`.
 * @param where for messages: the file's name.
 * @throws LynchpinError `DECLARATION` for what is no such list: half a report would pass for a small fleet.
 */
export function parseFleet(json: unknown, where: string): FleetReport {
  if (!Array.isArray(json)) throw new LynchpinError('DECLARATION', `${where} must be a list of running services`, { where });
  return json.map((one, at) => serviceAt(one, `service ${at} of ${where}`));
}

function serviceAt(json: unknown, where: string): RunningService {
  if (typeof json !== 'object' || json === null) throw new LynchpinError('DECLARATION', `${where} must be an object`, { where });
  const { topic, server, client, floor, version } = json as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries({ topic, server, client })) {
    if (typeof value === 'string' ? value !== '' : value === undefined && key !== 'topic') continue;
    throw new LynchpinError('DECLARATION', `${key} of ${where} must be a name; got ${JSON.stringify(value)}`, { where, key });
  }
  if (server !== undefined && client !== undefined) {
    throw new LynchpinError('DECLARATION', `${where} is both a server and a client: list it twice, once as each`, { where });
  }
  const window = { floor: parseVersion(floor, `the floor of ${where}`), version: parseVersion(version, `the version of ${where}`) };
  if (compareVersions(window.floor, window.version) > 0) {
    throw new LynchpinError('DECLARATION', `the floor of ${where} is ${window.floor}, above its version ${window.version}`, { where });
  }
  return {
    topic: topic as string,
    ...window,
    ...(server === undefined ? {} : { server: server as string }),
    ...(client === undefined ? {} : { client: client as string }),
  };
}
