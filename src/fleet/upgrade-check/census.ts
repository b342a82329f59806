import type { Version } from '../../versions/index.js';
import type { Finding } from '../doctor/index.js';
import { consumersOf, type FleetFacts, type TopicFacts } from '../views/index.js';
import type { Build, BuildRole } from './build.js';
import { finding, fineIn, named, rangeOf } from './words.js';

/** A live process of the topic, as it answered the roll call. */
interface Peer {
  readonly name: string;
  readonly versions: readonly Version[];
}

/** Whether this build has versions in common with the servers and clients that live. */
export function censusFindings(build: Build, role: BuildRole, topic: TopicFacts, facts: FleetFacts): readonly Finding[] {
  const servers = serversOf(topic.topic, facts);
  const roll = consumersOf(topic.roll);
  if (typeof roll !== 'number' && roll.unknown !== 'missing') {
    const remedy = 'make the roll countable, and try again';
    return [
      finding('upgrade/servers', 'not checked', build, {
        seen: `the live servers cannot be counted: ${roll.unknown}`,
        remedy,
        command: 'npx lynchpin doctor',
      }),
    ];
  }
  const live = typeof roll === 'number' ? roll : 0;
  const found: Finding[] = [];
  if (live === 0) found.push(nobody(build, role));
  else found.push(...common(build, role, topic, { live, servers }));
  if (!facts.called.done) {
    const remedy = 'give the account the right to call the roll, and try again';
    found.push(finding('upgrade/roll-call', 'not checked', build, { seen: facts.called.why, remedy, command: 'npx lynchpin doctor' }));
  } else if (servers.length < live) {
    found.push(
      finding('upgrade/silent', 'warning', build, {
        seen: `the broker counts ${live} servers, and ${servers.length} answer the roll call`,
        causes: 'who is silent is frozen, cut off or of a release without a roll call; what it reads is counted, and its name is not known',
        remedy: 'look who it is',
        command: `npx lynchpin why ${build.topic}`,
      }),
    );
  }
  if (role !== 'client') found.push(...clients(build, topic.topic, facts));
  return found;
}

function serversOf(topic: string, { reports }: FleetFacts): readonly Peer[] {
  return reports.flatMap(({ servers }) =>
    servers
      .filter((one) => one.topic === topic && (one.state === 'serving' || one.state === 'joining'))
      .map(({ server, versions }) => ({ name: server, versions })),
  );
}

function nobody(build: Build, role: BuildRole): Finding {
  if (role !== 'client') return fineIn('upgrade/servers', build, 'no server lives: this one would be the first');
  return finding('upgrade/servers', 'warning', build, {
    seen: 'no server lives',
    causes: 'calls wait until their deadlines, casts on their lanes',
    remedy: 'start a server first',
  });
}

interface Live {
  /** How many the broker counts. */
  readonly live: number;
  /** Those that have answered. */
  readonly servers: readonly Peer[];
}

function common(build: Build, role: BuildRole, topic: TopicFacts, { live, servers }: Live): readonly Finding[] {
  const readers = (version: Version): number => {
    const count = consumersOf(topic.readers.get(version));
    return typeof count === 'number' ? count : 0;
  };
  const head = build.versions.at(-1);
  const shared = build.versions.filter((version) => readers(version) >= live).at(-1);
  const window = rangeOf(build.versions);
  if (shared === head) return [fineIn('upgrade/servers', build, `${everyone(live)} ${live === 1 ? 'reads' : 'read'} ${head}`)];
  if (shared !== undefined) {
    const holders = servers.filter(({ versions }) => head === undefined || !versions.includes(head));
    const by = holders.length === 0 ? '' : ` by ${named(holders.map(({ name }) => name))}`;
    return [fineIn('upgrade/servers', build, `${shared} is common to ${everyone(live)}: pins are held there${by}`)];
  }
  const uncounted = build.versions.find((version) => {
    const count = consumersOf(topic.readers.get(version));
    return typeof count !== 'number' && count.unknown !== 'missing';
  });
  if (uncounted !== undefined) {
    const seen = `who reads ${uncounted} cannot be counted, and no other version is common to ${everyone(live)}`;
    return [
      finding('upgrade/servers', 'not checked', build, {
        seen,
        remedy: 'make it countable, and try again',
        command: 'npx lynchpin doctor',
      }),
    ];
  }
  const strangers = servers.filter(({ versions }) => !versions.some((version) => build.versions.includes(version)));
  const who = strangers.length === 0 ? 'some' : named(strangers.map(({ name, versions }) => `${name} (${rangeOf(versions)})`));
  const any = build.versions.some((version) => readers(version) > 0);
  if (any) {
    return [
      finding('upgrade/split', role === 'client' ? 'warning' : 'error', build, {
        seen: `it reads ${window}, and no version of that is common to ${everyone(live)}: ${who}`,
        causes:
          'clients of this build are split: they go to the servers that they have a version in common with, and the others get nothing from them',
        remedy: 'upgrade those servers first, to a release that reads a version of both',
      }),
    ];
  }
  return [
    finding('upgrade/servers', 'error', build, {
      seen: `it reads ${window}, and no live server reads any of it: ${who}`,
      causes:
        role === 'client'
          ? 'bus.client fails with TOO_OLD or TOO_NEW'
          : 'there is no version that old and new servers read: clients of one release cannot be served by the other, and bus.client fails with TOO_OLD or TOO_NEW',
      remedy: 'go by a release between the two, which reads a version of both',
    }),
  ];
}

function everyone(live: number): string {
  return live === 1 ? 'the one live server' : `all ${live} live servers`;
}

/** Clients that nobody of this build could serve: they work for as long as the old servers are there. */
function clients(build: Build, topic: string, { reports }: FleetFacts): readonly Finding[] {
  const all = reports.flatMap(({ name, clients: own }) =>
    own.filter((one) => one.topic === topic).map(({ versions }): Peer => ({ name, versions })),
  );
  const apart = all.filter(({ versions }) => !versions.some((version) => build.versions.includes(version)));
  if (apart.length === 0) return [fineIn('upgrade/clients', build, `all ${all.length} clients that answer speak a version of it`)];
  return [
    finding('upgrade/clients', 'warning', build, {
      seen: `${apart.length} of ${all.length} clients speak no version of it: ${named(apart.map(({ name, versions }) => `${name} (${rangeOf(versions)})`))}`,
      causes: 'they are served by the present servers alone: once those have left, their calls fail',
      remedy: 'upgrade those clients before the last old server leaves',
    }),
  ];
}
