import type { Change } from '../diff/change.js';
import { describeField, describePresence, describeType } from '../diff/describe.js';
import type { TypeFacts } from '../facts/facts.js';
import { isSameUnderAnotherName } from './bump-fields.js';
import type { Frozen, Verdict } from './frozen.js';
import { placeOf } from './place.js';
import { quoted, spellNewField, spellType } from './spelling.js';
import { versionsText } from './words.js';

type Removed = Extract<Change, { kind: 'field-removed' }>;
type Added = Extract<Change, { kind: 'field-added' }>;

/** What a change of a released object is: one of its fields, or the umbrella that is over everything else. */
export function objectVerdict(frozen: Frozen): readonly Verdict[] {
  const { change } = frozen;
  switch (change.kind) {
    case 'field-added':
      return [fieldAdded(frozen, change)];
    case 'field-removed':
      return [fieldRemoved(frozen, change), ...renameHint(frozen, change)];
    case 'unclassified':
    case 'name-changed':
      return [umbrella(frozen)];
    default:
      return change.field === undefined ? [umbrella(frozen)] : [fieldChanged(frozen, change)];
  }
}

function fieldAdded({ live, lead, open, versions }: Frozen, change: Added): Verdict {
  const name = change.field ?? '';
  return {
    rule: 'object/field-added-no-bump',
    path: placeOf(change),
    message: `${lead}, but the field ${name} (${describeField(change.after)}) was added there.`,
    breaks: `peers released with ${live.name} ${versionsText(versions, live.versions)}: they neither send ${name} nor keep it`,
    fix: sentence(`${open.how}say since when the field exists: ${spellNewField(name, change.after, open.version)}.`),
  };
}

function fieldRemoved({ live, lead, open, versions }: Frozen, change: Removed): Verdict {
  const name = change.field ?? '';
  const required = change.before.presence === 'required';
  return {
    rule: 'object/field-removed-no-bump',
    path: placeOf(change),
    message: `${lead}, but the field ${name} (${describeField(change.before)}) is gone from there.`,
    breaks: required
      ? `peers released with ${live.name} ${versionsText(versions, live.versions)}: they require ${name}`
      : `peers released with ${live.name} ${versionsText(versions, live.versions)}: what they set as ${name} is lost without a word`,
    fix: `Bring the field back${open.how === '' ? '' : `; to end it, ${open.how.replace(/, and $/, '')}, and`} say when it ends: @Field(${spellType(change.before.type)}, { until: ${quoted(open.version)}, ... }) ${name}${required ? `, with a default or @Backport({ from: ${quoted(open.version)}, ... }) that fills it in for older readers` : ''}.`,
  };
}

/** The same as between two versions, where both halves of a rename were made in place. */
function renameHint({ live, all, open, versions }: Frozen, before: Removed): readonly Verdict[] {
  const after = all.find((one): one is Added => one.kind === 'field-added' && isSameUnderAnotherName(before, one));
  if (after === undefined) return [];
  const [was, now] = [before.field ?? '', after.field ?? ''];
  return [
    {
      rule: 'object/field-renamed',
      path: placeOf(after),
      message: `${live.name}.${now} looks like another name for ${was}, which ${live.name} ${versionsText(versions, live.versions)} has.`,
      breaks: `peers at ${versionsText(versions, live.versions)}: they know the field as ${was}`,
      fix: sentence(`${open.how}say what it was called: was: { until: ${quoted(open.version)}, name: ${quoted(was)} } on ${now}.`),
    },
  ];
}

function fieldChanged(frozen: Frozen, change: Change): Verdict {
  const { live, lead, versions } = frozen;
  return {
    rule: 'object/field-changed-no-bump',
    path: placeOf(change),
    message: `${lead}, but the field ${change.field ?? ''} ${whatHappened(change)}.`,
    breaks: `peers released with ${live.name} ${versionsText(versions, live.versions)}: they go by what it was`,
    fix: howToChange(frozen, change),
  };
}

/** What became of a field, as the end of a sentence. */
export function whatHappened(change: Change): string {
  switch (change.kind) {
    case 'presence-changed':
    case 'default-changed':
      return `was ${describePresence(change.before)} and is now ${describePresence(change.after)}`;
    case 'type-changed':
      return `was ${describeType(change.before)} and is now ${describeType(change.after)}`;
    case 'null-allowed':
      return 'was never null and now may be';
    case 'null-forbidden':
      return 'could be null and no longer can';
    case 'values-added':
      return `gained ${change.after.map(quoted).join(', ')}`;
    case 'values-removed':
      return `lost ${change.before.map(quoted).join(', ')}`;
    case 'constraint-tightened':
    case 'constraint-loosened':
    case 'constraint-replaced':
      return `had ${change.keyword} ${text(change.before)} and now has ${text(change.after)}`;
    case 'pattern-changed':
      return `had the pattern ${text(change.before)} and now has ${text(change.after)}`;
    case 'object-changed':
      return `held ${change.before} and now holds ${change.after}`;
    case 'tag-changed':
      return `told its variants apart by ${change.before} and now does by ${change.after}`;
    case 'variant-added':
      return `gained the variant ${change.variant}`;
    case 'variant-removed':
      return `lost the variant ${change.variant}`;
    case 'option-added':
      return `may now be ${describeType(change.after)} too`;
    case 'option-removed':
      return `may no longer be ${describeType(change.before)}`;
    default:
      return 'changed';
  }
}

/** The declaration that makes a change of a field one that begins at the open version. */
export function howToChange({ open }: Pick<Frozen, 'open'>, change: Change): string {
  const [version, name] = [quoted(open.version), change.field ?? ''];
  switch (change.kind) {
    case 'values-added':
      return sentence(
        `${open.how}say since when the values exist: t.enum([...], { added: { ${version}: { ${change.after.map((value) => `${quoted(value)}: '...'`).join(', ')} } } }), each with what older readers get instead.`,
      );
    case 'variant-added':
      return sentence(
        `${open.how}say since when the variant exists: t.union(..., { added: { ${version}: [${quoted(change.variant)}] } }).`,
      );
    case 'presence-changed':
    case 'default-changed':
      return `Put it back: presence and default of a field are the same at all versions. To change them, ${open.how}end ${name} with until: ${version} and begin a field of another name with since: ${version}.`;
    case 'type-changed':
    case 'null-allowed':
    case 'null-forbidden':
      return sentence(`${open.how}keep what it was until then: ${spellWas(change.before, open.version)} on ${name}, and ${functions}.`);
    default:
      return sentence(
        `${open.how}keep what it was until then: was: { until: ${version}, type: <the type as it was> } on ${name}, and ${functions}.`,
      );
  }
}

const functions = 'write @Backport and @Upgrade where one form does not fit the other';

function spellWas(type: TypeFacts, version: string): string {
  return `was: { until: ${quoted(version)}, type: ${spellType(type)} }`;
}

function umbrella({ live, lead, open, versions, change }: Frozen): Verdict {
  return {
    rule: 'object/changed-no-bump',
    ...(change.path === '' ? {} : { path: change.path }),
    message: `${lead}, but ${change.path === 'schema' ? 'its schema' : change.path === '' ? 'what it says' : change.path} is no longer what was recorded.`,
    breaks: `peers released with ${live.name} ${versionsText(versions, live.versions)}: what they rely on is not what is sent`,
    fix: sentence(
      `${open.how === '' ? `put ${live.name} ${versionsText(versions, live.versions)} back as recorded, and ` : open.how}let the change begin at ${open.version}, with since, until or was.`,
    ),
  };
}

/** A capital at the start: what is put together begins with whatever comes first. */
export function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function text(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
