import type { ClientView, Scene, ServerView } from '../scene/index.js';
import { isOlder } from '../version.js';
import { fit, grouped, type Paint, wrap } from './paint.js';
import { bar, smooth, squeeze, type Load } from './spark.js';
import { headings, row, type Column } from './table.js';
import { because } from './words.js';

/** How a frame is drawn. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  /** Where the play takes place. */
  readonly broker: string;
}

const WIDEST = 100;
const NAMES: Readonly<Record<string, string>> = { ocata: 'Ocata', newest: 'newest' };

const SERVER: readonly Column[] = [
  { heading: 'SERVER', width: 10, side: 'left' },
  { heading: 'RELEASE', width: 8, side: 'left' },
  { heading: 'READS', width: 12, side: 'left' },
  { heading: 'STATE', width: 11, side: 'left' },
  { heading: 'AT 3.10', width: 9, side: 'right' },
  { heading: 'AT 3.20', width: 9, side: 'right' },
  { heading: 'BACKPORTED', width: 11, side: 'right' },
];
const CLIENT: readonly Column[] = [
  { heading: 'CLIENT', width: 10, side: 'left' },
  { heading: 'SPEAKS', width: 7, side: 'left' },
  { heading: 'PIN', width: 13, side: 'left' },
  { heading: 'CALLS', width: 8, side: 'right' },
  { heading: 'CASTS', width: 8, side: 'right' },
  { heading: 'BACKPORTED', width: 11, side: 'right' },
  { heading: 'PINNED', width: 7, side: 'right' },
  { heading: 'FAILED', width: 7, side: 'right' },
];

/** Draws the stage as lines: never more than the rows, none wider than the columns. */
export function frame(scene: Scene, load: Load, canvas: Canvas): string[] {
  const width = Math.min(canvas.columns, WIDEST) - 1;
  const { paint } = canvas;
  const lines = [
    ...title(scene, width, canvas),
    paint.dim(headings(SERVER)),
    ...[...scene.servers.values()].map((server) => serverRow(server, paint)),
    '',
    paint.dim(headings(CLIENT)),
    ...[...scene.clients.values()].flatMap((client) => clientRows(client, paint)),
    '',
    lanes(scene, paint),
    loadLine(load, width - 1, paint),
    '',
  ];
  lines.push(...story(scene, width - 1, Math.max(1, canvas.rows - 1 - lines.length), paint));
  return lines.slice(0, Math.max(1, canvas.rows - 1)).map((line) => fit(line === '' ? line : ` ${line}`, width));
}

function title(scene: Scene, width: number, { paint, broker }: Canvas): string[] {
  const { number, of, title: name } = scene.act;
  const left = 'Lynchpin';
  const subject = "Cinder's volume service, upgraded under load";
  const right = `${broker}  ${scene.seconds.toFixed(1).padStart(5)} s`;
  const room = ' '.repeat(Math.max(1, width - 1 - left.length - subject.length - right.length - 2));
  return [
    `${paint.bold(left)}  ${subject}${room}${paint.dim(right)}`,
    number === 0 ? paint.dim('The curtain rises ...') : `${paint.cyan(`Act ${number} of ${of}`)}  ${paint.bold(name)}`,
    paint.dim('─'.repeat(width - 1)),
  ];
}

function serverRow({ name, release, floor, version, state, byVersion, backported }: ServerView, paint: Paint): string {
  const tint = release === 'newest' ? paint.green : paint.yellow;
  const at = Object.entries(byVersion);
  const upTo = at.filter(([each]) => !isOlder('3.10', each)).reduce((sum, [, count]) => sum + count, 0);
  const above = at.reduce((sum, [, count]) => sum + count, 0) - upTo;
  return row(SERVER, [
    name,
    tint(NAMES[release] ?? release),
    `${floor} – ${version}`,
    state === 'serving' ? `${tint('●')} serving` : paint.dim(state === 'gone' ? '· stopped' : `○ ${state}`),
    grouped(upTo),
    above === 0 ? paint.dim('–') : grouped(above),
    backported === 0 ? paint.dim('–') : grouped(backported),
  ]);
}

function clientRows({ name, version, pin, counts }: ClientView, paint: Paint): string[] {
  const tint = pin?.state === 'released' ? paint.green : pin?.state === 'settling' ? paint.cyan : paint.yellow;
  const { calls, casts, backported, refused, failed } = counts;
  const cells = row(CLIENT, [
    name,
    version,
    pin === undefined ? paint.dim('…') : tint(`${pin.version} ${pin.state}`),
    grouped(calls),
    grouped(casts),
    backported === 0 ? paint.dim('–') : grouped(backported),
    refused === 0 ? paint.dim('–') : grouped(refused),
    failed === 0 ? paint.green('0') : paint.bold(paint.red(grouped(failed))),
  ]);
  return [cells, paint.dim(`  └ ${pin === undefined ? 'not there yet' : because(pin)}`)];
}

function lanes({ lanes: all }: Scene, paint: Paint): string {
  const waiting = all.filter((lane) => lane.waiting > 0);
  const text =
    waiting.length === 0
      ? paint.dim('nothing waits on any lane')
      : waiting.map((lane) => `${lane.version} ${paint.yellow(`${grouped(lane.waiting)} waiting`)}`).join('   ');
  return `${paint.dim('LANES')}  ${text}`;
}

/** The load over time, in the colour of what the new client spoke. */
function loadLine(load: Load, width: number, paint: Paint): string {
  const text = `${grouped(Math.round(load.rate))} messages/s${load.over ? ' (mean)' : ''}`;
  const moments = squeeze(smooth(load.moments), Math.max(10, Math.min(52, width - 30)));
  const highest = Math.max(...moments.map(({ rate }) => rate), 1);
  const line = moments.map(({ rate, released }) => (released ? paint.green : paint.yellow)(bar(rate, highest))).join('');
  return `${paint.dim('LOAD ')}  ${line}  ${text}`;
}

/** The latest of what was told, as much of it as there is room for; the last bright. */
function story({ narration }: Scene, width: number, rows: number, paint: Paint): string[] {
  const told: string[] = [];
  for (const text of [...narration].reverse()) {
    const lines = marked(wrap(text, width - 2));
    if (told.length > 0 && told.length + lines.length > rows) break;
    told.unshift(...(told.length === 0 ? lines : lines.map(paint.dim)));
  }
  return told;
}

function marked(lines: readonly string[]): string[] {
  return lines.map((line, at) => `${at === 0 ? '›' : ' '} ${line}`);
}
