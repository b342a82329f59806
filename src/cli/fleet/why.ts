import type { Command } from 'commander';
import type { Cause, Why } from '../../fleet/index.js';
import type { Context } from '../command.js';
import { EXIT } from '../exit.js';
import type { Paint } from '../output/paint.js';
import { fleetCommand, type FleetOptions } from './command.js';
import { show, type Section } from './show.js';
import { withFleet } from './with-fleet.js';

/** `lynchpin why`. */
export function whyCommand(context: Context): Command {
  return fleetCommand({
    name: 'why',
    summary: 'say who holds the pin of a topic, and what would release it',
    description:
      'Names everything that keeps clients from sending their newest version, the first to look after first: old servers, servers that are frozen or between two connections, holds, servers without a version in common, lanes that nobody reads, finalizing, settings. Exit codes: 0 nothing is wrong (an old server or a hold is part of an upgrade), 1 somebody has to do something, 2 could not look.',
    examples: [
      ['lynchpin why volume', 'who holds it'],
      ['lynchpin why volume --json', 'the same for programs: { topic, pins, target, summary, causes }'],
    ],
  })
    .argument('<topic>', 'whose pin')
    .action(async (topic: string, options: FleetOptions) => {
      const { timeout, format } = options;
      const why = await withFleet(context, options, (fleet) => fleet.why(topic, { timeout }));
      show(context, format, { data: why, sections: (paint) => sectionsOf(why, paint) });
      context.end(why.causes.some(({ wrong }) => wrong) ? EXIT.violations : EXIT.fine);
    });
}

function sectionsOf({ topic, pins, target, summary, causes }: Why, paint: Paint): readonly Section[] {
  const sent = pins.map(({ version, state, clients }) => `${version} by ${clients} (${state})`).join(', ');
  const known = target === undefined ? '' : ` It could be ${target}.`;
  const head = causes.length === 0 ? [paint.green(summary)] : [sent === '' ? `No client answers.${known}` : `Sent now: ${sent}.${known}`];
  return [{ title: topic, text: head }, ...causes.map((cause, at) => section(cause, at + 1, paint))];
}

function section({ kind, wrong, text, since, release, command }: Cause, number: number, paint: Paint): Section {
  const colour = wrong ? paint.red : paint.yellow;
  return {
    title: `${number}. ${colour(kind)}${since === undefined ? '' : ` since ${since}`}`,
    text: [text, release],
    ...(command === undefined ? {} : { code: [command] }),
  };
}
