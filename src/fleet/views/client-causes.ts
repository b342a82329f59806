import { compareVersions } from '../../versions/index.js';
import { listed, rangeOf, several, type Cause } from './cause.js';
import type { Participant } from './participants.js';
import { floorOfWindow, headOf, isBelow, type Scene } from './scene.js';

/** What clients have to do with it: settings of their own, quiet times, windows that nobody else has anything in common with. */
export function clientCauses(scene: Scene): readonly Cause[] {
  const here = scene.clients.filter(({ attendance }) => attendance === 'here');
  return [...misfits(scene), ...blind(scene, here), ...capped(scene, here), ...settling(here), ...older(scene, here)];
}

/** Processes that can work with nobody, or are below what is final. */
function misfits({ clients, servers, live, state, topic }: Scene): readonly Cause[] {
  const final = state?.floors.at(-1);
  const refused = servers.filter((server) => server.state === 'refused');
  const causes: Cause[] = [];
  for (const one of [...refused, ...clients.filter(({ attendance }) => attendance === 'here')]) {
    const speaks = `${one.name} (a ${one.role}) ${one.role === 'server' ? 'reads' : 'speaks'} ${rangeOf(one.versions)}`;
    if (final !== undefined && isBelow(one, final.version)) {
      causes.push({
        kind: 'too-old',
        wrong: true,
        who: [one.name],
        since: final.at,
        version: final.version,
        text: `${speaks} only, and ${final.version} is final, by ${final.author}${final.reason === '' ? '' : ` (${final.reason})`}: it is refused.`,
        release: `It needs a build that reads ${final.version}. If what was finalized can still be undone, it can be taken back.`,
        command: `lynchpin unfinalize ${topic} --reason <text>`,
      });
    } else if (one.role === 'client' && live.length > 0) {
      const above = live.every((server) => compareVersions(floorOfWindow(server), headOf(one)) > 0);
      const below = live.every((server) => compareVersions(headOf(server), floorOfWindow(one)) < 0);
      if (!above && !below) continue;
      causes.push({
        kind: above ? 'too-old' : 'too-new',
        wrong: true,
        who: [one.name],
        text: `${speaks}, and every live server reads ${above ? 'newer' : 'older'} versions only.`,
        release: above ? 'It has to be upgraded.' : 'The servers have to be upgraded, or an older build of it has to run.',
      });
    }
  }
  return causes;
}

/** Clients that have not got a census. With no server there is none to be had. */
function blind({ roll }: Scene, here: readonly Participant[]): readonly Cause[] {
  const clients = here.filter(({ pin }) => pin?.state === 'unknown');
  const [first] = clients;
  if (first === undefined || roll === 0) return [];
  return [
    {
      kind: 'uncounted',
      // One that starts is like this for a moment, and sends what everybody reads.
      wrong: false,
      who: clients.map(({ name }) => name),
      since: first.pin?.since,
      text: `${several(clients.length, 'client')} (${listed(clients.map(({ name }) => name))}) could not count servers yet and ${clients.length === 1 ? 'sends' : 'send'} at the floor. ${first.name} says: ${first.pin?.why ?? ''}`,
      release: 'The first count that succeeds moves the pin. An account may need more rights.',
      command: 'lynchpin doctor --role client',
    },
  ];
}

/** Clients that are told to. Where a hold stands, that is why; it is told by itself. */
function capped({ state }: Scene, here: readonly Participant[]): readonly Cause[] {
  const holds = state?.holds ?? [];
  const clients = here.filter(({ pin, versions }) => pin?.state === 'capped' && pin.version !== versions.at(-1));
  const own = clients.filter(
    ({ pin }) => !holds.some(({ until }) => until === undefined || compareVersions(until, pin?.version ?? until) <= 0),
  );
  return own.map(({ name, pin }) => ({
    kind: 'capped' as const,
    wrong: false,
    who: [name],
    since: pin?.since,
    version: pin?.version,
    text: `${name} is told by its own settings to send ${pin?.version} at most.`,
    release: 'It rises when that setting is taken away.',
  }));
}

function settling(here: readonly Participant[]): readonly Cause[] {
  const clients = here.filter(({ pin }) => pin?.state === 'settling');
  if (clients.length === 0) return [];
  const since = clients.map(({ pin }) => pin?.since ?? '').sort()[0];
  return [
    {
      kind: 'settling',
      wrong: false,
      who: clients.map(({ name }) => name),
      since,
      count: clients.length,
      text: `The quiet time of ${several(clients.length, 'client')} (${listed(clients.map(({ name }) => name))}) is running: every server reads more than ${clients.length === 1 ? 'it sends' : 'they send'}.`,
      release: 'The pin rises when that has lasted for the whole of it, without a break. Nothing has to be done.',
    },
  ];
}

/** Clients that send less than they could, where nothing else is seen that keeps them from it. */
export function lagging({ clients }: Scene): readonly Cause[] {
  return clients
    .filter(({ attendance, pin, versions }) => attendance === 'here' && pin !== undefined && pin.version !== versions.at(-1))
    .map(({ name, pin }) => ({
      kind: 'lagging' as const,
      wrong: false,
      who: [name],
      since: pin?.since,
      version: pin?.version,
      text: `${name} still sends ${pin?.version}, and nothing is seen that keeps it there. It says: ${pin?.why ?? ''}`,
      release: 'It may not have looked since: look again in a moment. If that stays so, it does not see the census or the ledger.',
    }));
}

/** Clients that know nothing newer themselves. */
function older({ target }: Scene, here: readonly Participant[]): readonly Cause[] {
  if (target === undefined) return [];
  return here
    .filter((client) => isBelow(client, target))
    .map((client) => ({
      kind: 'client' as const,
      wrong: false,
      who: [client.name],
      since: client.started,
      version: headOf(client),
      text: `${client.name} speaks ${rangeOf(client.versions)} only; it keeps no other client from ${target}.`,
      release: 'It sends newer versions once it is upgraded.',
    }));
}
