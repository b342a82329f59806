import type { Version } from '../../versions/index.js';
import type { RuleId } from './catalog.js';

/** How much a finding matters. `error` fails a check, `warn` and `info` are told, `off` is not. */
export type Severity = 'error' | 'warn' | 'info' | 'off';

/** One thing that a rule has to say. */
export interface Finding {
  /** Whose finding it is. */
  readonly rule: RuleId;
  /** How much it matters, by the settings. */
  readonly severity: Exclude<Severity, 'off'>;
  /** What it is about. */
  readonly subject: Subject;
  /** What is wrong, in one or two sentences that name the class, the field and the versions. */
  readonly message: string;
  /** Who breaks, and how: `peers at 1.1 still require it`. */
  readonly breaks: string;
  /** The one thing to do: a command, or the declaration to write. */
  readonly fix: string;
  /** What differs, one line each, beginning with `+`, `-` or `~`. */
  readonly diff: readonly string[];
  /** Of the content: the key under which it can be accepted. It does not change while the finding stays the same. */
  readonly fingerprint: string;
}

/** Where a finding points. */
export interface Subject {
  /** What kind of thing the name is of. */
  readonly kind: 'object' | 'api' | 'recording' | 'fleet';
  /** The object's name, the API's topic, the file's path, or the service. */
  readonly name: string;
  /** Its version; undefined where it is about none, or about all. */
  readonly version?: Version;
  /** `fields.note`, `methods.cancel`, `messages.Create.fields.note`. */
  readonly path?: string;
}
