import { Option, type Command } from 'commander';
import type { Diagnosis, Finding, Management, Role, Severity } from '../../fleet/index.js';
import type { Context } from '../command.js';
import { EXIT } from '../exit.js';
import type { Paint } from '../output/paint.js';
import { fleetCommand, type FleetOptions } from './command.js';
import { show, type Section } from './show.js';
import { brokerOf, withFleet } from './with-fleet.js';

interface Options extends FleetOptions {
  readonly role: Role;
  readonly management?: string;
}

const ROLES: readonly Role[] = ['server', 'client', 'operator'];

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
    .addOption(new Option('--role <role>', 'what the account is used for').choices([...ROLES]).default('operator' satisfies Role))
    .option('--management <url>', "the management API of the broker (default: the broker's host, port 15672, with the same account)")
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

/** Where the management API is, and as whom to ask it: credentials in its own address come before those of the broker's. */
export function managementOf(broker: string, given: string | undefined): Management | undefined {
  const at = URL.canParse(broker) ? new URL(broker) : undefined;
  if (given !== undefined && URL.canParse(given)) {
    const { origin, pathname, username, password } = new URL(given);
    const own = username === '' ? at : { username, password };
    return { url: `${origin}${pathname}`, ...accountOf(own) };
  }
  if (given !== undefined) return { url: given, ...accountOf(at) };
  if (at === undefined || !/^amqps?:$/.test(at.protocol)) return undefined;
  const host = at.hostname === '' ? 'localhost' : at.hostname;
  return { url: at.protocol === 'amqps:' ? `https://${host}:15671` : `http://${host}:15672`, ...accountOf(at) };
}

function accountOf(at: { readonly username: string; readonly password: string } | undefined): Pick<Management, 'user' | 'password'> {
  const guest = at === undefined || at.username === '';
  return { user: guest ? 'guest' : decodeURIComponent(at.username), password: guest ? 'guest' : decodeURIComponent(at.password) };
}

function countsOf(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const count = (of: Severity): number => findings.filter(({ severity }) => severity === of).length;
  return { error: count('error'), warning: count('warning'), 'not checked': count('not checked'), fine: count('fine') };
}

function sectionsOf(address: string, { server, topics, findings, permissions }: Diagnosis, paint: Paint): readonly Section[] {
  const colours: Readonly<Record<Severity, Paint['red']>> = {
    error: paint.red,
    warning: paint.yellow,
    'not checked': paint.cyan,
    fine: paint.green,
  };
  const told = findings.filter(({ severity }) => severity !== 'fine');
  const fine = findings.filter(({ severity }) => severity === 'fine');
  const counts = countsOf(findings);
  const verdict = (['error', 'warning', 'not checked'] as const)
    .filter((severity) => counts[severity] > 0)
    .map((severity) => colours[severity](several(counts[severity], severity)))
    .join(', ');
  return [
    {
      title: [server.product, server.version, 'at', address].filter((part) => part !== '').join(' '),
      text: [
        topics.length === 0 ? 'No topic is known.' : `Topics: ${topics.join(', ')}.`,
        `${verdict === '' ? paint.green('Nothing to object to') : verdict}; ${fine.length} checks are fine.`,
      ],
    },
    ...told.map(
      ({ id, severity, about, seen, causes, remedy, command }): Section => ({
        title: [colours[severity](severity), id, about].filter((part) => part !== '').join('  '),
        text: [sentence(seen), ...(causes === '' ? [] : [`Causes: ${causes}.`]), ...(remedy === '' ? [] : [`Do: ${remedy}.`])],
        ...(command === undefined ? {} : { code: [command] }),
      }),
    ),
    { title: 'Fine', table: { headings: ['check', 'seen', 'of'], rows: fine.map(({ id, seen, about }) => [id, seen, about]) } },
    { title: 'What suffices for this account as a server, a client, an operator', code: ROLES.map((role) => permissions[role]) },
  ];
}

function several(count: number, severity: Severity): string {
  if (severity === 'not checked') return `${count} not checked`;
  return `${count} ${severity}${count === 1 ? '' : 's'}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
