import type { Severity } from '../rules/finding.js';
import type { Version } from '../../versions/index.js';

/** What a project says about its compatibility checks: `lynchpin` in its package.json, or `lynchpin.config.json` beside it. */
export interface Settings {
  /** The modules that export the contracts, seen from the project's folder. Default: whoever calls says which. */
  readonly contracts?: readonly string[];
  /** The folder of the recording, seen from the project's folder. Default: `compat`. */
  readonly recording?: string;
  /**
   * Severities by rule, or by rule and place: `object/default-changed`, `object/default-changed@Volume.fields.tier`. A place
   * stands for all that is below it, and the most exact one decides. Rules that are laws cannot be set. Default: the catalogue's.
   */
  readonly severity?: Readonly<Record<string, Severity>>;
  /** The oldest version that peers are promised, by topic or by object name. Default: none, so a floor may rise. */
  readonly promises?: Readonly<Record<string, Version>>;
}
