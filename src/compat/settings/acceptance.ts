import type { RuleId } from '../rules/catalog.js';

/** One finding that is accepted as it is. */
export interface Acceptance {
  /** The finding's. */
  readonly fingerprint: string;
  readonly rule: RuleId;
  /** What the finding is about, for people: `Volume@1.2 fields.note`. */
  readonly subject: string;
  /** Why it is right to leave it. */
  readonly reason: string;
  /** Who decided. */
  readonly author?: string;
  /** The last day on which it holds, as `YYYY-MM-DD` in UTC. Default: it holds as long as the finding stays the same. */
  readonly expires?: string;
}
