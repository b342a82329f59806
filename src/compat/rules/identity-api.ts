import type { Version } from '../../versions/index.js';
import type { Change } from '../diff/change.js';
import { describeField, describeMethod, describeType } from '../diff/describe.js';
import type { ApiFacts } from '../facts/facts.js';
import type { LiveApi } from '../facts/surface.js';
import { isSameUnderAnotherName } from './bump-methods.js';
import type { Frozen, Verdict } from './frozen.js';
import { howToChange, objectVerdict, sentence, whatHappened } from './identity-object.js';
import { placeOf } from './place.js';
import { quoted, spellNewField } from './spelling.js';
import { listed, versionsText } from './words.js';

/** What a change of a released API is. */
export function apiVerdict(frozen: Frozen, live: LiveApi, version: Version): readonly Verdict[] {
  const { change } = frozen;
  const at = `${live.name} ${versionsText(frozen.versions, live.versions)}`;
  switch (change.kind) {
    case 'method-added':
      return [methodAdded(frozen, at, change.method ?? '')];
    case 'method-removed':
      return [methodRemoved(frozen, at, live, change), ...renameHint(frozen, at, change)];
    case 'carries-changed':
      return [childBumped(frozen, at, change)];
    case 'carries-added':
    case 'carries-removed':
      // It follows from a method or a message that changed; where there is none, from an object that did.
      return explained(frozen) ? [] : objectVerdict(frozen);
    case 'message-added':
    case 'message-removed':
      return explained(frozen)
        ? []
        : [
            signature(
              frozen,
              at,
              `the message ${change.message ?? ''}`,
              change.kind === 'message-added' ? 'is new there' : 'is gone from there',
              frozen.open.version,
            ),
          ];
    case 'error-added':
    case 'error-removed':
      return [errorChanged(frozen, change)];
    case 'takes-changed':
      return [
        {
          rule: 'rpc/signature-changed-no-bump',
          path: `methods.${change.method ?? ''}`,
          message: `${frozen.lead}, but ${change.method ?? ''} took ${change.before ?? 'nothing'} there and now takes ${change.after ?? 'nothing'}.`,
          breaks: `callers and servers released with ${at}: they go by what it took`,
          fix: `Where only the class was renamed, keep its name: @Message({ name: ${quoted(change.before ?? '')} }). Otherwise ${frozen.open.how}${splitMethod(frozen)}.`,
        },
      ];
    case 'answer-began':
    case 'answer-ended':
      return [
        returnChanged(frozen, at, change.kind === 'answer-began' ? `now answers ${describeType(change.after)}` : 'no longer answers'),
      ];
    case 'idempotence-changed':
      return [idempotence(frozen, at, change.after)];
    case 'unclassified':
      return objectVerdict(frozen);
    default:
      if (change.message !== undefined && change.field !== undefined) return [argument(frozen, at, live, version)];
      return change.method === undefined ? objectVerdict(frozen) : [returnChanged(frozen, at, whatHappened(change))];
  }
}

function methodAdded({ lead, open }: Frozen, at: string, method: string): Verdict {
  return {
    rule: 'rpc/method-added-no-bump',
    path: `methods.${method}`,
    message: `${lead}, but the method ${method} was added there.`,
    breaks: `callers of ${at}: a server that was released with it does not know ${method}, and its version says that it does`,
    fix: sentence(`${open.how}say since when the method exists: @Rpc({ since: ${quoted(open.version)}, ... }) ${method}.`),
  };
}

/** To delete a method is the plainest break of a minor: that rule says it best. */
function methodRemoved({ lead, open }: Frozen, at: string, live: LiveApi, change: Extract<Change, { kind: 'method-removed' }>): Verdict {
  const method = change.method ?? '';
  const end = Object.hasOwn(live.ended, method) ? live.ended[method] : undefined;
  return {
    rule: 'rpc/method-removed-in-minor',
    path: `methods.${method}`,
    message: `${lead}, but the method ${method} (${describeMethod(change.before)}) is gone from there${end === undefined ? '' : `: it says until: ${quoted(end)}`}.`,
    breaks: `callers released with ${at}: nobody answers to ${method}`,
    fix: `Bring ${method} back${open.how === '' ? '' : `, ${open.how.replace(/, and $/, '')}`}, and say when it ends: @Rpc({ until: ${quoted(open.version)}, ... }). Servers go on answering older callers until the floor passes that.`,
  };
}

function renameHint({ all, open }: Frozen, at: string, before: Extract<Change, { kind: 'method-removed' }>): readonly Verdict[] {
  const after = all.find(
    (one): one is Extract<Change, { kind: 'method-added' }> => one.kind === 'method-added' && isSameUnderAnotherName(before, one),
  );
  if (after === undefined) return [];
  const [was, now] = [before.method ?? '', after.method ?? ''];
  return [
    {
      rule: 'rpc/method-renamed',
      path: after.path,
      message: `${now} looks like another name for ${was}, which ${at} has.`,
      breaks: `callers released with ${at}: they call ${was}`,
      fix: sentence(`${open.how}say what it was called: was: { until: ${quoted(open.version)}, name: ${quoted(was)} } on ${now}.`),
    },
  ];
}

function childBumped({ lead, open, live }: Frozen, at: string, change: Extract<Change, { kind: 'carries-changed' }>): Verdict {
  const { object, before, after } = change;
  return {
    rule: 'object/child-bumped-parent-not',
    path: change.path,
    message: `${lead}, but it carried ${object} ${before} and the code now carries ${object} ${after} there.`,
    breaks: `peers released with ${at}: they read and write ${object} ${before}`,
    fix: sentence(
      `${open.how}let ${live.name} ${open.version} carry it: carries: { ${quoted(open.version)}: { ${object}: ${quoted(after)} } }; \`npx lynchpin compat bump ${object} --minor --parents\` does so for every API that carries ${object}.`,
    ),
  };
}

/** Errors have no versions: they hold for all of an API's, so that this is one change however many versions there are. */
function errorChanged({ live, versions, open }: Frozen, change: Extract<Change, { kind: 'error-added' | 'error-removed' }>): Verdict {
  const at = `${live.name} ${versionsText(versions, live.versions)}`;
  const added = change.kind === 'error-added';
  const name = change.after ?? change.before;
  return {
    rule: 'rpc/error-changed-no-bump',
    path: change.path,
    message: `${at}, already released, ${added ? 'may now answer with' : 'no longer declares'} the error ${name}.`,
    breaks: added
      ? `callers released with ${at}: they get it as an unknown error, not as its class`
      : `callers that handle ${name}: from newer servers it comes as HANDLER_FAILED`,
    fix: added
      ? `Make sure that older callers are well served by an unknown error, \`npx lynchpin compat bump ${live.name} --minor\` so that newer ones can tell (${open.version}), and accept this with its reason: npx lynchpin compat accept.`
      : `Keep ${name} in errors for as long as a version that had it is read, or accept this with its reason: npx lynchpin compat accept.`,
  };
}

function argument(frozen: Frozen, at: string, live: LiveApi, version: Version): Verdict {
  const { change, lead, open } = frozen;
  const [message, field] = [change.message ?? '', change.field ?? ''];
  const facts = live.entries.get(version)?.facts;
  const methods = facts === undefined ? [] : takers(facts, message);
  const who = `${message}, which ${methods.length === 0 ? 'its methods take' : `${listed(methods)} ${methods.length === 1 ? 'takes' : 'take'}`},`;
  if (change.kind === 'field-added') {
    return {
      rule: 'rpc/arg-added-no-bump',
      path: placeOf(change),
      message: `${lead}, but ${who} gained the field ${field} (${describeField(change.after)}) there.`,
      breaks: `servers released with ${at}: they drop ${field} without a word`,
      fix: sentence(
        `${open.how}say since when it exists, in the versions of ${live.name}: ${spellNewField(field, change.after, open.version)}.`,
      ),
    };
  }
  const removed = change.kind === 'field-removed';
  return {
    rule: 'rpc/signature-changed-no-bump',
    path: placeOf(change),
    message: removed
      ? `${lead}, but ${who} lost the field ${field} (${describeField(change.before)}) there.`
      : `${lead}, but the field ${field} of ${who} ${whatHappened(change)} there.`,
    breaks: `callers and servers released with ${at}: they go by what it was`,
    fix: removed
      ? `Bring ${field} back${open.how === '' ? '' : `, ${open.how.replace(/, and $/, '')}`}, and say when it ends, in the versions of ${live.name}: until: ${quoted(open.version)}.`
      : howToChange(frozen, change),
  };
}

function signature({ lead }: Frozen, at: string, what: string, how: string, version: Version): Verdict {
  return {
    rule: 'rpc/signature-changed-no-bump',
    message: `${lead}, but ${what} ${how}.`,
    breaks: `callers and servers released with ${at}: they go by what it was`,
    fix: `Let the change begin at ${version}, with since, until or was.`,
  };
}

function returnChanged(frozen: Frozen, at: string, how: string): Verdict {
  const method = frozen.change.method ?? '';
  return {
    rule: 'rpc/return-changed-no-bump',
    path: `methods.${method}`,
    message: `${frozen.lead}, but what ${method} returns ${how.startsWith('now answers') || how.startsWith('no longer') ? `is another thing there: it ${how}` : `${how} there`}.`,
    breaks: `callers released with ${at}: they cannot read the answer`,
    fix:
      frozen.change.kind === 'values-added' || frozen.change.kind === 'variant-added'
        ? howToChange(frozen, frozen.change)
        : sentence(`${frozen.open.how}${splitMethod(frozen)}, or return an object, whose versions convert.`),
  };
}

function idempotence(frozen: Frozen, at: string, now: boolean): Verdict {
  const method = frozen.change.method ?? '';
  return {
    rule: 'rpc/mode-changed',
    path: `methods.${method}`,
    severity: now ? 'warn' : 'error',
    message: `${frozen.lead}, but ${method} ${now ? 'is now idempotent' : 'is no longer idempotent'} there.`,
    breaks: now
      ? `servers released with ${at} that cannot run it twice without harm: clients of this build send it to them again when a connection was lost`
      : `callers released with ${at}: they may send it twice and rely on its doing no harm`,
    fix: now
      ? `Where ${method} could always run twice, accept this with that reason: npx lynchpin compat accept. Otherwise ${frozen.open.how}${splitMethod(frozen)}.`
      : `Keep idempotent: true, or ${frozen.open.how}${splitMethod(frozen)}.`,
  };
}

function splitMethod({ change, open }: Frozen): string {
  const [method, version] = [change.method ?? '', quoted(open.version)];
  return `end ${method} with until: ${version} and begin another property of the same wire name with since: ${version}`;
}

/** Whether something else that changed brought new objects or messages along. */
function explained({ all }: Frozen): boolean {
  return all.some(({ method, message, field }) => method !== undefined || (message !== undefined && field !== undefined));
}

function takers({ methods }: ApiFacts, message: string): readonly string[] {
  return Object.entries(methods).flatMap(([name, { takes }]) => (takes === message ? [name] : []));
}
