import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { DeployRole, Finding } from '../../compat/index.js';
import { command, contractsOption, folderOf, formatOption, type Common, type Context, jsonOption } from '../command.js';
import { engine } from '../engine.js';
import { EXIT, Refusal, type ExitCode } from '../exit.js';
import type { Format } from '../output/render.js';
import { understood } from '../project/project.js';
import { workOf } from '../project/work.js';
import { tell } from './telling.js';

interface Options extends Common {
  readonly contracts?: readonly string[];
  readonly fleet: string;
  readonly as: DeployRole;
  readonly format: Format;
}

/** `lynchpin compat can-deploy`. */
export function canDeployCommand(context: Context): Command {
  return command({
    name: 'can-deploy',
    summary: 'say whether this build can run beside what runs now',
    description:
      'The report is a JSON list of what runs: { "topic": "volume", "floor": "3.0", "version": "3.4", "server": "volume-1" }, or "client" instead of "server". Where it says nothing of a topic, the answer is "unknown" (exit code 3), never "safe".',
    examples: [
      ['lynchpin compat can-deploy --fleet running.json', 'a report in a file'],
      ['... | lynchpin compat can-deploy --fleet - --as server', 'a report from another program'],
    ],
  })
    .requiredOption('--fleet <file>', 'what runs, as JSON; - reads standard input')
    .addOption(new Option('--as <role>', 'what the build is deployed as').choices(['server', 'client', 'both']).default('both'))
    .addOption(contractsOption())
    .addOption(formatOption())
    .addOption(jsonOption())
    .action((options: Options) => deploy(options, context));
}

async function deploy(options: Options, context: Context): Promise<void> {
  const report = await reportIn(options, context);
  const work = await workOf(options, context);
  const { applySettings, canDeploy, parseFleet } = await engine();
  const fleet = understood(() => parseFleet(report, options.fleet));
  const findings = applySettings(canDeploy(work.surface, fleet, options.as), work.project.settings);
  await tell(findings, { work, format: options.format, against: [`what runs (${options.fleet})`], code: codeOf(findings) }, context);
}

/** What is known to break is worse than what is not known at all. */
function codeOf(findings: readonly Finding[]): ExitCode {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return EXIT.fine;
  return errors.every(({ rule }) => rule === 'fleet/unknown') ? EXIT.unknown : EXIT.violations;
}

async function reportIn(options: Options, context: Context): Promise<unknown> {
  const file = resolve(folderOf(options, context), options.fleet);
  if (options.fleet !== '-' && !existsSync(file)) throw new Refusal(`${options.fleet} does not exist`);
  const text = options.fleet === '-' ? await context.terminal.input() : readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(`${options.fleet} is no JSON: ${error instanceof Error ? error.message : String(error)}`, undefined, {
      cause: error,
    });
  }
}
