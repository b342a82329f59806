import type { LaneStatus } from '../../fleet/index.js';
import type { Paint } from '../output/paint.js';
import { widthOf } from '../output/wrap.js';
import type { Terminal } from '../terminal.js';
import { amountText } from './amounts.js';

/** What bars are drawn with. */
export interface Ink {
  readonly full: string;
  readonly empty: string;
  readonly pin: string;
}

const BLOCKS: Ink = { full: '█', empty: '░', pin: '◀' };
const ASCII: Ink = { full: '#', empty: '.', pin: '<' };
const WIDTH = 18;

/** Blocks where people look and their terminal can show them; ASCII everywhere else. */
export function inkFor(terminal: boolean, env: Terminal['env']): Ink {
  const { LC_ALL, LC_CTYPE, LANG, TERM } = env;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((one) => one !== undefined && one !== '') ?? '';
  return terminal && TERM !== 'dumb' && /utf-?8/i.test(locale) ? BLOCKS : ASCII;
}

/**
 * One bar for each version: how many of the servers read it, and where pins are. Versions beside each other that say the same
 * share one.
 */
export function bars(lanes: readonly LaneStatus[], servers: LaneStatus['readers'], ink: Ink, paint: Paint): readonly string[] {
  const rows = runs(lanes).map((run) => {
    const [newest, oldest] = [run[0] as LaneStatus, run.at(-1) as LaneStatus];
    return { label: newest === oldest ? newest.version : `${oldest.version} to ${newest.version}`, lane: newest };
  });
  const most = Math.max(0, ...rows.map(({ label }) => widthOf(label)));
  return rows.map(({ label, lane }) => {
    const { clients, ready } = lane;
    const sends = clients === 0 ? '' : `  ${paint.bold(`${ink.pin} ${clients} ${clients === 1 ? 'client sends' : 'clients send'} this`)}`;
    const waits = typeof ready === 'number' && ready > 0 ? `  ${paint.yellow(`${ready} waiting`)}` : '';
    return `${' '.repeat(most - widthOf(label))}${label}  ${bar(lane.readers, servers, ink, paint)}  ${share(lane.readers, servers)}${sends}${waits}`;
  });
}

function bar(readers: LaneStatus['readers'], servers: LaneStatus['readers'], ink: Ink, paint: Paint): string {
  if (typeof readers !== 'number' || typeof servers !== 'number') return paint.dim('?'.repeat(WIDTH));
  // Somebody is somebody, and not all is not all, however many they are.
  const exact = servers === 0 ? 0 : (Math.min(readers, servers) / servers) * WIDTH;
  const full = readers === 0 ? 0 : readers >= servers ? Math.round(exact) : Math.min(WIDTH - 1, Math.max(1, Math.round(exact)));
  const colour = full === WIDTH ? paint.green : paint.yellow;
  return `${colour(ink.full.repeat(full))}${paint.dim(ink.empty.repeat(WIDTH - full))}`;
}

function share(readers: LaneStatus['readers'], servers: LaneStatus['readers']): string {
  return `${amountText(readers)} of ${amountText(servers)}`;
}

/** Neighbours that have the same readers, and nothing else to say. */
function runs(lanes: readonly LaneStatus[]): readonly (readonly LaneStatus[])[] {
  const found: LaneStatus[][] = [];
  for (const lane of lanes) {
    const last = found.at(-1);
    if (last !== undefined && [lane, last[0] as LaneStatus].every(plain) && same(last[0] as LaneStatus, lane)) last.push(lane);
    else found.push([lane]);
  }
  return found;
}

function plain({ clients, ready }: LaneStatus): boolean {
  return clients === 0 && !(typeof ready === 'number' && ready > 0);
}

function same(a: LaneStatus, b: LaneStatus): boolean {
  return JSON.stringify(a.readers) === JSON.stringify(b.readers);
}
