import type { Happening, Totals } from '../scene/index.js';
import { grouped, listed } from './paint.js';

/** A happening as one line of plain text; undefined when words are not needed for it. */
export function words(happening: Happening): string | undefined {
  switch (happening.event) {
    case 'start':
      return `Cinder's volume service, upgraded under load, on ${happening.broker} (seed ${happening.seed})`;
    case 'act':
      return `Act ${happening.act} of ${happening.of}: ${happening.title}`;
    case 'narration':
      return happening.text;
    case 'server':
      return `server ${happening.server} is ${happening.state} (${happening.release}, reads ${happening.reads.join(' to ')})`;
    case 'pin':
      return `pin of ${happening.client} is ${happening.version}, ${happening.state}: ${because(happening)}`;
    case 'totals': {
      const lanes = happening.lanes.map(({ version, waiting }) => `${waiting} on ${version}`);
      return `so far ${counted(happening)}; waiting: ${lanes.length === 0 ? 'nothing' : listed(lanes)}`;
    }
    case 'problem':
      return `PROBLEM ${happening.name}: ${happening.text}`;
    case 'finding':
      return `${happening.ok ? 'ok' : 'NOT OK'}  ${happening.text}`;
    case 'end':
      return undefined;
  }
}

/** Why a pin is where it is, in a few words. */
export function because({ state, by, why }: { readonly state: string; readonly by: readonly string[]; readonly why: string }): string {
  switch (state) {
    case 'released':
      return 'every live server reads all that it speaks';
    case 'settling':
      return 'every live server reads more; it rises once that has lasted a while';
    case 'held':
      return by.length === 0 ? 'some live server reads less than it speaks' : `held by ${listed(by)}`;
    default:
      return why;
  }
}

/** What is said at the end. */
export function lastWords({ ok, seconds, pins, ...totals }: Extract<Happening, { event: 'end' }>): string[] {
  return [
    `Up, back and up again in ${seconds.toFixed(1)} s: ${counted(totals)}.`,
    ...Object.entries(pins).map(([client, path]) => `${client} spoke ${path}.`),
    ok ? 'Everything adds up.' : 'SOMETHING DOES NOT ADD UP: see above.',
  ];
}

function counted({ calls, casts, failed, backported, refused, early }: Totals): string {
  return `${grouped(calls)} calls and ${grouped(casts)} casts, ${grouped(failed)} failed, ${grouped(backported)} backported, ${grouped(refused)} refused as PINNED (as expected), ${grouped(early)} early`;
}
