import type { Amount, FleetStatus, StatusGroup, TopicStatus } from '../../fleet/index.js';
import type { Paint } from '../output/paint.js';
import { amountText, namesText, rangeText } from './amounts.js';
import { bars, type Ink } from './bars.js';
import type { Section } from './show.js';

/** What `status` and `watch` show. */
export function statusSections(status: FleetStatus, ink: Ink, paint: Paint): readonly Section[] {
  const colour = { well: paint.green, held: paint.yellow, wrong: paint.red }[status.verdict];
  return [...status.topics.flatMap((topic) => topicSections(topic, ink, paint)), { text: [colour(status.advice)] }];
}

function topicSections(status: TopicStatus, ink: Ink, paint: Paint): readonly Section[] {
  const { topic, lanes, servers, groups } = status;
  const table = {
    headings: ['role', 'service', 'version', 'build', 'pin', 'state', 'who'],
    rows: groups.map((group) => row(group, paint)),
  };
  return [
    {
      title: topic,
      text: [headline(status), ...notes(status, paint)],
      ...(lanes.length === 0 ? {} : { picture: bars(lanes, servers, ink, paint) }),
    },
    ...(groups.length === 0 ? [] : [{ table }]),
  ];
}

function headline({ servers, groups, why }: TopicStatus): string {
  const clients = groups
    .filter(({ role, pin }) => role === 'client' && pin !== undefined)
    .reduce((sum, { names }) => sum + names.length, 0);
  const count = (amount: Amount, what: string): string => `${amountText(amount)} ${what}${amount === 1 ? '' : 's'}`;
  const pins = why.pins.map(({ version, state, clients: many }) => `${version} (${state}, ${many})`).join(', ');
  const sent = pins === '' ? '' : `; pins: ${pins}`;
  return `${count(typeof servers === 'number' || servers.unknown !== 'missing' ? servers : 0, 'server')}, ${count(clients, 'client')}${sent}`;
}

function notes(status: TopicStatus, paint: Paint): readonly string[] {
  const { final, prepared, holds, ledger, backlog, stranded, dead, parked } = status;
  const lines: string[] = [];
  if (final !== undefined) lines.push(`Final: ${final.version}, by ${told(final)}.`);
  if (prepared !== undefined) {
    const waits = prepared.waiting.length === 0 ? 'everybody has acknowledged' : `not acknowledged by ${namesText(prepared.waiting)}`;
    lines.push(`Being finalized: ${prepared.version}, by ${told({ ...prepared, reason: '' })}; ${waits}.`);
  }
  for (const hold of holds)
    lines.push(paint.yellow(`Held ${hold.until === undefined ? 'where it is' : `at ${hold.until}`}, by ${told(hold)}.`));
  if (ledger === 'unreachable') lines.push(paint.red('The ledger could not be read: what is held or final is not known.'));
  if (ledger === 'unsupported') lines.push('The broker has no streams: there is no ledger, and nothing is final.');
  const amounts = [
    amount(backlog, 'waiting', (text) => text),
    amount(stranded, 'on lanes that nobody reads', paint.red),
    amount(dead, 'dead', paint.red),
    amount(parked, 'parked', paint.red),
  ].filter((text) => text !== '');
  if (amounts.length > 0) lines.push(`Messages: ${amounts.join(', ')}.`);
  return lines;
}

/** What there is none of is not mentioned; what is not known is. */
function amount(value: Amount, what: string, colour: (text: string) => string): string {
  if (value === 0 || (typeof value !== 'number' && value.unknown === 'missing')) return '';
  const text = `${amountText(value)} ${what}`;
  return typeof value === 'number' ? colour(text) : text;
}

function told({ author, at, reason }: { readonly author: string; readonly at?: string | undefined; readonly reason: string }): string {
  return `${author}${at === undefined ? '' : ` since ${at}`}${reason === '' ? '' : `: ${reason}`}`;
}

function row(group: StatusGroup, paint: Paint): readonly string[] {
  const { role, service = '', build = '', pin = '', state, names } = group;
  const many = names.length > 1 ? `${names.length}: ` : '';
  return [role, service, rangeText(group), build, pin, stateColour(state, paint)(state), `${many}${namesText(names)}`];
}

/** The states of servers and pins, and of those that do not answer. */
export function stateColour(state: string, paint: Paint): (text: string) => string {
  if (['serving', 'released', 'finalized', 'here'].includes(state)) return paint.green;
  if (['silent', 'refused', 'split', 'not known'].includes(state)) return paint.red;
  return paint.yellow;
}
