import { ACTS } from './acts.js';
import type { Director } from './director.js';

/** How often the queues are looked at, in ms. */
const LOOK_EVERY = 250;
/** How often the totals are told, in ms. */
const TELL_EVERY = 1_000;

/** How many times a whole play watches the load. */
export const WATCHES = ACTS.reduce((sum, { watches }) => sum + watches, 0);

/** Plays every act, then lets everything come to rest and everybody leave. */
export async function play(director: Director): Promise<void> {
  const { scene } = director;
  const stopLooking = repeatedly(LOOK_EVERY, () => director.look());
  const stopTelling = repeatedly(TELL_EVERY, async () => scene.tellTotals());
  try {
    for (const [at, act] of ACTS.entries()) {
      scene.begins(at + 1, ACTS.length, act.title);
      await act.play(director);
    }
    await director.quieten();
  } finally {
    await stopTelling();
    await stopLooking();
  }
  const dead = (await director.look()).find(({ kind }) => kind === 'dead')?.messages ?? 0;
  if (dead > 0) scene.hear({ kind: 'problem', name: 'dead letters', text: `${dead} messages stand on the dead-letter queue` });
  await director.dismiss();
  scene.tellTotals();
}

/** Does something again and again, never twice at a time; answers what stops it. */
function repeatedly(every: number, work: () => Promise<unknown>): () => Promise<void> {
  let timer: NodeJS.Timeout;
  let stopped = false;
  let working: Promise<unknown> = Promise.resolve();
  const again = (): void => {
    timer = setTimeout(() => {
      // One that fails is one less; the next comes soon.
      working = work()
        .catch(() => {})
        .then(() => {
          if (!stopped) again();
        });
    }, every);
  };
  again();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await working;
  };
}
