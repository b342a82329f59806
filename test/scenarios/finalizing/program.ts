import { connect, Fleet, LynchpinError, type Bus, type RpcClient, type Server } from 'lynchpin';
import { fleetNamesOf, namesOf, openBroker } from '#lynchpin/broker/index.js';
import { TopicLedger, type Entry } from '#lynchpin/pin/index.js';
import type { Version } from '#lynchpin/versions/index.js';
import { shiftWallClock } from '../../harness/process/wall.js';
import * as newer from '../../rpc/fixtures/new.js';
import * as older from '../../rpc/fixtures/old.js';
import { NewService, OldService } from '../../rpc/fixtures/services.js';

/** What the process is told as its only argument. */
export interface Orders {
  readonly url: string;
  readonly namespaces: readonly string[];
  readonly name: string;
  /** `neither` takes no part in the topic. */
  readonly release: 'old' | 'new' | 'neither';
  /** In seconds. */
  readonly heartbeat?: number;
  /** Milliseconds by which its wall clock is wrong. */
  readonly shift?: number;
  /** Where a process that finalizes ends itself with SIGKILL: behind the so-manieth entry of that kind. */
  readonly killBehind?: { readonly kind: Entry['kind']; readonly nth: number };
}

/** What it is asked to do, and answers. */
export type Command =
  /** @param at which of its namespaces; the first one if none is given. */
  | { readonly do: 'finalize'; readonly version: Version; readonly timeout: number; readonly at?: number }
  | { readonly do: 'send'; readonly text: string; readonly times: number }
  | { readonly do: 'shift'; readonly by: number }
  | { readonly do: 'look' };
export interface Answers {
  readonly finalize: { readonly code: string } | { readonly author: string };
  /** The codes of those that failed, and how many were sent. */
  readonly send: { readonly codes: readonly string[]; readonly sent: number };
  readonly shift: undefined;
  readonly look: { readonly states: readonly string[]; readonly ran: readonly string[] };
}

// A program: serves and calls one topic, or finalizes a version of it.
const { url, namespaces, name, release, heartbeat = 10, shift, killBehind } = JSON.parse(process.argv[2] ?? '') as Orders;
if (shift !== undefined) shiftWallClock(shift);
const servers: Server[] = [];
const services: (OldService | NewService)[] = [];
const clients: RpcClient<older.VolumeApi>[] = [];

for (const namespace of release === 'neither' ? [] : namespaces) {
  const bus: Bus = await connect(url, { name, namespace, heartbeat, backoff: { first: 50, most: 500 } });
  if (release === 'old') {
    const service = new OldService(name);
    services.push(service);
    servers.push(await bus.serve(older.VolumeApi, service, { server: name, beat: 60_000 }));
    clients.push(await bus.client(older.VolumeApi));
  } else {
    const service = new NewService(name);
    services.push(service);
    servers.push(await bus.serve(newer.VolumeApi, service, { server: name }));
  }
}

async function finalize({ version, timeout, at = 0 }: Command & { do: 'finalize' }): Promise<Answers['finalize']> {
  const namespace = namespaces[at] ?? '';
  const broker = await openBroker(url, { clientProperties: { connection_name: name } });
  const ledger = new TopicLedger(broker, 'volume', namesOf('volume', namespace).ledger);
  let seen = 0;
  ledger.watch((_state, { kind }) => {
    if (kind === killBehind?.kind && ++seen === killBehind.nth) process.kill(process.pid, 'SIGKILL');
  });
  const topic = (of: string) => namesOf(of, namespace);
  const fleet = new Fleet({ broker, namespace, names: fleetNamesOf(namespace), topic, ledger: () => ledger, author: name });
  try {
    return { author: (await fleet.finalize('volume', version, { reason: 'the column goes', timeout })).author };
  } catch (error) {
    return { code: codeOf(error) };
  } finally {
    await ledger.close();
    await broker.close();
  }
}

async function send({ text, times }: Command & { do: 'send' }): Promise<Answers['send']> {
  const codes: string[] = [];
  let sent = 0;
  for (const client of clients) {
    for (let at = 0; at < times; at++) {
      const [cast] = await Promise.allSettled([client.cast.note({ text }, { timeout: 1_000 })]);
      if (cast.status === 'fulfilled') sent += 1;
      else codes.push(codeOf(cast.reason));
    }
  }
  return { codes, sent };
}

function codeOf(error: unknown): string {
  return LynchpinError.is(error) ? error.code : String(error);
}

process.on('message', async ({ id, command }: { readonly id: number; readonly command: Command }) => {
  let answer: unknown;
  if (command.do === 'finalize') answer = await finalize(command);
  else if (command.do === 'send') answer = await send(command);
  else if (command.do === 'shift') shiftWallClock(command.by);
  else {
    const ran = services.flatMap((service) => service.ran.map(({ request }) => (request as { text?: string } | undefined)?.text ?? ''));
    answer = { states: servers.map(({ state }) => state), ran };
  }
  process.send?.({ id, answer });
});
// The test is gone: nobody is left to stop this process.
process.once('disconnect', () => process.exit(70));
process.send?.({ ready: true });
