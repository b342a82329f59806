import type { Change, PresenceFacts } from '../diff/change.js';
import { describePresence } from '../diff/describe.js';
import { diffLines } from '../diff/lines.js';
import { diffFields } from '../diff/diff-fields.js';
import { sameJson } from '../diff/same.js';
import type { FieldFacts } from '../facts/facts.js';
import { enumsWithoutOpenValue } from './bump-enums.js';
import { demanded, typeFinding, type Demand } from './bump-types.js';
import type { Finding } from './finding.js';
import { found } from './found.js';
import { crossed, hasStep, isBridged, levelOf, renamed, spellStep, victims, type Hop } from './hop.js';
import { placeOf, where } from './place.js';
import { looksRenamed } from './similar.js';
import { quoted, spellNewField } from './spelling.js';
import { listed } from './words.js';

type Fields = Readonly<Record<string, FieldFacts>>;
type Added = Extract<Change, { kind: 'field-added' }>;
type Removed = Extract<Change, { kind: 'field-removed' }>;

/** What the rules of minors say about the fields of an object or message, from one version to the next. */
export function fieldFindings(hop: Hop, before: Fields, after: Fields): Finding[] {
  const place = hop.message ? { path: `messages.${hop.name}`, message: hop.name } : { path: '' };
  const changes = diffFields(renamed(before, after, crossed(hop.conversions.renames, hop.from, hop.to)), after, place);
  return [
    ...changes.flatMap((change) => fieldFinding(hop, change, changes)),
    ...renameHints(hop, changes),
    ...enumsWithoutOpenValue(hop, changes, after),
  ];
}

function fieldFinding(hop: Hop, change: Change, all: readonly Change[]): Finding[] {
  switch (change.kind) {
    case 'field-added':
      return fieldAdded(hop, change);
    case 'field-removed':
      return fieldRemoved(hop, change, all);
    case 'presence-changed':
      return presenceFinding(hop, change, change.before, change.after);
    case 'default-changed':
      return defaultFinding(hop, change);
    case 'unclassified':
      return [unclassified(hop, change)];
    default:
      return typeFinding(hop, change);
  }
}

/** Older readers get a new field dropped; what matters is what newer ones make of data that lacks it. */
function fieldAdded(hop: Hop, change: Added): Finding[] {
  const { from, to, direction } = hop;
  const subject = { ...hop.owner, version: to, path: placeOf(change) };
  if (change.after.presence === 'required' && !hasStep(hop, 'up')) {
    return [
      found({
        rule: hop.message ? 'rpc/arg-added-no-default' : 'object/required-field-added-no-default',
        severity: direction === 'none' ? 'info' : 'error',
        subject,
        message: `${where(hop, change)} is required since ${to}, but what comes from ${from} has none.`,
        breaks:
          direction === 'out' ? `clients at ${to} that are still pinned: what servers at ${from} answer lacks it` : victims(hop, 'up'),
        fix: `Give it a default, as in ${spellNewField(change.field ?? '', change.after, to)}, make it optional: true, or write ${spellStep(hop, 'up')}.`,
        diff: diffLines([change]),
      }),
    ];
  }
  if (direction !== 'out' || hop.message) return [];
  return [
    found({
      rule: 'object/field-added-out',
      subject,
      message: `${where(hop, change)} is new at ${to}; readers at ${from} get it dropped.`,
      breaks: 'nobody',
      fix: `Nothing is to be done. If it matters to older readers, tell them with ${spellStep(hop, 'down')}.`,
      diff: diffLines([change]),
    }),
  ];
}

/** Whoever is older goes on requiring what is gone; optional fields they can do without, defaults are filled in for them. */
function fieldRemoved(hop: Hop, change: Removed, all: readonly Change[]): Finding[] {
  const { from, to, direction } = hop;
  const subject = { ...hop.owner, version: to, path: placeOf(change) };
  const gone = where(hop, change);
  const filled = change.before.presence !== 'required' || hasStep(hop, 'down');
  if (filled || direction === 'none') {
    const how = hasStep(hop, 'down')
      ? `${spellStep(hop, 'down')} makes it`
      : change.before.presence === 'required'
        ? 'no API reaches it'
        : change.before.presence === 'optional'
          ? 'it was optional'
          : 'its default is filled in';
    return [
      found({
        rule: hop.message ? 'rpc/arg-removed' : 'object/field-removed-no-major',
        severity: 'info',
        subject,
        message: `${gone} ends at ${to}; for peers at ${from} that is no break: ${how}.`,
        breaks: 'nobody',
        fix: hasStep(hop, 'up')
          ? 'Nothing is to be done.'
          : `Nothing is to be done, unless what older peers set there still matters: then write ${spellStep(hop, 'up')}.`,
        diff: diffLines([change]),
      }),
    ];
  }
  const heirs = all.flatMap(({ kind, field }) => (kind === 'field-added' && field !== undefined ? [field] : []));
  if (!hop.message && heirs.length > 0) return [backportMissing(hop, change, heirs)];
  return [
    found({
      rule: hop.message ? 'rpc/arg-removed' : 'object/field-removed-no-major',
      severity: 'error',
      subject,
      message: `${gone} ends at ${to}, but peers at ${from} require it, and nothing fills it in for them.`,
      breaks: hop.message
        ? `servers at ${from}: clients at ${to} that are pinned cannot call them`
        : victims({ ...hop, direction: 'both' }, 'down'),
      fix: `Give it a default or make it optional: true along with until: '${to}', write ${spellStep(hop, 'down')}, or keep it until the next major.`,
      diff: diffLines([change]),
    }),
  ];
}

/** `object/backport-missing-for-field`: data moved from a field to others, and there is no way back. */
function backportMissing(hop: Hop, change: Removed, heirs: readonly string[]): Finding {
  const { from, to } = hop;
  return found({
    rule: 'object/backport-missing-for-field',
    subject: { ...hop.owner, version: to, path: placeOf(change) },
    message: `${where(hop, change)} ends at ${to}, where ${listed(heirs)} ${heirs.length === 1 ? 'begins' : 'begin'}, but readers at ${from} still require it, and nothing makes it for them.`,
    breaks: victims({ ...hop, direction: 'both' }, 'down'),
    fix: `Write ${spellStep(hop, 'down')}, which makes ${change.field ?? ''} of what ${to} has; or give it a default along with until: '${to}'.`,
    diff: diffLines([change]),
  });
}

function presenceFinding(hop: Hop, change: Change, before: PresenceFacts, after: PresenceFacts): Finding[] {
  const says = `was ${describePresence(before)} and is ${describePresence(after)}`;
  const tighter: Demand = {
    rule: 'object/optional-to-required',
    ways: ['up'],
    says: `${says}, so it can no longer be missing (which is not the same as null)`,
    instead: 'keep it optional: true, or give it a default',
  };
  const looser: Demand = {
    rule: 'object/required-to-optional',
    ways: ['down'],
    says: `${says}, so it may now be missing (which is not the same as null)`,
    instead: 'keep it required, or give it a default, which writers always fill in',
  };
  if (before.presence === 'optional' && after.presence === 'required') return demanded(hop, change, tighter);
  // Lynchpin's own writers have always filled in the default, but the older schema let others leave it out.
  if (before.presence === 'defaulted' && after.presence === 'required') return demanded(hop, change, { ...tighter, severity: 'warn' });
  if (before.presence === 'required' && after.presence === 'optional') return demanded(hop, change, looser);
  return [];
}

/** Two defaults are one meaning too many for a field that is not there. */
function defaultFinding(hop: Hop, change: Extract<Change, { kind: 'default-changed' }>): Finding[] {
  if (hasStep(hop, 'up') || fallsBackTo(hop, change)) return [];
  const { from, to } = hop;
  return [
    found({
      rule: 'object/default-changed',
      severity: levelOf('up', hop.direction),
      subject: { ...hop.owner, version: to, path: placeOf(change) },
      message: `${where(hop, change)} is ${describePresence(change.before)} at ${from} and ${describePresence(change.after)} at ${to}: the same missing field means two things.`,
      breaks: `whoever leaves it out at ${from}: readers at ${to} take it for something else`,
      fix: `Keep ${describePresence(change.before)}, or write the old one explicitly in ${spellStep(hop, 'up')}.`,
      diff: diffLines([change]),
    }),
  ];
}

/** The default of an enum is, for older readers, what its value falls back to. */
function fallsBackTo(hop: Hop, { before, after }: Extract<Change, { kind: 'default-changed' }>): boolean {
  let value: unknown = after.default;
  for (let hops = 0; hops <= hop.conversions.fallbacks.length; hops++) {
    if (sameJson(value, before.default)) return true;
    const current = value;
    const next = hop.conversions.fallbacks.find((fallback) => fallback.value === current)?.instead;
    if (next === undefined) return false;
    value = next;
  }
  return false;
}

/** `object/field-renamed`: one field goes and one like it comes, and nothing says that it is the same. */
function renameHints(hop: Hop, changes: readonly Change[]): Finding[] {
  if (isBridged(hop)) return [];
  const gone = changes.filter((change): change is Removed => change.kind === 'field-removed');
  const come = changes.filter((change): change is Added => change.kind === 'field-added');
  return gone.flatMap((before) => {
    const after = come.find((one) => isSameUnderAnotherName(before, one));
    if (after === undefined) return [];
    const [was, now] = [before.field ?? '', after.field ?? ''];
    return [
      found({
        rule: 'object/field-renamed',
        subject: { ...hop.owner, version: hop.to, path: placeOf(after) },
        message: `${where(hop, after)} looks like another name for ${was}, which ends at ${hop.to}, where ${now} begins.`,
        breaks: `nobody, but what peers at ${hop.from} set as ${was} does not arrive as ${now}, nor the other way round`,
        fix: `If it is the same field, declare it once: was: { until: ${quoted(hop.to)}, name: ${quoted(was)} } on ${now}.`,
        diff: diffLines([before, after]),
      }),
    ];
  });
}

/** Also where a released version changed: there the two are seen without a version between them. */
export function isSameUnderAnotherName(before: Removed, after: Added): boolean {
  return sameJson(before.before.type, after.after.type) && looksRenamed(before.field ?? '', after.field ?? '', { of: 'fields' });
}

/** `schema/unclassified-change`: the world is closed, so what nobody understands is not let through. */
export function unclassified(hop: Pick<Hop, 'owner' | 'from' | 'to'>, change: Change): Finding {
  const { owner, from, to } = hop;
  return found({
    rule: 'schema/unclassified-change',
    subject: { ...owner, version: to, ...(change.path === '' ? {} : { path: change.path }) },
    message: `${owner.name} ${from} and ${owner.name} ${to} differ at ${change.path === '' ? 'their top' : change.path} in a way that no rule knows.`,
    breaks: `perhaps peers at ${from}: nobody can tell`,
    fix: 'Record with the release of Lynchpin that checks (npx lynchpin compat record), or report the difference as a gap in its rules.',
    diff: diffLines([change]),
  });
}
