import { clientOf } from '../release/index.js';
import type { Director } from './director.js';

const SERVERS = ['volume-1', 'volume-2', 'volume-3'] as const;

/** One act of the play. */
export interface Act {
  readonly title: string;
  /** How often it watches the load for a while. */
  readonly watches: number;
  play(director: Director): Promise<void>;
}

const opening: Act = {
  title: 'Three servers of Ocata, an old client and a new one',
  watches: 1,
  async play(director) {
    await Promise.all(SERVERS.map((name) => director.startServer(name, 'ocata')));
    await Promise.all([director.startClient('ocata'), director.startClient('newest')]);
    await director.heldByAll('newest', SERVERS.length);
    director.scene.narrate('The new client speaks 3.20, but all three hold it at 3.10: it writes every request as Ocata knows it.');
    await director.watch();
  },
};

const upgrade: Act = {
  title: 'The upgrade, one server at a time',
  watches: 2,
  async play(director) {
    for (const [at, name] of SERVERS.entries()) {
      await director.replace(name, 'newest');
      director.scene.narrate(
        [
          `${name} leaves when its work is done; its successor reads 3.0 to 3.20 and serves both clients.`,
          `${name} is new too. What only 3.20 has is refused before it is sent, except what is declared early.`,
          `${name} was the last old one: nobody holds the pin any more.`,
        ][at] ?? '',
      );
      if (at < 2) await director.watch();
    }
  },
};

const release: Act = {
  title: 'The pin is released',
  watches: 1,
  async play(director) {
    const settle = director.setting.settle / 1_000;
    director.scene.narrate(`It rises once all live servers have read 3.20 for ${settle} s (shortened for this play; 10 s by default).`);
    await director.pinned('newest', '3.20', 'released');
    director.scene.narrate('The new client speaks 3.20. The old client still gets its answers in 3.10.');
    await director.watch();
  },
};

const rollBack: Act = {
  title: 'The roll-back',
  watches: 3,
  async play(director) {
    for (const [at, name] of SERVERS.entries()) {
      await director.replace(name, 'ocata');
      if (at === 0) {
        director.scene.narrate(`${name} is old again and takes only what it reads, while the pin still says 3.20.`);
        await director.pinned('newest', '3.10', 'held');
        director.scene.narrate(`${clientOf('newest')} has noticed and is back at 3.10.`);
      } else {
        director.scene.narrate(at === 1 ? `${name} is old again.` : `${name} is old again: all are Ocata, as in the beginning.`);
      }
      await director.watch();
    }
  },
};

const again: Act = {
  title: 'The upgrade again',
  watches: 2,
  async play(director) {
    for (const [at, name] of SERVERS.entries()) {
      await director.replace(name, 'newest');
      director.scene.narrate(at === 2 ? `${name} is new, and with it all.` : `${name} is new.`);
      if (at < 2) await director.watch();
    }
  },
};

/** The play: up, back, and up again. */
export const ACTS: readonly Act[] = [opening, upgrade, release, rollBack, again, { ...release, title: 'The pin is released again' }];
