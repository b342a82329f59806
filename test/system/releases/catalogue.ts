import type { Window } from '../../harness/journal/index.js';
import type { Mutation } from '../../harness/mutation/index.js';
import type { Release, StageOptions } from '../../harness/stage/index.js';

/** What each release reads, told apart from what its contract says: a check must not believe the contract. */
const WINDOWS = {
  A: { floor: '1.0', version: '1.2' },
  B: { floor: '1.0', version: '1.4' },
  C: { floor: '1.3', version: '1.5' },
} as const satisfies Record<string, Window>;

export type ReleaseName = keyof typeof WINDOWS;

/** A release in a role: `server A`. */
export type Casting = `${'server' | 'client'} ${ReleaseName}`;

/** Every release, some of them with a difference. */
export function catalogue(mutations: Partial<Record<Casting, readonly Mutation[]>> = {}): StageOptions['releases'] {
  const releases: Record<Casting, Release> = Object.fromEntries(
    (Object.keys(WINDOWS) as ReleaseName[]).flatMap((name) =>
      (['server', 'client'] as const).map((role) => {
        const program = new URL(`./${name.toLowerCase()}/${role}.js`, import.meta.url).pathname;
        const casting: Casting = `${role} ${name}`;
        return [casting, { window: WINDOWS[name], program, mutations: mutations[casting] ?? [] }];
      }),
    ),
  ) as Record<Casting, Release>;
  return releases;
}
