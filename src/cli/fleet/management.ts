import { Option } from 'commander';
import type { Management } from '../../fleet/index.js';

/** For commands that ask the management API too. */
export function managementOption(): Option {
  return new Option(
    '--management <url>',
    "the management API of the broker (default: the broker's host, port 15672, with the same account)",
  );
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
