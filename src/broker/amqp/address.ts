import type { Options } from 'amqplib';
import { LynchpinError } from '../../errors/index.js';

/** Where a broker is, and as whom to speak with it. */
export interface Address {
  /** Without credentials: for messages and logs. */
  readonly shown: string;
  /** The account's name. */
  readonly account: string;
  /** What amqplib connects to, password included. Never shown. */
  readonly target: Options.Connect;
}

const PORTS: Readonly<Record<string, number>> = { amqp: 5672, amqps: 5671 };

/**
 * Reads `amqp://user:password@host:port/vhost?heartbeat=10`. User and password default to `guest`, the virtual host to `/`.
 * @throws LynchpinError `DECLARATION` when it is not an address; the text is not repeated, for it may hold a password.
 */
export function addressOf(url: string, heartbeat: number | undefined): Address {
  const parts = URL.canParse(url) ? new URL(url) : undefined;
  const protocol = parts?.protocol.slice(0, -1) ?? '';
  const standard = PORTS[protocol];
  if (parts === undefined || standard === undefined)
    throw new LynchpinError('DECLARATION', "a broker's address reads amqp://user:password@host:port/vhost, or amqps:// and the same", {});
  const port = parts.port === '' ? standard : Number(parts.port);
  const account = parts.username === '' ? 'guest' : decoded(parts.username);
  const given = (name: string): number | undefined => {
    const value = Number(parts.searchParams.get(name) ?? Number.NaN);
    return Number.isInteger(value) && value >= 0 ? value : undefined;
  };
  const [frameMax, channelMax] = [given('frameMax'), given('channelMax')];
  return {
    shown: `${protocol}://${parts.host}${parts.pathname}`,
    account,
    target: {
      protocol,
      hostname: parts.hostname === '' ? 'localhost' : parts.hostname.replace(/^\[|\]$/g, ''),
      port,
      username: account,
      password: parts.password === '' && parts.username === '' ? 'guest' : decoded(parts.password),
      // amqplib decodes this one itself.
      vhost: parts.pathname.slice(1),
      heartbeat: heartbeat ?? given('heartbeat') ?? 10,
      ...(frameMax === undefined ? {} : { frameMax }),
      ...(channelMax === undefined ? {} : { channelMax }),
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
