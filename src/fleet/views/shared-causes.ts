import type { UnknownReason } from '../../broker/index.js';
import { holds, type Member } from '../../pin/index.js';
import { compareVersions, type Version } from '../../versions/index.js';
import { listed, rangeOf, several, type Cause } from './cause.js';
import type { Participant } from './participants.js';
import { countOf, isBelow, type Scene } from './scene.js';

const WHY: Readonly<Record<UnknownReason, string>> = {
  missing: 'the queues that servers are counted by do not exist',
  down: 'the broker node that holds them is down',
  taken: 'a queue that servers are counted by belongs to one connection alone',
  forbidden: 'the account may not count servers',
  timeout: 'the broker did not answer in time',
  disconnected: 'the broker is out of reach',
};

/** Whether the broker itself is out of reach: then nothing else is known. */
export function unreachable({ facts, called }: Scene): Cause | undefined {
  if (called.done || facts.roll.known || facts.roll.reason !== 'disconnected') return undefined;
  return {
    kind: 'unreachable',
    wrong: true,
    who: [],
    text: `The broker is out of reach, and nothing is known: ${called.why}.`,
    release: 'Pins stay where they are until it is back; every process connects again by itself.',
  };
}

/** What the broker cannot count. What is not known is no zero: pins stay where they are. */
export function countCauses({ facts, called, topic }: Scene): readonly Cause[] {
  const causes: Cause[] = [];
  if (!called.done) {
    causes.push({
      kind: 'uncounted',
      wrong: true,
      who: [],
      text: `The roll could not be called, so nobody is known but by the ledger: ${called.why}.`,
      release: 'The account may need more rights.',
      command: `lynchpin doctor --role operator ${topic}`,
    });
  }
  const counts = [facts.roll, ...facts.readers.values()];
  const lost = counts.flatMap((count) => (count.known || count.reason === 'missing' ? [] : [count.reason]))[0];
  if (lost === undefined) return causes;
  const versions = facts.versions.filter((version) => countOf(facts.readers.get(version)) === undefined);
  causes.push({
    kind: 'uncounted',
    wrong: true,
    who: [],
    text: `Servers cannot be counted${facts.roll.known && versions.length > 0 ? ` at ${listed(versions)}` : ''}: ${WHY[lost]}. Pins stay where they are, because unknown is not zero.`,
    release: lost === 'forbidden' ? 'The account needs the rights of a client.' : 'They move again once the broker can say it.',
    ...(lost === 'forbidden' ? { command: `lynchpin doctor --role client ${topic}` } : {}),
  });
  return causes;
}

/** What the ledger has to do with it: holds, what is being finalized, and that it cannot be read. */
export function ledgerCauses(scene: Scene): readonly Cause[] {
  const { facts, topic, state, target } = scene;
  const { ledger } = facts;
  if (!ledger.known && ledger.reason === 'unreachable') {
    const text = `The ledger could not be read: ${ledger.why}. What is held or final is not known.`;
    return [
      {
        kind: 'unreadable',
        wrong: true,
        who: [],
        text,
        release: 'Looking again may help; the doctor says more.',
        command: `lynchpin doctor ${topic}`,
      },
    ];
  }
  if (state === undefined) return [];
  const causes = holds(state).flatMap((hold): readonly Cause[] => {
    if (hold.cause === 'unreadable') {
      const text = `What is in the ledger counts as a hold: ${hold.text}.`;
      return [
        { kind: 'unreadable', wrong: true, who: [], text, release: 'It ends when a build that understands the ledger writes a snapshot.' },
      ];
    }
    if (hold.until !== undefined && target !== undefined && compareVersions(hold.until, target) >= 0) return [];
    return [
      {
        kind: 'hold',
        wrong: false,
        who: [hold.author],
        since: hold.at,
        version: hold.until,
        text: `${hold.author} holds ${topic} ${hold.until === undefined ? 'where it is' : `at ${hold.until}`}: ${hold.reason === '' ? 'no reason is given' : hold.reason}.`,
        release: 'It ends when it is released.',
        command: `lynchpin release ${topic} --hold ${hold.id} --reason <text>`,
      },
    ];
  });
  return [...causes, ...finalizing(scene)];
}

function finalizing({ state, servers, clients, topic }: Scene): readonly Cause[] {
  const prepared = state?.prepared;
  if (state === undefined || prepared === undefined) return [];
  const { version, epoch, author, at, reason } = prepared;
  const everyone = new Map([...servers, ...clients].map((one) => [one.member, one]));
  const waiting = state.members.filter(({ acked, window }) => acked !== epoch || compareVersions(window.version, version) < 0);
  const names = waiting.map((member) => `${member.author} (${standing(member, everyone.get(member.instance), version)})`);
  const by = `${author}${reason === '' ? '' : ` (${reason})`}`;
  return [
    {
      kind: 'finalizing',
      wrong: waiting.some(
        (member) => everyone.get(member.instance)?.attendance !== 'here' || compareVersions(member.window.version, version) < 0,
      ),
      who: waiting.map((member) => member.author),
      since: at,
      version,
      count: waiting.length,
      text:
        waiting.length === 0
          ? `${version} is being finalized by ${by}; everybody has acknowledged, and the last record is missing.`
          : `${version} is being finalized by ${by}; ${waiting.length} of ${state.members.length} have not acknowledged: ${listed(names)}.`,
      release:
        waiting.length === 0
          ? 'Whoever finalizes it again finishes it.'
          : `Whoever reads ${version} acknowledges by itself; who is gone for good has to be forgotten, who reads less has to be replaced. Or it is given up.`,
      command: `lynchpin abort ${topic} --reason <text>`,
    },
  ];
}

function standing({ window }: Member, one: Participant | undefined, version: Version): string {
  if (compareVersions(window.version, version) < 0) return `reads ${window.floor} to ${window.version} only`;
  return one === undefined || one.attendance === 'unknown'
    ? 'not heard'
    : { here: 'on its way', silent: 'does not answer', down: 'down' }[one.attendance];
}

/** Live servers that have no version in common. */
export function splitCauses({ live, clients }: Scene): readonly Cause[] {
  const torn = clients.filter(({ attendance, pin }) => attendance === 'here' && pin?.state === 'split');
  const [first, ...others] = live;
  const common = first?.versions.filter((version) => others.every(({ versions }) => versions.includes(version))) ?? [];
  if (common.length > 0 && torn.length === 0) return [];
  if (first === undefined || (others.length === 0 && torn.length === 0)) return [];
  if (common.length > 0) return [];
  const sides = new Map<string, string[]>();
  for (const { versions, name } of live) sides.set(rangeOf(versions), [...(sides.get(rangeOf(versions)) ?? []), name]);
  const told = [...sides].map(([range, names]) => `${listed(names)} ${names.length === 1 ? 'reads' : 'read'} ${range}`);
  return [
    {
      kind: 'split',
      wrong: true,
      who: live.map(({ name }) => name),
      since: torn[0]?.pin?.since,
      text: `The live servers have no version in common: ${told.join('; ')}.`,
      release: 'It ends when those on one side are replaced, or when a server joins on each side that reads versions of the other.',
    },
  ];
}

/** Nobody is there, or nobody who reads what waits. */
export function laneCauses(scene: Scene): readonly Cause[] {
  const { facts, roll, clients, topic } = scene;
  const waiting = facts.versions.flatMap((version) => {
    const lane = facts.lanes.get(version);
    return lane?.known === true && lane.ready > 0 ? [{ version, ready: lane.ready }] : [];
  });
  const senders = clients.filter(({ attendance }) => attendance === 'here');
  if (!facts.roll.known && facts.roll.reason === 'missing' && !facts.ledger.known && facts.ledger.reason === 'missing') {
    const text = `Nothing on the broker says that ${topic} was ever served.`;
    return [
      { kind: 'nobody', wrong: true, who: [], text, release: 'Is it spelt as in its contract, and is this the namespace of the system?' },
    ];
  }
  if (roll === 0) {
    const messages = waiting.reduce((sum, { ready }) => sum + ready, 0);
    const wait = messages === 0 ? '' : `, and ${several(messages, 'message')} ${messages === 1 ? 'waits' : 'wait'} for one`;
    const text = `No server of ${topic} is there${wait}.`;
    return [
      {
        kind: 'nobody',
        wrong: messages > 0 || senders.length > 0,
        who: [],
        count: messages,
        text,
        release: 'It ends when one is started.',
      },
    ];
  }
  if (roll === undefined) return [];
  return waiting
    .filter(({ version }) => countOf(facts.readers.get(version)) === 0)
    .map(({ version, ready }): Cause => {
      const movers = senders.filter(({ versions }) => versions.includes(version)).map(({ name }) => name);
      const higher = scene.live.every((server) => isBelow(server, version));
      return {
        kind: 'stranded',
        wrong: true,
        who: [version],
        version,
        count: ready,
        text: `${several(ready, 'message')} ${ready === 1 ? 'stands' : 'stand'} on lane ${version}, which no live server reads.`,
        release:
          movers.length > 0
            ? `A client that knows ${version} moves them to what is read (${listed(movers)}), unless it is told not to; a server that reads ${version} takes them as they are.`
            : `No client that answers knows ${version}: start a server or a client that does, or move them from the package that has it${higher ? ', which is a newer one' : ''}.`,
        command: `lynchpin rescue ${topic}`,
      };
    });
}
