import { connect, type RpcClient } from 'lynchpin';
import { Load, type Request } from '../../harness/load/index.js';
import { assignment, leave, note, onCommand } from '../../harness/process/inside.js';
import { type Kind, mix } from './mix.js';

type Bus = Awaited<ReturnType<typeof connect>>;
type Sides = Record<Request['form'], Record<string, (body: unknown, options?: object) => Promise<unknown>>>;

/** Connects, opens the release's client, and sends what the run asks for until SIGTERM. */
export async function runClient<Api>(
  open: (bus: Bus, options: { readonly settle: number }) => Promise<RpcClient<Api>>,
  order: object,
): Promise<void> {
  const { name, url, release, settings } = assignment;
  const bus = await connect(url, {
    name,
    build: release,
    namespace: String(settings['namespace']),
    heartbeat: Number(settings['heartbeat'] ?? 5),
  });
  const client = await open(bus, { settle: Number(settings['settle']) });
  const { version, state } = client.pin;
  note({ kind: 'pin', version, state });
  client.watchPin((now, before) => {
    if (now.version !== before.version || now.state !== before.state) note({ kind: 'pin', version: now.version, state: now.state });
  });
  const send = ({ form, method, to, body, timeout }: Request): Promise<unknown> => {
    const sides = (to === undefined ? client : client.at(to)) as unknown as Sides;
    return sides[form][method]!(body, form === 'call' ? { timeout } : {});
  };
  const kinds = (settings['mix'] as readonly Kind[] | undefined) ?? ['place', 'ship', 'place', 'audit', 'place', 'refresh'];
  const load = new Load(send, mix(kinds, order, settings));
  onCommand('load', ({ parallel }: { parallel: number }) => load.start(parallel));
  onCommand('after', ({ messages, patience }: { messages: number; patience: number }) => load.after(messages, patience));
  onCommand('quiet', () => load.quiet());
  onCommand('one', ({ kind }: { kind: Kind }) => load.one(mix([kind], order, settings)));
  onCommand('counted', async (servers: number) => {
    let stop: (() => void) | undefined;
    await new Promise<void>((resolve) => {
      const look = (): void => void (client.pin.readers === servers && resolve());
      stop = client.watchPin(look);
      look();
    });
    stop?.();
  });
  process.once('SIGTERM', () => {
    note({ kind: 'stopping' });
    void load
      .quiet()
      .then(() => bus.close())
      .then(leave);
  });
  note({ kind: 'ready' });
}
