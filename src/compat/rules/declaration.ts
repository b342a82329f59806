import { LynchpinError } from '../../errors/index.js';
import { isVersion } from '../../versions/index.js';
import type { RuleId } from './catalog.js';
import type { Finding } from './finding.js';
import { found } from './found.js';

/** What an error of a declaration says in its details. */
interface Told {
  readonly class: string;
  readonly field: string;
  readonly version: string;
  readonly before: string;
  /** The class whose versions count. */
  readonly of: string;
  readonly object: string;
  readonly method: string;
  readonly head: string;
}

interface Verdict {
  readonly rule: RuleId;
  /** Where it is about a message's field. Default: the rule. */
  readonly argument?: RuleId;
  readonly subject: 'object' | 'api';
  readonly path?: (told: Told) => string;
  readonly breaks: (told: Told) => string;
  readonly fix: (told: Told) => string;
}

const field = ({ field: name }: Told): string => `fields.${name}`;

/** What loading refuses, by the `problem` in the details of the error. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  'begins-unfilled': {
    rule: 'object/required-field-added-no-default',
    argument: 'rpc/arg-added-no-default',
    subject: 'object',
    path: field,
    breaks: ({ before, version }) => `peers at ${before}: readers at ${version} refuse what they send`,
    fix: ({ field: name, version, before }) =>
      `Give ${name} a default, as in { since: '${version}', default: ... }, make it optional: true, or write @Upgrade({ from: '${before}', to: '${version}' }).`,
  },
  'ends-unfilled': {
    rule: 'object/field-removed-no-major',
    argument: 'rpc/arg-removed',
    subject: 'object',
    path: field,
    breaks: ({ before, field: name }) => `peers at ${before}: they require ${name}`,
    fix: ({ version, before }) =>
      `Give it a default or make it optional: true along with until: '${version}', write @Backport({ from: '${version}', to: '${before}' }), or keep it until the next major.`,
  },
  'type-unconverted': {
    rule: 'object/type-changed',
    argument: 'rpc/arg-type-changed',
    subject: 'object',
    path: field,
    breaks: ({ before, version }) => `peers at ${before} and at ${version}: neither can read what the other writes`,
    fix: ({ version, before }) =>
      `Write @Backport({ from: '${version}', to: '${before}' }) and @Upgrade({ from: '${before}', to: '${version}' }), or put the new form into a field of its own.`,
  },
  'default-invalid': {
    rule: 'object/default-invalid',
    subject: 'object',
    path: field,
    breaks: ({ version }) => `readers at ${version}: they refuse what was filled in`,
    fix: ({ field: name }) => `Correct the default of ${name}, or the constraint that it violates.`,
  },
  'begins-above-line': {
    rule: 'object/field-added-no-bump',
    argument: 'rpc/arg-added-no-bump',
    subject: 'object',
    path: field,
    breaks: ({ of, version }) => `everyone: there is no ${of} ${version} to have the field`,
    // Not the command: it would have to load what cannot be loaded.
    fix: ({ of, version }) => `Write version: '${version}' at ${of}. What else that takes, the next check says.`,
  },
  'method-above-line': {
    rule: 'rpc/method-added-no-bump',
    subject: 'api',
    path: ({ method }) => `methods.${method}`,
    breaks: ({ class: name, version }) => `everyone: there is no ${name} ${version} to have the method`,
    fix: ({ class: name, version }) => `Write version: '${version}' at ${name}. What else that takes, the next check says.`,
  },
  'name-twice': {
    rule: 'name/duplicate',
    subject: 'object',
    breaks: () => 'peers that get the one where they expect the other',
    fix: () => 'Give one of them another name with { name }, or delete it.',
  },
  'step-off-line': {
    rule: 'backport/unreachable',
    subject: 'object',
    breaks: () => 'nobody; but whoever wrote it believes that it runs',
    fix: ({ of }) => `Correct its from and to to neighbouring versions of ${of}, or delete it.`,
  },
  'carries-backwards': {
    rule: 'history/parent-child-out-of-order',
    subject: 'api',
    path: ({ object }) => `carries.${object}`,
    breaks: ({ class: name, version, object }) => `peers that go to ${name} ${version}: they would lose what ${object} had gained`,
    fix: ({ object }) => `Let carries name versions of ${object} that ascend.`,
  },
  'carries-nothing': {
    rule: 'object/child-bumped-parent-not',
    subject: 'api',
    path: ({ object }) => `carries.${object}`,
    breaks: ({ object }) => `nobody, but what ${object} gained after its first version is never sent`,
    fix: ({ version, object, head }) =>
      `Write carries: { '${version}': { ${object}: '${head}' } }; npx lynchpin compat bump ${object} --minor --parents does so with each bump.`,
  },
  'carries-above-line': {
    rule: 'object/child-bumped-parent-not',
    subject: 'api',
    breaks: ({ class: name, version }) => `everyone: there is no ${name} ${version} to carry it`,
    fix: ({ class: name, version }) => `Write version: '${version}' at ${name}. What else that takes, the next check says.`,
  },
};

/**
 * What the declarations are refused for when they are loaded, as the finding of the rule that says so. Nothing for an error
 * that no rule is about: then the check could not be made.
 * @param error what importing the contracts, or looking into them, threw.
 */
export function declarationFindings(error: unknown): Finding[] {
  if (!LynchpinError.is(error, 'DECLARATION')) return [];
  const { problem, kind, version } = error.details;
  const verdict = typeof problem === 'string' && Object.hasOwn(VERDICTS, problem) ? VERDICTS[problem] : undefined;
  if (verdict === undefined) return [];
  const told = Object.fromEntries(Object.entries(error.details).map(([key, value]) => [key, String(value)])) as unknown as Told;
  const argument = kind === 'message' && verdict.argument !== undefined;
  const path = verdict.path?.(told);
  const subject = argument
    ? { kind: 'api' as const, name: told.of, path: `messages.${told.class}.${path ?? ''}` }
    : { kind: verdict.subject, name: told.class, ...(path === undefined ? {} : { path }) };
  const text = error.message.replace(/^DECLARATION: /, '');
  return [
    found({
      rule: argument ? (verdict.argument as RuleId) : verdict.rule,
      subject: { ...subject, ...(isVersion(version) ? { version } : {}) },
      message: `${subject.name}${isVersion(version) ? ` ${version}` : ''} cannot be declared so: ${text}.`,
      breaks: verdict.breaks(told),
      fix: verdict.fix(told),
      diff: [`~ ${path ?? told.class}: ${String(problem)}`],
    }),
  ];
}
