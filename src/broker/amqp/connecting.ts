import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ChannelModel, SocketOptions } from 'amqplib';
import { LynchpinError } from '../../errors/index.js';
import type { BrokerServer } from '../broker.js';
import type { Address } from './address.js';
import { coalesceWrites } from './coalesce.js';
import { readUnsigned } from './unsigned.js';
import { LATE, within } from './within.js';

/** Bytes that may wait in a socket before writers are asked to pause: several ticks' worth of small messages. */
const SOCKET_BUFFER = 1 << 18;

/**
 * Opens one connection.
 * @param limit in ms, for everything up to the end of the handshake: a host that accepts and then says nothing counts
 * against it as well.
 * @throws LynchpinError `CONNECTION`, `FORBIDDEN`.
 */
export async function openConnection(address: Address, properties: Readonly<Record<string, string>>, limit: number): Promise<ChannelModel> {
  const { connect } = await import('amqplib');
  const given = new AbortController();
  const options: SocketOptions & { signal: AbortSignal; writableHighWaterMark: number } = {
    noDelay: true,
    keepAlive: true,
    timeout: limit,
    clientProperties: { ...properties },
    signal: given.signal,
    writableHighWaterMark: SOCKET_BUFFER,
  };
  const opening = connect(address.target, options);
  try {
    const model = await within(opening, limit);
    if (model === LATE) throw new Error(`no answer within ${limit} ms`);
    const { stream } = model.connection as unknown as { stream: Duplex };
    coalesceWrites(stream);
    readUnsigned(model);
    return model;
  } catch (error) {
    // Should it still come up, nobody would ever close it.
    opening.then((model) => model.close()).catch(() => {});
    given.abort();
    throw explained(error, address);
  }
}

/** Ends a connection in an orderly way, or by force when the other side does not answer. */
export async function closeConnection(model: ChannelModel, limit: number): Promise<void> {
  const { stream } = model.connection as unknown as { stream: Duplex };
  const closed = await within(model.close(), limit).catch(() => LATE);
  if (closed === LATE) stream.destroy();
}

/** Breaks a connection without a word. */
export function breakConnection(model: ChannelModel, cause: Error): void {
  (model.connection as unknown as { stream: Duplex }).stream.destroy(cause);
}

/** What the other side said of itself, and what was agreed with it. */
export function serverOf(model: ChannelModel): BrokerServer {
  const { serverProperties, heartbeat, frameMax, channelMax } = model.connection as unknown as Omit<BrokerServer, 'version'> & {
    readonly serverProperties: Readonly<Record<string, unknown>>;
  };
  const text = (name: string): string | undefined => {
    const value = serverProperties[name];
    return typeof value === 'string' ? value : undefined;
  };
  const cluster = text('cluster_name');
  return { product: text('product') ?? '', version: text('version') ?? '', cluster, heartbeat, frameMax, channelMax };
}

/** Where amqplib reports that one of its listeners threw: on the connection itself, which its model does not repeat. */
export function emitterOf(model: ChannelModel): EventEmitter {
  return model.connection as unknown as EventEmitter;
}

function explained(error: unknown, address: Address): LynchpinError {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : '';
  if (/ACCESS[-_]REFUSED|\b403\b/.test(text)) {
    return new LynchpinError('FORBIDDEN', `${address.shown} refuses the account ${address.account}: check its name and password`, {
      address: address.shown,
      account: address.account,
    });
  }
  if (/NOT[-_]ALLOWED|\b530\b|Expected ConnectionOpenOk/.test(text)) {
    return new LynchpinError('FORBIDDEN', `${address.shown} has no such virtual host, or the account ${address.account} may not enter it`, {
      address: address.shown,
      account: address.account,
    });
  }
  const reason = typeof code === 'string' ? code : text;
  return new LynchpinError('CONNECTION', `${address.shown} cannot be reached: ${reason}`, { address: address.shown }, { cause: error });
}
