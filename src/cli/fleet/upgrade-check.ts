import { Option, type Command } from 'commander';
import { LynchpinError } from '../../errors/index.js';
import type { BuildRole, Finding, Readiness, UpgradeCheck } from '../../fleet/index.js';
import { contractsOption, type Common, type Context } from '../command.js';
import { engine } from '../engine.js';
import { EXIT, Refusal, type ExitCode } from '../exit.js';
import type { Paint } from '../output/paint.js';
import { workOf, type Work } from '../project/work.js';
import { fleetCommand, type FleetOptions } from './command.js';
import { countsOf, findingSections, verdictText } from './findings.js';
import { managementOf, managementOption } from './management.js';
import { show } from './show.js';
import { brokerOf, withFleet } from './with-fleet.js';

interface Options extends FleetOptions, Common {
  readonly contracts?: readonly string[];
  readonly as: BuildRole;
  readonly management?: string;
}

const ROLES: readonly BuildRole[] = ['server', 'client', 'both'];

/** What `nova-status upgrade check` and its kin end with. */
const CODES: Readonly<Record<Readiness, ExitCode>> = { ready: 0, warnings: 1, 'not ready': 2 };

/** `lynchpin upgrade-check`. */
export function upgradeCheckCommand(context: Context): Command {
  return fleetCommand({
    name: 'upgrade-check',
    summary: 'say whether this build can join the fleet that runs',
    description:
      'Looks for every contract of this package at what was finalized or is held, at the versions that live servers and clients read, at messages that this build would leave behind, at its recording, and at what the doctor calls an error. Changes nothing. Exit codes: 0 ready, 1 warnings, 2 not ready, 255 unexpected.',
    examples: [
      ['lynchpin upgrade-check', 'before a roll-out, in the package that is rolled out'],
      ['lynchpin upgrade-check --as client', 'where this package only calls'],
      ['lynchpin upgrade-check --json', 'for a pipeline'],
    ],
  })
    .option('-C <dir>', 'work in this folder instead of the present one')
    .addOption(contractsOption())
    .addOption(new Option('--as <role>', 'what the build is deployed as').choices([...ROLES]).default('both' satisfies BuildRole))
    .addOption(managementOption())
    .action((options: Options) => upgradeCheck(options, context));
}

async function upgradeCheck(options: Options, context: Context): Promise<void> {
  try {
    const work = await workOf(options, context);
    if (work.declared.contracts.length === 0) throw new Refusal(`${work.modules.join(', ')} exports no contract`);
    const check = await checked(work, options, context);
    show(context, options.format, {
      data: { as: options.as, builds: buildsOf(work), ...check, counts: countsOf(check.findings) },
      sections: (paint) => [
        { title: titleOf(work), text: [readinessText(check.readiness, paint), verdictText(check.findings, paint)] },
        ...findingSections(check.findings, paint),
      ],
    });
    context.end(CODES[check.readiness]);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.message, EXIT.unexpected, { cause: error.cause });
    const text = error instanceof Error ? (LynchpinError.is(error) ? error.message : (error.stack ?? error.message)) : String(error);
    throw new Refusal(text, EXIT.unexpected, { cause: error });
  }
}

async function checked(work: Work, options: Options, context: Context): Promise<UpgradeCheck> {
  const management = managementOf(brokerOf(options, context), options.management);
  const drifts = await driftFindings(work);
  try {
    const found = await withFleet(context, options, (fleet) =>
      fleet.upgradeCheck(buildsOf(work), {
        as: options.as,
        timeout: options.timeout,
        ...(management === undefined ? {} : { management }),
      }),
    );
    return drifts.length === 0 ? found : { readiness: 'not ready', findings: [...drifts, ...found.findings] };
  } catch (error) {
    const broker = unreachable(error);
    if (broker === undefined) throw error;
    return { readiness: 'not ready', findings: [broker, ...drifts] };
  }
}

function buildsOf({ declared }: Work) {
  return declared.contracts.map(({ topic, line }) => ({ topic, versions: line.versions }));
}

/** A server whose contract is not what was released of it refuses to start. */
async function driftFindings({ declared, project }: Work): Promise<readonly Finding[]> {
  const { driftOf, readRecording } = await engine();
  const recording = readRecording(project.recordingFolder);
  return declared.contracts.flatMap((contract) =>
    driftOf(contract, recording).map(
      ({ name, version, diff }): Finding => ({
        id: 'upgrade/drift',
        severity: 'error',
        about: contract.topic,
        seen: `${name} ${version} is not what was released: ${diff.join('; ')}`,
        causes: 'it is refused with CONTRACT_DRIFT, by every server that starts',
        remedy: 'raise the version and say since when it is so, or restore what was released',
        command: 'npx lynchpin compat check',
      }),
    ),
  );
}

/** A broker that is not there, or refuses the account, is no surprise to a build that needs it. */
function unreachable(error: unknown): Finding | undefined {
  const cause = error instanceof Refusal ? error.cause : error;
  if (!LynchpinError.is(cause, 'CONNECTION', 'FORBIDDEN')) return undefined;
  return {
    id: 'upgrade/broker',
    severity: 'error',
    about: '',
    seen: cause.message,
    causes: 'nothing is known of the fleet, and this build could not join it either',
    remedy: 'say where the broker is (--broker <url>, LYNCHPIN_BROKER) and with which account',
  };
}

function titleOf(work: Work): string {
  return buildsOf(work)
    .map(({ topic, versions }) => `${topic} ${versions[0]}${versions.length === 1 ? '' : ` to ${versions.at(-1)}`}`)
    .join(', ');
}

function readinessText(readiness: Readiness, { green, yellow, red, bold }: Paint): string {
  return bold(
    { ready: green, warnings: yellow, 'not ready': red }[readiness](readiness === 'warnings' ? 'ready, with warnings' : readiness),
  );
}
