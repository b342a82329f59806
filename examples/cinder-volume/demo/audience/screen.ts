import type { Scene } from '../scene/index.js';
import type { Audience } from './audience.js';
import { frame, type Canvas } from './frame.js';
import { paint, wrap } from './paint.js';
import { Load } from './spark.js';
import { lastWords, words } from './words.js';

/** How often the screen is drawn, in ms. */
const DRAW_EVERY = 80;
/** How often the load is sampled, in ms. */
const SAMPLE_EVERY = 240;

/** Rows that the table takes, without what is told below it. */
const LOWEST = 17;

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';

/** What is needed of a terminal. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** A terminal that shows the stage, drawn over and over in the same place; at the end, the last picture and the verdict stay. */
export class Screen implements Audience {
  readonly #canvas: Omit<Canvas, 'columns' | 'rows'>;
  readonly #load = new Load();
  readonly #drawing: NodeJS.Timeout;
  readonly #sampling: NodeJS.Timeout;
  readonly #after: string[] = [];
  #open = true;

  constructor(
    private readonly terminal: Terminal,
    private readonly scene: () => Scene,
    { colours, broker }: { readonly colours: boolean; readonly broker: string },
  ) {
    this.#canvas = { paint: paint(colours), broker };
    terminal.write(ENTER);
    this.#drawing = setInterval(() => this.#draw(), DRAW_EVERY);
    this.#sampling = setInterval(() => this.#sample(), SAMPLE_EVERY);
  }

  see(happening: Parameters<Audience['see']>[0]): void {
    const { paint: paints } = this.#canvas;
    if (happening.event === 'problem') this.#after.push(paints.red(words(happening) ?? ''));
    if (happening.event === 'finding') this.#finding(happening.ok, happening.text);
    if (happening.event !== 'end') return;
    const last = lastWords(happening).map((line, at, all) =>
      at === all.length - 1 ? paints.bold((happening.ok ? paints.green : paints.red)(line)) : line,
    );
    this.#after.push(...(this.#after.length === 0 ? [] : ['']), ...last);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    clearInterval(this.#drawing);
    clearInterval(this.#sampling);
    this.#load.over = true;
    const { columns = 80, rows = 24 } = this.terminal;
    const verdict = this.#after.flatMap((line) => indented(line, columns));
    // The picture and the verdict fit on the screen together, if they can.
    const picture = frame(this.scene(), this.#load, { ...this.#canvas, columns, rows: Math.max(LOWEST, rows - verdict.length - 1) });
    this.terminal.write(`${LEAVE}${[...picture, '', ...verdict].join('\n')}\n`);
  }

  #finding(ok: boolean, text: string): void {
    const { paint: paints } = this.#canvas;
    this.#after.push(`${ok ? paints.green('✔') : paints.bold(paints.red('✘'))} ${text}`);
  }

  #sample(): void {
    const scene = this.scene();
    const { calls, casts } = scene.totals;
    const newest = [...scene.clients.values()].find(({ release }) => release === 'newest');
    const playing = calls + casts > 0 && [...scene.servers.values()].some(({ state }) => state !== 'gone');
    if (playing) this.#load.sample(calls + casts, newest?.pin?.version === newest?.version);
  }

  #draw(): void {
    const { columns = 80, rows = 24 } = this.terminal;
    const lines = frame(this.scene(), this.#load, { ...this.#canvas, columns, rows });
    this.terminal.write(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`);
  }
}

/** Breaks a line of the verdict between words, further lines under the first. */
function indented(line: string, columns: number): string[] {
  return wrap(line, Math.min(columns, 120) - 4).map((part, at) => (part === '' ? '' : `${at === 0 ? ' ' : '   '}${part}`));
}
