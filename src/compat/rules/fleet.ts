import { compareVersions, type Version } from '../../versions/index.js';
import type { LiveApi, Surface } from '../facts/surface.js';
import type { Finding, Subject } from './finding.js';
import type { FleetReport, RunningService } from './fleet-report.js';
import { found } from './found.js';

/** What a build is deployed as. */
export type DeployRole = 'server' | 'client' | 'both';

/**
 * Whether a build can be deployed beside what runs now. A client settles on the newest version that all servers read, so a
 * newer client is no danger while the windows overlap: that its pin will hold is told as `info`. What cannot work at all, on
 * either side, is an error; what works only until the last old server leaves is a warning. A topic of which the report says
 * nothing is `fleet/unknown`: neither safe nor broken.
 *
 * | the build is | beside | and | finding |
 * |---|---|---|---|
 * | a client | all servers | none reads any version of it | error, `client-newer-than-server` or `below-min-supported` |
 * | a client | some servers | they read none of its versions | warning, the same: calls go to the others |
 * | a client | all servers | they read some, not its newest | info, `client-newer-than-server`: the pin holds |
 * | a server | a client | the client begins above it | error, `client-newer-than-server` |
 * | a server | a client or server | one is below the other's floor | error, `below-min-supported` |
 *
 * @param role Default: `both`, because a package of contracts does not say who uses it.
 */
export function canDeploy(surface: Surface, report: FleetReport, role: DeployRole = 'both'): Finding[] {
  return surface.apis.flatMap((api) => {
    const peers = report.filter(({ topic }) => topic === api.name);
    const servers = peers.filter(({ client }) => client === undefined);
    const asked = role === 'server' ? peers : servers;
    if (asked.length === 0) return [unknown(api, role)];
    return [
      ...(role === 'server' ? [] : asClient(api, servers)),
      ...(role === 'client' ? [] : peers.flatMap((peer) => asServer(api, peer))),
    ];
  });
}

function unknown(api: LiveApi, role: DeployRole): Finding {
  return found({
    rule: 'fleet/unknown',
    subject: subjectOf(api),
    message: `The report names no ${role === 'server' ? 'service' : 'server'} of ${api.name}, so nothing can be said about ${api.name} ${headOf(api)}.`,
    breaks: 'perhaps nobody, perhaps everybody',
    fix: `Add what runs of ${api.name} to the report. If this is its first deployment, nobody can break: set "fleet/unknown@${api.name}": "off".`,
  });
}

function asClient(api: LiveApi, servers: FleetReport): Finding[] {
  const head = headOf(api);
  const common = api.versions.filter((version) => servers.every((server) => reads(server, version))).at(-1);
  if (common === head) return [];
  if (common !== undefined) {
    const holders = servers.filter((server) => !reads(server, head));
    return [
      found({
        rule: 'fleet/client-newer-than-server',
        severity: 'info',
        subject: subjectOf(api),
        message: `A client of ${api.name} ${head} will be held at ${common} by ${named(holders)}.`,
        breaks: `nobody; what came after ${common} is PINNED until they leave`,
        fix: `Nothing, or deploy the servers of ${api.name} first.`,
        diff: holders.map((one) => `~ ${nameOf(one)}: ${windowOf(one)}`),
      }),
    ];
  }
  const apart = servers.filter((server) => !api.versions.some((version) => reads(server, version)));
  const all = apart.length === servers.length;
  return apart.map((server) => {
    const older = compareVersions(server.version, floorOf(api)) < 0;
    return found({
      rule: older ? 'fleet/client-newer-than-server' : 'fleet/below-min-supported',
      severity: all ? 'error' : 'warn',
      subject: subjectOf(api, server),
      message: `A client of ${api.name} ${lineOf(api)} has no version in common with ${nameOf(server)}, which reads ${windowOf(server)}.`,
      breaks: all
        ? `every call of the client: nobody reads what it sends`
        : `no call while others serve ${api.name}; ${nameOf(server)} gets none`,
      fix: older ? upgradeFirst(api, server) : `Deploy a build whose version is ${server.floor} or newer.`,
      diff: [`~ ${nameOf(server)}: ${windowOf(server)}`],
    });
  });
}

function asServer(api: LiveApi, peer: RunningService): Finding[] {
  if (api.versions.some((version) => reads(peer, version))) return [];
  const older = compareVersions(peer.version, floorOf(api)) < 0;
  const newerClient = !older && peer.client !== undefined;
  return [
    found({
      rule: newerClient ? 'fleet/client-newer-than-server' : 'fleet/below-min-supported',
      subject: subjectOf(api, peer),
      message: `A server of ${api.name} ${lineOf(api)} has no version in common with ${nameOf(peer)}, which reads ${windowOf(peer)}.`,
      breaks:
        peer.client === undefined
          ? `clients while both serve ${api.name}: there is no version that all servers read`
          : `every call of ${nameOf(peer)} that is left to servers of this build`,
      fix: older ? upgradeFirst(api, peer) : `Deploy a build whose version is ${peer.floor} or newer.`,
      diff: [`~ ${nameOf(peer)}: ${windowOf(peer)}`],
    }),
  ];
}

function upgradeFirst(api: LiveApi, peer: RunningService): string {
  return `Upgrade ${nameOf(peer)} first to a release between the two, or deploy a build with floor: '${peer.version}' or lower on ${api.className}.`;
}

function reads({ floor, version }: RunningService, asked: Version): boolean {
  return compareVersions(floor, asked) <= 0 && compareVersions(asked, version) <= 0;
}

function subjectOf(api: LiveApi, peer?: RunningService): Subject {
  return { kind: 'fleet', name: api.name, ...(peer === undefined ? { version: headOf(api) } : { path: nameOf(peer) }) };
}

function headOf({ versions }: LiveApi): Version {
  return versions[versions.length - 1] as Version;
}

function floorOf({ versions }: LiveApi): Version {
  return versions[0] as Version;
}

function lineOf(api: LiveApi): string {
  return api.versions.length === 1 ? headOf(api) : `${floorOf(api)} to ${headOf(api)}`;
}

function windowOf({ floor, version }: RunningService): string {
  return floor === version ? version : `${floor} to ${version}`;
}

function nameOf({ server, client, topic }: RunningService): string {
  return client ?? server ?? `a server of ${topic}`;
}

function named(services: FleetReport): string {
  const [first, ...others] = services;
  if (first === undefined) return 'nobody';
  const more = others.length === 0 ? '' : ` and ${others.length === 1 ? 'one other' : `${others.length} others`}`;
  return `${nameOf(first)} (${windowOf(first)})${more}`;
}
