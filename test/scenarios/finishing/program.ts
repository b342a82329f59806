import { connect, drainOnSignal } from 'lynchpin';
import { Back, BackApi, Deep, DeepApi, Front, FrontApi } from '../../rpc/fixtures/chain.js';

export type Role = 'front' | 'back' | 'deep';

/** What the process is told as its only argument. */
export interface Orders {
  readonly url: string;
  readonly namespace: string;
  readonly role: Role;
  /** Whether whoever serves `back` asks `deep`. */
  readonly chain: boolean;
  readonly drainTimeout: number;
}

/** What it tells: that it serves, how many requests its handlers have begun, or which casts it has done. */
export type Told = { readonly serving: true } | { readonly began: number } | { readonly noted: string };

// A program: serves one of three services that need one another, each in a process of its own. It is ended by SIGTERM.
const { url, namespace, role, chain, drainTimeout } = JSON.parse(process.argv[2] ?? '') as Orders;
const tell = (told: Told): void => void process.send?.(told);

const bus = await connect(url, { name: role, namespace });
drainOnSignal(bus);
const options = { server: `${role}-1`, drainTimeout };
if (role === 'front') {
  const front = new Front(await bus.client(BackApi));
  const ask = front.ask.bind(front);
  front.ask = (request, context) => {
    const answer = ask(request, context);
    tell({ began: front.began.length });
    return answer;
  };
  process.on('message', () => {
    for (const text of front.began) front.letGo(text);
  });
  await bus.serve(FrontApi, front, options);
} else if (role === 'back') {
  const back = new Back('back', chain ? await bus.client(DeepApi) : undefined);
  back.note = ({ text }) => tell({ noted: text });
  await bus.serve(BackApi, back, options);
} else await bus.serve(DeepApi, new Deep(), options);
tell({ serving: true });
// The channel to the test does not keep the process alive.
process.channel?.unref();
