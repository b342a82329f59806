import type { Command } from 'commander';
import { LynchpinError } from '../../errors/index.js';
import type { Finalized, FinalizeProgress } from '../../fleet/index.js';
import type { Version } from '../../versions/index.js';
import type { Context } from '../command.js';
import { EXIT } from '../exit.js';
import { Progress } from '../output/progress.js';
import { actionCommand, durationOption, type ActionOptions } from './command.js';
import { authorOf, confirm } from './confirm.js';
import { versionOf } from './hold.js';
import { show } from './show.js';
import { withFleet } from './with-fleet.js';

interface Options extends ActionOptions {
  readonly reason: string;
  readonly wait: number;
}

/** How long everyone may take to agree. */
const WAIT = '1m';

/** `lynchpin finalize`. */
export function finalizeCommand(context: Context): Command {
  return actionCommand({
    name: 'finalize',
    summary: 'make a version final: nothing that does not read it may join again',
    description:
      'For what cannot be undone, such as dropping a column. Every member must say that it reads the version; who is down is waited for until that is certain. Exit codes: 0 it is final, 1 it is not, with whom or what stands in the way, 2 could not be done.',
    examples: [['lynchpin finalize volume 3.2 --reason "the column tier goes"', 'from then on, older builds are refused']],
    reason: 'required',
  })
    .argument('<topic>', 'what is finalized')
    .argument('<version>', 'the oldest that a build must read', versionOf)
    .addOption(durationOption('--wait <time>', 'how long everyone may take to agree, 4m at most', WAIT))
    .action((topic: string, version: Version, options: Options) => act(topic, version, options, context));
}

async function act(topic: string, version: Version, options: Options, context: Context): Promise<void> {
  const { reason, wait, format } = options;
  await withFleet(context, options, async (fleet) => {
    await confirm(context, `Make ${version} of ${topic} final, so that nothing older can start again?`, options);
    const progress = new Progress(context.terminal);
    const author = authorOf(options, context);
    const onProgress = (now: FinalizeProgress): void => progress.say(words(now));
    try {
      const final = await fleet.finalize(topic, version, { reason, author, timeout: wait, onProgress }).finally(() => progress.end());
      show(context, format, { data: { outcome: 'final', final }, sections: () => [{ text: [done(final)] }] });
    } catch (error) {
      if (!LynchpinError.is(error, 'NOT_FINAL')) throw error;
      show(context, format, {
        data: { outcome: 'not final', message: error.message, ...error.details },
        sections: () => [{ text: [error.message] }],
      });
      context.end(EXIT.violations);
    }
  });
}

const DOES: Readonly<Record<FinalizeProgress['phase'], string>> = {
  looking: 'looking who is there',
  preparing: 'asking everyone',
  acknowledging: 'waiting until everyone has said that it reads the version',
  counting: 'counting the servers',
  finalizing: 'writing it down',
  'giving-up': 'taking it back',
};

function words({ phase, waitingFor }: FinalizeProgress): string {
  return waitingFor.length === 0 ? DOES[phase] : `${DOES[phase]}: ${waitingFor.map(({ who }) => who).join(', ')}`;
}

function done({ topic, version, ours, author, reason, offset }: Finalized): string {
  const whose = ours ? '' : ` It was prepared by ${author}${reason === '' ? '' : ` (${reason})`}.`;
  return `${version} of ${topic} is final since offset ${offset}: builds that do not read it are refused with TOO_OLD.${whose}`;
}
