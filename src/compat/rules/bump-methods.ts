import type { Version } from '../../versions/index.js';
import type { Change } from '../diff/change.js';
import { diffApi } from '../diff/diff-api.js';
import { describeType } from '../diff/describe.js';
import { diffLines } from '../diff/lines.js';
import { sameJson } from '../diff/same.js';
import type { ApiFacts, MethodFacts } from '../facts/facts.js';
import type { LiveApi } from '../facts/surface.js';
import { fallsBack } from './bump-enums.js';
import { unclassified } from './bump-fields.js';
import type { Finding } from './finding.js';
import { found } from './found.js';
import { crossed, renamed, todaysName } from './hop.js';
import { relationOf } from './subset.js';
import { looksRenamed } from './similar.js';
import { quoted } from './spelling.js';

/** From one version of an API to the next. */
export interface ApiHop {
  readonly owner: { readonly kind: 'api'; readonly name: string };
  readonly from: Version;
  readonly to: Version;
  readonly api: Pick<LiveApi, 'renames' | 'ended' | 'answers'>;
}

type Methods = Readonly<Record<string, MethodFacts>>;
type Removed = Extract<Change, { kind: 'method-removed' }>;
type Added = Extract<Change, { kind: 'method-added' }>;

/** What the rules of minors say about the methods of an API, from one version to the next. */
export function methodFindings(hop: ApiHop, before: ApiFacts, after: ApiFacts): Finding[] {
  const known = renamed(before.methods, after.methods, crossed(hop.api.renames, hop.from, hop.to));
  const ended = Object.keys(known).filter((name) => isEnded(hop, name));
  const older: Methods = Object.fromEntries(Object.entries(known).filter(([name]) => !ended.includes(name)));
  // What ended may come back under its name in the same version, as another method: then it is an end and a beginning.
  const changes = diffApi({ ...before, methods: older }, after).filter(({ method }) => method !== undefined);
  return [
    ...ended.map((name) => endedMethod(hop, name, known)),
    ...changes.flatMap((change) => methodFinding(hop, change, before, after)),
    ...renameHints(
      hop,
      changes,
      ended.map((name) => removal(name, known)),
    ),
  ];
}

function isEnded({ api, from, to }: ApiHop, name: string): boolean {
  const end = Object.hasOwn(api.ended, name) ? api.ended[name] : undefined;
  return end !== undefined && crossed([{ name, was: name, until: end }], from, to).length > 0;
}

/** Older callers are still served: a server that reads their versions has their methods. */
function endedMethod({ owner, from, to }: ApiHop, name: string, methods: Methods): Finding {
  return found({
    rule: 'rpc/method-removed-in-minor',
    severity: 'info',
    subject: { ...owner, version: to, path: `methods.${name}` },
    message: `${owner.name}: ${name} ends at ${to}; callers at ${from} and below are still served by every server that reads their version.`,
    breaks: 'nobody, until the floor passes the versions that have it',
    fix: 'Nothing is to be done.',
    diff: diffLines([removal(name, methods)]),
  });
}

function removal(name: string, methods: Methods): Removed {
  return { path: `methods.${name}`, method: name, kind: 'method-removed', before: methods[name] as MethodFacts, after: undefined };
}

function methodFinding(hop: ApiHop, change: Change, before: ApiFacts, after: ApiFacts): Finding[] {
  switch (change.kind) {
    case 'method-added':
      return [];
    case 'method-removed':
      return [removed(hop, change)];
    case 'takes-changed':
      return sameArguments(change.before, before, change.after, after) ? [] : [takesChanged(hop, change)];
    case 'answer-began':
    case 'answer-ended':
    case 'idempotence-changed':
      return [modeChanged(hop, change)];
    case 'values-reordered':
    case 'options-reordered':
      return [];
    case 'unclassified':
      return [unclassified(hop, change)];
    case 'values-added':
      return change.after.every((value) => isAnswered(hop, change.method ?? '', value)) ? [] : [returnChanged(hop, change)];
    default:
      return [returnChanged(hop, change)];
  }
}

/** Whether older callers get a value that they know instead of a new one. */
function isAnswered({ api, from, to }: ApiHop, method: string, value: string): boolean {
  const name = todaysName(api, method, to);
  return fallsBack(value, { from }, Object.hasOwn(api.answers, name) ? (api.answers[name] ?? []) : []);
}

function removed({ owner, from, to }: ApiHop, change: Removed): Finding {
  const name = change.method ?? '';
  return found({
    rule: 'rpc/method-removed-in-minor',
    subject: { ...owner, version: to, path: change.path },
    message: `${owner.name} ${from} has ${name}, and ${owner.name} ${to} has not, although nothing says that it ended.`,
    breaks: `callers at ${from}: no server answers to ${name} any more`,
    fix: `Declare ${name} with until: ${quoted(to)}, so that servers go on answering older callers, or keep it until the next major.`,
    diff: diffLines([change]),
  });
}

/** The name of a message is not on the wire: what counts is what is in it. */
function sameArguments(was: string | undefined, before: ApiFacts, is: string | undefined, after: ApiFacts): boolean {
  if (was === undefined || is === undefined) return false;
  return sameJson(before.messages[was], after.messages[is]);
}

function takesChanged({ owner, from, to }: ApiHop, change: Extract<Change, { kind: 'takes-changed' }>): Finding {
  const name = change.method ?? '';
  const [was, is] = [change.before ?? 'nothing', change.after ?? 'nothing'];
  return found({
    rule: 'rpc/arg-type-changed',
    subject: { ...owner, version: to, path: `methods.${name}` },
    message: `${owner.name}: ${name} takes ${is} at ${to}, where it took ${was} at ${from}.`,
    breaks: `callers at ${from}: what they send is not what servers at ${to} take`,
    fix: `End the method with until: ${quoted(to)} and begin another one of the same name with since: ${quoted(to)}, or change the fields of ${was} with since and until.`,
    diff: diffLines([change]),
  });
}

type ModeChange = Extract<Change, { kind: 'answer-began' | 'answer-ended' | 'idempotence-changed' }>;

function modeChanged({ owner, from, to }: ApiHop, change: ModeChange): Finding {
  const name = change.method ?? '';
  const safe = change.kind === 'idempotence-changed' && change.after;
  const [what, breaks] =
    change.kind === 'answer-began'
      ? ['answers since', `callers at ${from}, who cast it and do not listen for an answer`]
      : change.kind === 'answer-ended'
        ? ['no longer answers since', `callers at ${from}, who wait for an answer that never comes`]
        : change.after
          ? ['is idempotent since', 'nobody']
          : ['is no longer idempotent since', `callers at ${from}, who may send it twice and rely on its running once`];
  return found({
    rule: 'rpc/mode-changed',
    severity: safe ? 'info' : 'error',
    subject: { ...owner, version: to, path: `methods.${name}` },
    message: `${owner.name}: ${name} ${what} ${to}; at ${from} it was otherwise.`,
    breaks,
    fix: safe
      ? 'Nothing is to be done.'
      : `End the method with until: ${quoted(to)}, and begin another one of the same name with since: ${quoted(to)}: each caller gets the one of its version.`,
    diff: diffLines([change]),
  });
}

/** No function converts what is returned bare; what is in an object or message has its own rules. */
function returnChanged({ owner, from, to }: ApiHop, change: Change): Finding {
  const name = change.method ?? '';
  const narrower =
    ['null-forbidden', 'constraint-tightened', 'values-removed', 'variant-removed', 'option-removed'].includes(change.kind) ||
    (change.kind === 'type-changed' && relationOf(change.before, change.after) === 'narrowed');
  return found({
    rule: 'rpc/return-type-changed',
    severity: narrower ? 'warn' : 'error',
    subject: { ...owner, version: to, path: `methods.${name}` },
    message: `${owner.name}: ${name} returns something else at ${to} than at ${from}${change.kind === 'type-changed' ? `: ${describeType(change.after)} instead of ${describeType(change.before)}` : ''}.`,
    breaks: narrower
      ? `clients at ${to} that are still pinned: they read what servers at ${from} answer`
      : `callers at ${from}: they cannot read the answer`,
    fix: `End the method with until: ${quoted(to)} and begin another one of the same name with since: ${quoted(to)}, or return an object, whose versions convert.`,
    diff: diffLines([change]),
  });
}

/** `rpc/method-renamed`: one method goes and one like it comes, and nothing says that it is the same. */
/** @param ended methods that a declaration ends here: older callers keep them, but newer ones lose them while they are pinned. */
function renameHints({ owner, from, to }: ApiHop, changes: readonly Change[], ended: readonly Removed[]): Finding[] {
  const gone = [...ended, ...changes.filter((change): change is Removed => change.kind === 'method-removed')];
  const come = changes.filter((change): change is Added => change.kind === 'method-added');
  return gone.flatMap((before) => {
    const after = come.find((one) => isSameUnderAnotherName(before, one));
    if (after === undefined) return [];
    const [was, now] = [before.method ?? '', after.method ?? ''];
    return [
      found({
        rule: 'rpc/method-renamed',
        subject: { ...owner, version: to, path: after.path },
        message: `${owner.name}: ${now}, new at ${to}, looks like another name for ${was}, which ${from} has.`,
        breaks: ended.includes(before)
          ? `clients at ${to} that are still pinned: they may not call ${now}, although servers at ${from} have ${was}`
          : `callers at ${from}, whose ${was} nobody answers`,
        fix: `If it is the same method, declare it once: was: { until: ${quoted(to)}, name: ${quoted(was)} } on ${now}.`,
        diff: diffLines([before, after]),
      }),
    ];
  });
}

/** Whether a method that came is one that went, by what it takes and returns and by its name. */
export function isSameUnderAnotherName(before: Removed, after: Added): boolean {
  return sameJson(before.before, after.after) && looksRenamed(before.method ?? '', after.method ?? '', { of: 'methods' });
}
