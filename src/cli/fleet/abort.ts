import type { Command } from 'commander';
import type { Context } from '../command.js';
import { EXIT } from '../exit.js';
import { actionCommand, type ActionOptions } from './command.js';
import { authorOf, confirm } from './confirm.js';
import { show } from './show.js';
import { withFleet } from './with-fleet.js';

interface Options extends ActionOptions {
  readonly reason: string;
}

/** `lynchpin abort`. */
export function abortCommand(context: Context): Command {
  return actionCommand({
    name: 'abort',
    summary: 'give up what is being finalized, whoever began it',
    description:
      'Exit codes: 0 it was given up, or none was under way; 1 it was final before. A finalize that is still looking who is there has begun nothing: it is given up by ending that command.',
    examples: [['lynchpin abort volume --reason "storage is not ready"', 'nobody waits for it any more']],
    reason: 'required',
  })
    .argument('<topic>', 'what is being finalized')
    .action((topic: string, options: Options) => act(topic, options, context));
}

async function act(topic: string, options: Options, context: Context): Promise<void> {
  const { reason, timeout, format } = options;
  await withFleet(context, options, async (fleet) => {
    await confirm(context, `Give up what is being finalized on ${topic}?`, options);
    const aborted = await fleet.abort(topic, { reason, timeout, author: authorOf(options, context) });
    const { outcome, prepared } = aborted;
    const version = prepared?.version ?? '';
    const says = {
      aborted: `${version} of ${topic}, which ${prepared?.author ?? 'somebody'} had prepared, was given up: it is not final.`,
      nothing: `Nothing is being finalized on ${topic}, so nothing was given up. A finalize that is still looking who is there has begun nothing yet, and goes on: end that command.`,
      final: `${version} of ${topic} was final before: lynchpin unfinalize takes that back, if it can still be undone.`,
    } as const;
    show(context, format, { data: aborted, sections: () => [{ text: [says[outcome]] }] });
    context.end(outcome === 'final' ? EXIT.violations : EXIT.fine);
  });
}
