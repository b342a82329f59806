import { InvalidArgumentError, type Command } from 'commander';
import type { Version } from '../../versions/index.js';
import type { Context } from '../command.js';
import { actionCommand, type ActionOptions } from './command.js';
import { authorOf, confirm } from './confirm.js';
import { show } from './show.js';
import { withFleet } from './with-fleet.js';

interface Options extends ActionOptions {
  readonly reason: string;
  readonly until?: Version;
}

/** `lynchpin hold`. */
export function holdCommand(context: Context): Command {
  return actionCommand({
    name: 'hold',
    summary: 'keep the pins of a topic from rising, until they are released',
    description:
      'Holds every client at once, without a restart, and those that start later. A hold is a cap: pins still fall when old servers come. Without --until it is the highest version that every live server reads now.',
    examples: [
      ['lynchpin hold volume --reason "soak test of 3.2"', 'no further than now'],
      ['lynchpin hold volume --until 3.3 --reason "3.4 waits for storage"', 'no further than 3.3'],
    ],
    reason: 'required',
  })
    .argument('<topic>', 'what is held')
    .option('--until <version>', 'the highest version that may be sent', versionOf)
    .action((topic: string, options: Options) => act(topic, options, context));
}

async function act(topic: string, options: Options, context: Context): Promise<void> {
  const { until, reason, timeout, format } = options;
  const at = until === undefined ? 'the version that every live server reads now' : until;
  await withFleet(context, options, async (fleet) => {
    await confirm(context, `Hold ${topic} at ${at}, for every client?`, options);
    const hold = await fleet.hold(topic, {
      reason,
      timeout,
      author: authorOf(options, context),
      ...(until === undefined ? {} : { until }),
    });
    show(context, format, {
      data: { topic, hold },
      sections: ({ bold }) => [
        {
          text: [`${topic} is held at ${bold(hold.until ?? 'the present version')} by ${hold.author}: ${hold.reason}.`, 'It ends with'],
          code: [`lynchpin release ${topic} --hold ${hold.id} --reason <text>`],
        },
      ],
    });
  });
}

/** Reads a version from the command line. */
export function versionOf(text: string): Version {
  // What orders versions is not loaded for this alone: --help must answer at once.
  if (!/^(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(text)) throw new InvalidArgumentError('A version is MAJOR.MINOR, such as 3.2.');
  return text as Version;
}
