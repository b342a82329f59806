// A process of a large fleet: as many members as the run asks for, each with connections of its own.
import { type Bus, connect, type RpcClient } from 'lynchpin';
import { now } from '../../harness/journal/index.js';
import { leave, note, onCommand } from '../../harness/process/inside.js';
import { OrdersApi as OlderApi } from '../../system/releases/a/contract.js';
import { OrdersApi as NewerApi } from '../../system/releases/b/contract.js';
import type { MemberOptions } from './fleet.js';
import { fits, type PinSeen, type PinWanted } from './pins.js';

interface Member {
  readonly bus: Bus;
  readonly client?: Pick<RpcClient<unknown>, 'pin' | 'watchPin'>;
  readonly pins: PinSeen[];
}

const members = new Map<string, Member>();
const done = (): undefined => undefined;
const refresh = done;
const older = { place: ({ order }: { order: object }) => order, ship: done, audit: done, refresh } as never;
const newer = {
  place: ({ order }: { order: object }) => order,
  ship: done,
  audit: done,
  refresh,
  split: () => 2,
  merge: () => 1,
  insure: done,
} as never;

function find(name: string): Member {
  const member = members.get(name);
  if (member === undefined) throw new Error(`there is no ${name} here`);
  return member;
}

onCommand('join', async (options: MemberOptions) => {
  const { name, role, release, url, namespace, settle, ...broker } = options;
  const started = now();
  const bus = await connect(url, { name, build: release, namespace, ...broker });
  const pins: PinSeen[] = [];
  if (role === 'server') {
    await (release === 'A' ? bus.serve(OlderApi, older, { server: name }) : bus.serve(NewerApi, newer, { server: name }));
    members.set(name, { bus, pins });
  } else {
    const rules = settle === undefined ? {} : { settle };
    const client = release === 'A' ? await bus.client(OlderApi, rules) : await bus.client(NewerApi, rules);
    const see = (): void => {
      const { version, state, readers } = client.pin;
      const last = pins.at(-1);
      if (last === undefined || !fits(last, { version, state, ...(readers !== undefined && { readers }) })) {
        pins.push({ at: now(), version, state, readers });
      }
    };
    see();
    client.watchPin(see);
    members.set(name, { bus, client, pins });
  }
  return now() - started;
});
onCommand('leave', async (name: string) => {
  await find(name).bus.close();
  members.delete(name);
});
onCommand('pins', (name: string) => find(name).pins);
onCommand('wait', async ({ name, wanted, patience }: { name: string; wanted: PinWanted; patience: number }) => {
  const { client } = find(name);
  if (client === undefined) throw new Error(`${name} is no client`);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new Error(`the pin of ${name} is ${JSON.stringify(client.pin)}`))), patience);
    const stop = client.watchPin((pin) => fits(pin, wanted) && end(resolve));
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      stop();
      settle();
    };
    if (fits(client.pin, wanted)) end(resolve);
  });
  return now();
});
process.once('SIGTERM', () => {
  void Promise.all([...members.values()].map(({ bus }) => bus.close())).then(leave);
});
note({ kind: 'ready' });
