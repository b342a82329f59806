import type { Bus } from '../../bus/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { Context } from '../command.js';
import { Refusal } from '../exit.js';
import type { FleetOptions } from './command.js';

/** What `bus.fleet` is. */
export type Fleet = Bus extends { readonly fleet: infer Face } ? Face : object;

/** Used when nothing says where the broker is. */
const LOCAL = 'amqp://localhost';

/** Where the broker is, with credentials. The command line decides before the environment. */
export function brokerOf({ broker }: Pick<FleetOptions, 'broker'>, { terminal: { env } }: Context): string {
  return [broker, env['LYNCHPIN_BROKER'], env['AMQP_URL']].find((one) => one !== undefined && one !== '') ?? LOCAL;
}

/**
 * Connects, lets `work` ask or act, and closes, however that ends.
 * @throws Refusal when there is no broker where none was named; LynchpinError `CONNECTION`, `FORBIDDEN`: their messages are
 *   printed without a stack, and the command ends with 2.
 */
export async function withFleet<Result>(
  context: Context,
  options: FleetOptions,
  work: (fleet: Fleet, bus: Bus) => Promise<Result>,
): Promise<Result> {
  const bus = await connected(context, options);
  try {
    return await work((bus as Bus & { readonly fleet: Fleet }).fleet, bus);
  } finally {
    await bus.close();
  }
}

async function connected(context: Context, options: FleetOptions): Promise<Bus> {
  const { terminal } = context;
  const address = brokerOf(options, context);
  const namespace = options.namespace ?? terminal.env['LYNCHPIN_NAMESPACE'];
  try {
    return await terminal.connect(address, {
      name: `lynchpin-cli/${terminal.user}`,
      connectTimeout: options.timeout,
      ...(namespace === undefined || namespace === '' ? {} : { namespace }),
    });
  } catch (error) {
    if (address !== LOCAL || !LynchpinError.is(error, 'CONNECTION')) throw error;
    throw new Refusal(`${error.message}\nSay where the broker is, with --broker <url> or LYNCHPIN_BROKER`, undefined, { cause: error });
  }
}
