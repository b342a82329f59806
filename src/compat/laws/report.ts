import type { Json, ObjectRecord } from '../../objects/index.js';
import { compareVersions } from '../../versions/index.js';
import type { RuleId } from '../rules/catalog.js';
import type { Subject } from '../rules/finding.js';
import { found } from '../rules/found.js';
import type { LawFinding } from './law.js';
import { shown } from './plain.js';
import type { Violation } from './violation.js';
import type { World } from './world.js';

/** What a violation was found with. */
export interface Evidence {
  readonly value: unknown;
  readonly seed: number;
  /** Whether it is worth keeping for later runs. */
  readonly kept: boolean;
}

interface Words {
  breaks(older: string, newer: string): string;
  fix(step: string, violation: Violation): string;
}

/** Who breaks, and the way out, by rule. */
const WORDS: Partial<Record<RuleId, Words>> = {
  'backport/throws': {
    breaks: (older) => `peers at ${older} get an error instead of data, and a message that waits for them cannot be moved to their lane`,
    fix: (step) =>
      `Make ${step} give a result for this input: it is valid, so it will come. Optional fields may be absent, nullable ones null, lists empty.`,
  },
  'upgrade/throws': {
    breaks: (older) => `what peers at ${older} send cannot be read`,
    fix: (step) =>
      `Make ${step} give a result for this input: peers send it. Optional fields may be absent, nullable ones null, lists empty.`,
  },
  'backport/output-invalid': {
    breaks: (older) => `peers at ${older} refuse what they are sent, or the sender fails with CONVERSION before`,
    fix: (step, { to }) =>
      `Make ${step} return what ${to.version} allows: fill what it requires, drop what it does not know, shorten what it limits.`,
  },
  'upgrade/output-invalid': {
    breaks: (older, newer) => `what peers at ${older} send cannot be read at ${newer}`,
    fix: (step, { to }) => `Make ${step} return what ${to.version} allows, whatever valid data it is given.`,
  },
  'backport/mutates-input': {
    breaks: () => 'everyone who still uses the data: it changes under their hands, and a second conversion gives something else',
    fix: (step) => `Make ${step} return a new object, { ...input, field: value }, and copy inner objects and lists before changing them.`,
  },
  'backport/aliases-input': {
    breaks: () => 'whoever changes one of the places that share: the other one changes with it',
    fix: (step) => `Make ${step} build a new object or list for each place and each call: a constant or a cache must be copied first.`,
  },
  'backport/non-deterministic': {
    breaks: () => 'whoever reads a message twice (after a redelivery, a rescue, a restart) gets two answers',
    fix: (step) => `Make ${step} depend on its input alone: no clock, no chance, nothing remembered between calls.`,
  },
  'backport/async': {
    breaks: () => 'every conversion through it fails with CONVERSION: it runs while a message is written or read, and cannot wait',
    fix: (step) => `Make ${step} an ordinary function that returns the object itself, without async; fetch what it needs before.`,
  },
  'backport/not-json': {
    breaks: (older) => `peers at ${older} get something else than was meant, or an error: JSON cannot carry it`,
    fix: (step) =>
      `Make ${step} return plain JSON: dates as RFC 3339 text, numbers finite, no undefined inside, text cut between characters (Array.from).`,
  },
  'backport/old-new-old': {
    breaks: (older) => `peers at ${older} get back other data than they sent`,
    fix: (step) => `Make both directions agree, so that what ${step} does is undone on the way back, or declare @Lossy with the reason.`,
  },
  'backport/new-old-new': {
    breaks: (_older, newer) => `peers at ${newer} find data changed that only passed through an older peer`,
    fix: () =>
      'Keep the field in both directions, or declare the loss: @Lossy({ from, to, fields, reason }). A loss that never happens is to be taken out.',
  },
  'object/lossy-undeclared': {
    breaks: (older, newer) => `peers at ${newer} lose data that peers at ${older} could have kept`,
    fix: () => 'Keep the field in the backport, or declare the loss: @Lossy({ from, to, fields, reason }).',
  },
  'backport/shared-field-changed': {
    breaks: (older, newer) => `peers at ${older} and at ${newer} see two values of one field`,
    fix: (step) =>
      `Make ${step} leave the field as it is: both versions mean the same by it. What means something else needs another name.`,
  },
  'backport/edit-in-the-middle': {
    breaks: (older) => `peers at ${older}: what they change is undone as soon as a newer peer reads it`,
    fix: (step) => `Make ${step} work out its result from the data that it is given, not from what was put aside on the way down.`,
  },
  'backport/path-dependent': {
    breaks: (older) => `peers at ${older} get other data when a message was moved from lane to lane on its way`,
    fix: (step) =>
      `Make ${step} look only at fields that exist at the version it starts from, also in the objects inside, and return only fields of the version it leads to.`,
  },
  'backport/nested-skipped': {
    breaks: (older) => `peers at ${older} meet an object at a version that they were not told of`,
    fix: (step) => `Make ${step} return inner objects in their newest form: Lynchpin converts them to the version that is carried.`,
  },
  'backport/noop': {
    breaks: () => 'nobody; but whoever reads the function believes that it does something',
    fix: (step) => `Remove ${step}: what since, until and defaults say is done without it. Or make it do what it was written for.`,
  },
  'backport/unreachable': {
    breaks: () => 'nobody; but whoever reads the function believes that it runs',
    fix: (step) => `Remove ${step}, or correct its versions.`,
  },
};

/** A violation as a finding. */
export function reported(world: World, record: ObjectRecord, violation: Violation, evidence: Evidence | undefined): LawFinding {
  const { rule, from, to, field } = violation;
  const [older, newer] = compareVersions(from.version, to.version) < 0 ? [from.version, to.version] : [to.version, from.version];
  const words = WORDS[rule];
  const name = blamed(record, violation, from.version === older ? 'upgrade' : 'backport');
  const finding = found({
    rule,
    subject: subjectOf(world, record, newer, field),
    message: `${nameOf(world, record)} ${from.version} to ${to.version}: ${violation.what}.`,
    breaks: words?.breaks(older, newer) ?? `peers at ${older}`,
    fix: fixOf(record, violation, words?.fix(name, violation) ?? `Correct ${name}.`),
    // The value is found by chance, so it is no part of what can be accepted.
    diff: [`~ ${from.version} to ${to.version}${field === undefined ? '' : ` ${field}`}`],
  });
  if (evidence === undefined) return finding;
  const { value, seed, kept } = evidence;
  return {
    ...finding,
    diff: [
      ...finding.diff,
      `- ${shown(value)}`,
      ...(violation.got === undefined ? [] : [`+ ${shown(violation.got)}`]),
      `~ found with seed ${seed}`,
    ],
    ...(kept ? { counterexample: { name: record.name, version: from.version, value: value as Json } } : {}),
  };
}

/** Where the code and the recording say two things of a version, no function can be right for both. */
function fixOf(record: ObjectRecord, { recording, to }: Violation, fix: string): string {
  if (recording === undefined) return fix;
  return `Put right first what the code says of ${record.name} ${to.version}, which is not what was recorded. If this is still told then: ${fix}`;
}

/** The function that is to be corrected, as far as it is known. */
function blamed(record: ObjectRecord, { from, to, step }: Violation, direction: string): string {
  const name = (step ?? record.steps.find((one) => one.from === from.version && one.to === to.version))?.name ?? '';
  return name === '' ? `the ${direction} of ${record.name}` : `${record.name}.${name}`;
}

/** For messages: `Volume`, `CreateVolume of volume`. */
export function nameOf(world: World, record: ObjectRecord): string {
  return record.kind === 'object' ? record.name : `${record.name} of ${world.contract?.topic ?? world.of}`;
}

/** Where findings about a class point. */
export function subjectOf(world: World, record: ObjectRecord, version: Subject['version'], field?: string): Subject {
  const at = version === undefined ? {} : { version };
  const path = field === undefined ? undefined : `fields.${field}`;
  if (record.kind === 'object') return { kind: 'object', name: record.name, ...at, ...(path === undefined ? {} : { path }) };
  const message = `messages.${record.name}`;
  return { kind: 'api', name: world.contract?.topic ?? world.of, ...at, path: path === undefined ? message : `${message}.${path}` };
}
