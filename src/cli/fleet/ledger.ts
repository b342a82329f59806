import type { Command } from 'commander';
import type { HistoryEntry } from '../../fleet/index.js';
import type { Context } from '../command.js';
import type { Paint } from '../output/paint.js';
import { fleetCommand, type FleetOptions } from './command.js';
import { show } from './show.js';
import { withFleet } from './with-fleet.js';

interface Options extends FleetOptions {
  readonly all?: true;
}

/** Written by processes as they come and go. They say nothing to whoever asks what people did. */
const COMINGS: readonly string[] = ['joined', 'left', 'ack', 'snapshot'];

/** `lynchpin ledger`. */
export function ledgerCommand(context: Context): Command {
  return fleetCommand({
    name: 'ledger',
    summary: 'what was done to a topic, by whom and why: holds, finalizations, actions',
    description: 'The newest last, each with what became of it. With --json every entry is there as it stands.',
    examples: [
      ['lynchpin ledger volume', 'what people did'],
      ['lynchpin ledger volume --all', 'and who joined and left'],
    ],
  })
    .argument('<topic>', 'whose ledger')
    .option('--all', 'also what processes write as they come and go')
    .action((topic: string, options: Options) => look(topic, options, context));
}

async function look(topic: string, options: Options, context: Context): Promise<void> {
  const { all, timeout, format } = options;
  const entries = await withFleet(context, options, (fleet) => fleet.history(topic, { timeout }));
  const told = all === true || format === 'json' ? entries : entries.filter(({ kind }) => !COMINGS.includes(kind));
  const left = entries.length - told.length;
  show(context, format, {
    data: { topic, entries: told },
    sections: (paint) => [
      {
        ...(told.length > 0
          ? { table: { headings: ['offset', 'what', 'by', 'when', 'reason'], rows: told.map((one) => row(one, paint)) } }
          : {}),
        ...(told.length > 0 ? {} : { text: [`Nothing was done to ${topic} so far.`] }),
      },
      ...(left > 0 ? [{ text: [`And ${left} entries of processes that came and went: --all shows them.`] }] : []),
    ],
  });
}

function row({ offset, kind, author = '', reason, at = '', outcome, entry }: HistoryEntry, { dim, red, bold }: Paint): readonly string[] {
  const what = [bold(kind), ...(entry === undefined ? [] : [about(entry)])].filter((part) => part !== '').join(' ');
  const counted = outcome.kind === 'counted';
  const became = counted ? [] : [(outcome.kind === 'refused' ? red : dim)(`${outcome.kind}: ${outcome.why}`)];
  return [String(offset), [what, ...became].join('\n'), author, at, reason];
}

/** What an entry is about, in a few words. */
function about(entry: NonNullable<HistoryEntry['entry']>): string {
  switch (entry.kind) {
    case 'joined':
      return `as ${entry.role}, reads ${entry.window.floor} to ${entry.window.version} (${entry.instance}.${entry.incarnation})`;
    case 'left':
    case 'expire':
      return `${entry.instance}.${entry.incarnation}`;
    case 'hold':
      return `${entry.until === undefined ? '' : `until ${entry.until} `}(${entry.id})`;
    case 'release':
      return entry.hold;
    case 'prepare':
      return entry.version;
    case 'ack':
    case 'finalize':
    case 'abort':
    case 'unfinalize':
      return `epoch ${entry.epoch}`;
    case 'acted':
      return `${entry.what} ${entry.target}`;
    case 'snapshot':
      return `up to ${entry.upTo}`;
  }
}
