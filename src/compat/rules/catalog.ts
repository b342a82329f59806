import type { Severity } from './finding.js';

/** Which of the five laws a rule belongs to. `identity`: what was released is frozen. `bump`: may a minor do that? */
export type Law = 'identity' | 'bump' | 'conversion' | 'history' | 'fleet';

/** What the catalogue says of a rule. */
export interface Rule {
  /** The law that it belongs to. */
  readonly law: Law;
  /** Its severity where the settings say nothing. */
  readonly severity: Exclude<Severity, 'off'>;
  /** A law: its findings can only be accepted, one by one, with a reason. */
  readonly fixed?: true;
  /** What it says when it speaks. */
  readonly summary: string;
}

/** Every rule, by its public id. Ids are never renamed; `docs/rules/` has a page for each. */
export const RULES = {
  'object/changed-no-bump': {
    law: 'identity',
    severity: 'error',
    fixed: true,
    summary: 'A released version of an object changed in a way that no narrower rule names.',
  },
  'object/field-added-no-bump': {
    law: 'identity',
    severity: 'error',
    fixed: true,
    summary: 'A field was added to a released version of an object.',
  },
  'object/field-removed-no-bump': {
    law: 'identity',
    severity: 'error',
    fixed: true,
    summary: 'A field is gone from a released version of an object.',
  },
  'object/field-changed-no-bump': {
    law: 'identity',
    severity: 'error',
    fixed: true,
    summary: 'A field of a released version of an object has another type, constraint, default or presence.',
  },
  'object/child-bumped-parent-not': {
    law: 'identity',
    severity: 'error',
    fixed: true,
    summary: 'A released version of an API carries another version of an object than it was released with.',
  },
  'rpc/method-added-no-bump': {
    law: 'identity',
    severity: 'error',
    fixed: true,
    summary: 'A method was added to a released version of an API.',
  },
  'rpc/arg-added-no-bump': {
    law: 'identity',
    severity: 'error',
    fixed: true,
    summary: 'A method of a released version of an API takes a field more.',
  },
  'rpc/signature-changed-no-bump': {
    law: 'identity',
    severity: 'error',
    fixed: true,
    summary: 'What a method of a released version of an API takes has changed.',
  },
  'rpc/return-changed-no-bump': {
    law: 'identity',
    severity: 'error',
    fixed: true,
    summary: 'What a method of a released version of an API returns has changed.',
  },
  'rpc/error-changed-no-bump': {
    law: 'identity',
    severity: 'warn',
    summary: 'The errors that a released version of an API declares have changed.',
  },
  'lock/missing-entry': { law: 'identity', severity: 'error', summary: 'A version is declared that is not recorded.' },
  'lock/stale': { law: 'identity', severity: 'error', summary: 'An unreleased recording differs from the code.' },
  'lock/edited-by-hand': {
    law: 'identity',
    severity: 'error',
    fixed: true,
    summary: 'A recorded file does not hash to its own fingerprint.',
  },
  'lock/released-entry-rewritten': {
    law: 'identity',
    severity: 'error',
    fixed: true,
    summary: 'A released recording differs from the same one at the baseline.',
  },
  'object/required-field-added-no-default': {
    law: 'bump',
    severity: 'error',
    summary: 'A new required field has neither a default nor an upgrade function.',
  },
  'object/field-added-out': {
    law: 'bump',
    severity: 'info',
    summary: 'A field was added to what is only returned; older readers get it dropped.',
  },
  'object/backport-missing-for-field': {
    law: 'bump',
    severity: 'error',
    fixed: true,
    summary: 'Nothing makes what an older version of the object requires.',
  },
  'object/field-removed-no-major': {
    law: 'bump',
    severity: 'error',
    summary: 'A field that older peers require disappears and nothing fills it in for them.',
  },
  'object/field-renamed': {
    law: 'bump',
    severity: 'warn',
    summary: 'A field seems to have been renamed, but it is declared as one removed and one added.',
  },
  'object/name-reused': { law: 'bump', severity: 'error', summary: 'The name of a field that was removed comes back with another type.' },
  'object/type-changed': {
    law: 'bump',
    severity: 'error',
    summary: 'A field has a type that shares no values with its old one, and a conversion is missing.',
  },
  'object/type-narrowed': { law: 'bump', severity: 'error', summary: 'A field takes less than it did.' },
  'object/type-widened': { law: 'bump', severity: 'error', summary: 'A field may hold more than it did.' },
  'object/enum-value-added': { law: 'bump', severity: 'error', summary: 'An enum has a value that older readers do not know.' },
  'object/enum-value-removed': { law: 'bump', severity: 'error', summary: 'An enum lacks a value that older senders still send.' },
  'object/enum-default-fallback-missing': {
    law: 'bump',
    severity: 'info',
    summary: 'An enum of what is returned has no value that says "something else".',
  },
  'object/nullable-to-nonnull': { law: 'bump', severity: 'error', summary: 'A field that could be null no longer can.' },
  'object/nonnull-to-nullable': { law: 'bump', severity: 'error', summary: 'A field that was never null now can be.' },
  'object/optional-to-required': { law: 'bump', severity: 'error', summary: 'A field that could be missing no longer can.' },
  'object/required-to-optional': { law: 'bump', severity: 'error', summary: 'A field that was always there may now be missing.' },
  'object/constraint-tightened': { law: 'bump', severity: 'error', summary: 'A constraint forbids values that it allowed.' },
  'object/constraint-loosened': { law: 'bump', severity: 'error', summary: 'A constraint allows values that it forbade.' },
  'object/pattern-changed': { law: 'bump', severity: 'warn', summary: 'A pattern changed; samples decide what it now refuses.' },
  'object/default-changed': { law: 'bump', severity: 'error', summary: 'The same missing field now means something else.' },
  'object/default-invalid': { law: 'bump', severity: 'error', fixed: true, summary: 'A default does not fit its own type.' },
  'object/lossy-undeclared': {
    law: 'bump',
    severity: 'error',
    fixed: true,
    summary: 'A conversion loses what both versions can hold, and does not say so.',
  },
  'rpc/method-removed-in-minor': { law: 'bump', severity: 'error', summary: 'A method that older callers know is gone.' },
  'rpc/method-renamed': {
    law: 'bump',
    severity: 'warn',
    summary: 'A method seems to have been renamed, but it is declared as one removed and one added.',
  },
  'rpc/arg-added-no-default': { law: 'bump', severity: 'error', summary: 'A method requires a field that older callers do not send.' },
  'rpc/arg-removed': { law: 'bump', severity: 'error', summary: 'A method no longer takes a field that older servers require.' },
  'rpc/arg-type-changed': { law: 'bump', severity: 'error', summary: 'A field of what a method takes has another type.' },
  'rpc/return-type-changed': { law: 'bump', severity: 'error', summary: 'A method returns another type than it did.' },
  'rpc/mode-changed': { law: 'bump', severity: 'error', summary: 'A method began or ceased to answer, or is no longer idempotent.' },
  'rpc/routing-changed': { law: 'bump', severity: 'error', summary: 'An API moved to another topic, where its older peers do not look.' },
  'schema/unclassified-change': { law: 'bump', severity: 'error', summary: 'Two versions differ in a way that no rule knows.' },
  'backport/missing': { law: 'conversion', severity: 'error', fixed: true, summary: 'A version of the window cannot be reached.' },
  'backport/throws': { law: 'conversion', severity: 'error', fixed: true, summary: 'A backport throws on a valid value.' },
  'backport/output-invalid': {
    law: 'conversion',
    severity: 'error',
    fixed: true,
    summary: 'What a backport gives does not fit the recorded schema of its version.',
  },
  'backport/mutates-input': { law: 'conversion', severity: 'error', fixed: true, summary: 'A conversion changes what it was given.' },
  'backport/aliases-input': {
    law: 'conversion',
    severity: 'error',
    fixed: true,
    summary: 'What a conversion gives is shared with something else.',
  },
  'backport/non-deterministic': {
    law: 'conversion',
    severity: 'error',
    fixed: true,
    summary: 'A conversion gives two results for one value.',
  },
  'backport/async': { law: 'conversion', severity: 'error', fixed: true, summary: 'A conversion is asynchronous.' },
  'backport/not-json': { law: 'conversion', severity: 'error', fixed: true, summary: 'What a conversion gives is not plain JSON.' },
  'backport/old-new-old': {
    law: 'conversion',
    severity: 'error',
    fixed: true,
    summary: 'Old data that was upgraded does not come back as it was.',
  },
  'backport/new-old-new': {
    law: 'conversion',
    severity: 'error',
    fixed: true,
    summary: 'What is lost on the way down and up is not what is declared to be lost.',
  },
  'backport/shared-field-changed': {
    law: 'conversion',
    severity: 'error',
    fixed: true,
    summary: 'A field that is the same in both versions has another value after a conversion.',
  },
  'backport/edit-in-the-middle': {
    law: 'conversion',
    severity: 'error',
    fixed: true,
    summary: 'What an older peer changed is undone on the way back.',
  },
  'backport/path-dependent': {
    law: 'conversion',
    severity: 'error',
    fixed: true,
    summary: 'The way over a version between gives another result than the direct one.',
  },
  'backport/nested-skipped': {
    law: 'conversion',
    severity: 'error',
    fixed: true,
    summary: 'An object inside is not at the version that is carried.',
  },
  'backport/noop': { law: 'conversion', severity: 'error', fixed: true, summary: 'A conversion function does nothing.' },
  'backport/unreachable': { law: 'conversion', severity: 'error', fixed: true, summary: 'A conversion function can never run.' },
  'upgrade/output-invalid': {
    law: 'conversion',
    severity: 'error',
    fixed: true,
    summary: 'What an upgrade gives does not fit the schema of its version.',
  },
  'upgrade/throws': { law: 'conversion', severity: 'error', fixed: true, summary: 'An upgrade throws on a valid value.' },
  'corpus/decode-failed': {
    law: 'conversion',
    severity: 'error',
    fixed: true,
    summary: 'A kept message of a released version can no longer be read.',
  },
  'history/gap': { law: 'history', severity: 'error', fixed: true, summary: 'Versions are skipped or missing between two that are known.' },
  'history/backwards': { law: 'history', severity: 'error', fixed: true, summary: 'The code is at a lower version than the one recorded.' },
  'history/two-majors': {
    law: 'history',
    severity: 'error',
    summary: 'Two majors are alive without a declared bridge, or a new major does not begin at .0.',
  },
  'history/major-without-break': { law: 'history', severity: 'warn', summary: 'A new major has nothing that a minor could not have.' },
  'history/minor-with-break': { law: 'history', severity: 'error', summary: 'A minor has what only a major may.' },
  'history/parent-child-out-of-order': {
    law: 'history',
    severity: 'error',
    fixed: true,
    summary: 'A newer version of an API carries an older version of an object.',
  },
  'history/window-broken': {
    law: 'history',
    severity: 'error',
    summary: 'The floor passed a version that is promised, or all that was released.',
  },
  'history/early-removal': {
    law: 'history',
    severity: 'error',
    summary: 'Something deprecated is gone before the version that was announced.',
  },
  'history/deprecated-no-replacement': {
    law: 'history',
    severity: 'warn',
    summary: 'A deprecation does not say what to use instead, or when the end comes.',
  },
  'history/release-not-stamped': {
    law: 'history',
    severity: 'error',
    summary: 'The package has a release whose versions are not stamped as released.',
  },
  'history/changelog-missing': { law: 'history', severity: 'warn', summary: 'A new version has no line for the changelog.' },
  'name/duplicate': { law: 'history', severity: 'error', fixed: true, summary: 'Two classes have one name on the wire.' },
  'name/renamed-class': {
    law: 'history',
    severity: 'error',
    fixed: true,
    summary: 'An object that was recorded is gone, and one of the same shape has another name.',
  },
  'fleet/client-newer-than-server': {
    law: 'fleet',
    severity: 'error',
    summary: 'A client is newer than everything that its servers read.',
  },
  'fleet/below-min-supported': {
    law: 'fleet',
    severity: 'error',
    summary: 'A peer is older than everything that another one reads.',
  },
  'fleet/unknown': { law: 'fleet', severity: 'error', summary: 'Nothing is known of what runs.' },
  'wire/newer-than-known': {
    law: 'fleet',
    severity: 'error',
    fixed: true,
    summary: 'Data newer than a reader is not refused with a typed error.',
  },
  'queue/time-capsule': { law: 'fleet', severity: 'error', summary: 'A message queued by one release cannot be handled by the other.' },
  'accept/expired': { law: 'fleet', severity: 'error', summary: 'An acceptance is past its date.' },
  'accept/unused': { law: 'fleet', severity: 'error', summary: 'An acceptance matches nothing.' },
} as const satisfies Record<string, Rule>;

/** The id of a rule. */
export type RuleId = keyof typeof RULES;
