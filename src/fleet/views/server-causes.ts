import type { Version } from '../../versions/index.js';
import { listed, rangeOf, several, type Cause } from './cause.js';
import type { Participant } from './participants.js';
import { countOf, isBelow, type Scene } from './scene.js';

/** What servers have to do with it: those that read less than clients speak, and those that do not answer. */
export function serverCauses(scene: Scene): readonly Cause[] {
  const { servers, target } = scene;
  if (target === undefined) return [];
  const old = servers.filter(({ attendance, state }) => attendance === 'here' && state === 'serving').filter((one) => isBelow(one, target));
  return [
    ...servers.flatMap((server) => silent(scene, server, target)),
    ...alike(old).map((group) => older(scene, group, target)),
    ...servers.filter(({ attendance, replaced }) => attendance === 'down' && replaced !== true).flatMap((one) => down(scene, one, target)),
    ...unnamed(scene, target),
  ];
}

/** Servers of the same window and build, which are one thing to do. */
function alike(servers: readonly Participant[]): readonly (readonly Participant[])[] {
  const groups = new Map<string, Participant[]>();
  for (const server of servers) {
    const key = `${rangeOf(server.versions)} ${server.build ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), server]);
  }
  return [...groups.values()];
}

function older({ topic, roll }: Scene, group: readonly Participant[], target: Version): Cause {
  const names = group.map(({ name }) => name);
  const [first] = group as [Participant, ...Participant[]];
  const one = group.length === 1;
  const build = first.build === undefined ? '' : ` (build ${first.build})`;
  const since = group.map(({ started }) => started ?? '').sort()[0];
  const all = roll !== undefined && roll > group.length ? ` of ${roll}` : '';
  return {
    kind: 'server',
    wrong: false,
    who: names,
    since: since === '' ? undefined : since,
    count: group.length,
    text: `${listed(names)}${build} ${one ? 'reads' : 'read'} ${rangeOf(first.versions)} only, and clients speak ${target}${one ? '' : `: ${group.length}${all} servers`}.`,
    release: `Pins rise once ${one ? 'it is' : 'all of them are'} replaced by a build that reads ${target}, or taken out of service.`,
    command: `lynchpin drain ${first.name} --topic ${topic}`,
  };
}

/** Connected, or perhaps so, and without an answer. One that reads what clients speak keeps no pin, but it is not well either. */
function silent({ called }: Scene, server: Participant, target: Version): readonly Cause[] {
  if (!called.done || (server.attendance !== 'silent' && server.attendance !== 'unknown')) return [];
  const connected = server.attendance === 'silent';
  const below = isBelow(server, target);
  const keeps = below
    ? `reads ${rangeOf(server.versions)} only and keeps pins below ${target}`
    : `reads ${rangeOf(server.versions)} and keeps no pin`;
  return [
    {
      kind: 'silent',
      wrong: true,
      who: [server.name],
      text: connected
        ? `${server.name} ${keeps}; the broker has its connection, and it does not answer: it is frozen (stopped, paused, out of memory), or cut off from the broker.`
        : `${server.name} ${keeps}; it does not answer, and the broker does not say whether it is connected.`,
      release:
        'If it goes on or is ended, that is noticed at once. Until then the broker gives it up after some three heartbeats; unknown means hold.',
    },
  ];
}

/** It has joined and not left, and is not connected. While it is away it keeps no pin; what it reads counts again when it is back. */
function down({ topic }: Scene, server: Participant, target: Version): readonly Cause[] {
  if (!isBelow(server, target)) return [];
  return [
    {
      kind: 'down',
      wrong: false,
      who: [server.name],
      text: `${server.name} reads ${rangeOf(server.versions)} only, has not left, and is not connected: it was killed, or is between two connections.`,
      release: `When it is back, pins stay below ${target} (or fall again) until it is replaced. If it is gone for good, it has to be forgotten before anything can be finalized.`,
      command: `lynchpin forget ${server.instance} --topic ${topic}`,
    },
  ];
}

/** More servers than the ones known by name do not read it: without a ledger, a server that does not answer has no name. */
function unnamed({ live, facts, roll }: Scene, target: Version): readonly Cause[] {
  const reading = countOf(facts.readers.get(target));
  if (roll === undefined || reading === undefined) return [];
  const known = live.filter(({ versions }) => !versions.includes(target)).length;
  const count = roll - reading - known;
  if (count <= 0) return [];
  return [
    {
      kind: 'unnamed',
      wrong: false,
      who: [],
      count,
      text: `The broker counts ${several(count, 'server')} more that ${count === 1 ? 'does' : 'do'} not read ${target}, and nobody says who ${count === 1 ? 'it is' : 'they are'}.`,
      release:
        'If that stays so, somebody does not answer the roll call and stands in no ledger: see who consumes the queue of the roll (rabbitmqctl list_consumers).',
    },
  ];
}
