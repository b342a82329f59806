import { Option, type Command } from 'commander';
import type { Diagnosis, AccountRole } from '../../fleet/index.js';
import type { Context } from '../command.js';
import { EXIT } from '../exit.js';
import type { Paint } from '../output/paint.js';
import { fleetCommand, type FleetOptions } from './command.js';
import { countsOf, findingSections, verdictText } from './findings.js';
import { managementOf, managementOption } from './management.js';
import { show, type Section } from './show.js';
import { brokerOf, withFleet } from './with-fleet.js';

interface Options extends FleetOptions {
  readonly role: AccountRole;
  readonly management?: string;
}

const ROLES: readonly AccountRole[] = ['server', 'client', 'operator'];

/** `lynchpin doctor`. */
export function doctorCommand(context: Context): Command {
  return fleetCommand({
    name: 'doctor',
    summary: 'look for what would lose messages or spoil the census: rights, policies, queues, faults of the broker',
    description:
      'Tries the rights of the account in use with a queue, an exchange and a stream of its own, which it deletes again. Policies, queues and consumers are read over the management API of the broker; where that is not to be reached, it says so. Exit codes: 0 no error, 1 at least one error, 2 could not check.',
    examples: [
      ['lynchpin doctor', 'everything, with the account of an operator'],
      ['lynchpin doctor --role client volume', 'whether this account suffices for a client of volume'],
      ['lynchpin doctor --management http://rabbit:15672', 'where the management API is elsewhere'],
    ],
  })
    .argument('[topics...]', 'topics to try the rights for, besides those that answer or are shown')
    .addOption(new Option('--role <role>', 'what the account is used for').choices([...ROLES]).default('operator' satisfies AccountRole))
    .addOption(managementOption())
    .action((topics: readonly string[], options: Options) => doctor(topics, options, context));
}

async function doctor(topics: readonly string[], options: Options, context: Context): Promise<void> {
  const { role, timeout, format } = options;
  const management = managementOf(brokerOf(options, context), options.management);
  const [address, diagnosis] = await withFleet(context, options, async (fleet, bus) => {
    const found = await fleet.doctor({ topics, role, timeout, ...(management === undefined ? {} : { management }) });
    return [bus.address, found] as const;
  });
  const { findings } = diagnosis;
  show(context, format, {
    data: { address, role, ...diagnosis, counts: countsOf(findings) },
    sections: (paint) => sectionsOf(address, diagnosis, paint),
  });
  context.end(findings.some(({ severity }) => severity === 'error') ? EXIT.violations : EXIT.fine);
}

function sectionsOf(address: string, { server, topics, findings, permissions }: Diagnosis, paint: Paint): readonly Section[] {
  return [
    {
      title: [server.product, server.version, 'at', address].filter((part) => part !== '').join(' '),
      text: [topics.length === 0 ? 'No topic is known.' : `Topics: ${topics.join(', ')}.`, verdictText(findings, paint)],
    },
    ...findingSections(findings, paint),
    { title: 'What suffices for this account as a server, a client, an operator', code: ROLES.map((role) => permissions[role]) },
  ];
}
