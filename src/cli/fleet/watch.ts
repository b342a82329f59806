import type { Command } from 'commander';
import type { FleetStatus } from '../../fleet/index.js';
import type { Context } from '../command.js';
import { EXIT } from '../exit.js';
import { inkFor } from './bars.js';
import { durationOption, fleetCommand, type FleetOptions } from './command.js';
import { show, textOf } from './show.js';
import { statusSections } from './status-text.js';
import { TOPIC_HELP } from './status.js';
import { withFleet } from './with-fleet.js';

interface Options extends FleetOptions {
  readonly topic?: readonly string[];
  readonly every: number;
  readonly for?: number;
}

const EVERY = '2s';
/** Ctrl-C comes as a key where keys are read one by one. */
const QUIT = new Set(['q', 'Q', '\x03', '\x04']);

/** `lynchpin watch`. */
export function watchCommand(context: Context): Command {
  return fleetCommand({
    name: 'watch',
    summary: 'show the status for as long as you look; q ends it',
    description:
      'Looks every two seconds, less often where looking takes long: no more than a quarter of the time is spent on asking. On a terminal the picture is drawn anew; elsewhere, and with --json (one document a line), something is written whenever something has changed.',
    examples: [
      ['lynchpin watch', 'until q or Ctrl-C'],
      ['lynchpin watch --json --for 10m', 'what changes within ten minutes, a line each'],
    ],
  })
    .option('--topic <topic...>', TOPIC_HELP)
    .addOption(durationOption('--every <time>', 'how often to look', EVERY))
    .addOption(durationOption('--for <time>', 'how long to look (default: until it is ended)'))
    .action((options: Options) => watch(options, context));
}

async function watch(options: Options, context: Context): Promise<void> {
  const { topic: topics = [], timeout, every } = options;
  await withFleet(context, options, async (fleet) => {
    const drawing = new Drawing(context, options.format);
    const stop = fleet.watch((status) => drawing.draw(status), { topics, timeout, every });
    try {
      await ended(context, options.for);
    } finally {
      stop();
      drawing.end();
    }
  });
  context.end(EXIT.fine);
}

/** Resolves when the time is over, or whoever looks has seen enough. */
function ended({ terminal }: Context, after: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      terminal.unread.removeEventListener('abort', over);
      stop?.();
      resolve();
    };
    const timer = after === undefined ? undefined : setTimeout(over, after);
    const stop = terminal.keys?.((key) => {
      if (QUIT.has(key)) over();
    });
    terminal.unread.addEventListener('abort', over);
  });
}

/** What was drawn is drawn over. */
class Drawing {
  readonly #context: Context;
  readonly #format: FleetOptions['format'];
  #drawn = false;

  constructor(context: Context, format: FleetOptions['format']) {
    this.#context = context;
    this.#format = format;
  }

  draw(status: FleetStatus): void {
    const { out, env } = this.#context.terminal;
    const ink = inkFor(out.terminal, env);
    if (this.#format === 'json') return out.write(`${JSON.stringify({ format: 1, ...status })}\n`);
    if (!out.terminal || this.#format !== 'text') {
      if (this.#drawn) out.write('\n');
      this.#drawn = true;
      return show(this.#context, this.#format, { data: status, sections: (paint) => statusSections(status, ink, paint) });
    }
    const lines = textOf(this.#context, (paint) => [...statusSections(status, ink, paint), { text: [paint.dim('q ends it')] }])
      .trimEnd()
      .split('\n');
    const room = Math.max(3, out.rows - 1);
    const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `... and ${lines.length - room + 1} more lines`];
    // From the top, each line over the one that stood there: a screen that is cleared first flickers.
    out.write(`${this.#drawn ? '\x1b[H' : '\x1b[2J\x1b[H'}${shown.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`);
    this.#drawn = true;
  }

  end(): void {
    if (this.#drawn && this.#context.terminal.out.terminal && this.#format === 'text') this.#context.terminal.out.write('\n');
  }
}
