import type { Version } from '../../versions/index.js';
import type { Change } from '../diff/change.js';
import type { LiveApi, LiveObject } from '../facts/surface.js';
import type { Found } from './found.js';

/** What changed in released versions, and all that a verdict on it needs. */
export interface Frozen {
  readonly live: LiveObject | LiveApi;
  /** The released versions that changed in the same way, oldest first. */
  readonly versions: readonly Version[];
  /** For sentences: `Order 1.0 to 1.2 were released, the newest in 1.4.2, and are frozen`. */
  readonly lead: string;
  /** Where the change belongs, and what to do before it can go there. */
  readonly open: { readonly version: Version; readonly how: string };
  readonly change: Change;
  /** All that changed in the newest of the versions. */
  readonly all: readonly Change[];
}

/** A finding but for what all findings of identity have in common. */
export type Verdict = Pick<Found, 'rule' | 'message' | 'breaks' | 'fix'> & {
  readonly path?: string;
  readonly severity?: NonNullable<Found['severity']>;
};
