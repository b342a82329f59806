import type { ApiFacts, MethodFacts } from '../facts/facts.js';
import type { Change, ChangePlace } from './change.js';
import { diffFields } from './diff-fields.js';
import { diffType } from './diff-type.js';
import { unknownKeys } from './leftover.js';
import { keysOfBoth, own } from './same.js';

/** How two versions of an API differ, its name aside. */
export function diffApi(before: ApiFacts, after: ApiFacts): readonly Change[] {
  return [...diffMethods(before, after), ...diffMessages(before, after), ...diffCarries(before, after), ...diffErrors(before, after)];
}

function diffMethods({ methods: before }: ApiFacts, { methods: after }: ApiFacts): readonly Change[] {
  return keysOfBoth(before, after).flatMap((method): readonly Change[] => {
    const here = { path: `methods.${method}`, method };
    const [was, is] = [own(before, method), own(after, method)];
    if (was === undefined) return is === undefined ? [] : [{ ...here, kind: 'method-added', before: undefined, after: is }];
    if (is === undefined) return [{ ...here, kind: 'method-removed', before: was, after: undefined }];
    return diffMethod(was, is, here);
  });
}

function diffMethod(was: MethodFacts, is: MethodFacts, here: ChangePlace): readonly Change[] {
  return [
    ...(was.takes === is.takes
      ? []
      : [{ ...here, path: `${here.path}.takes`, kind: 'takes-changed', before: was.takes, after: is.takes } as const]),
    ...diffAnswer(was, is, { ...here, path: `${here.path}.returns` }),
    ...(was.idempotent === is.idempotent
      ? []
      : [
          {
            ...here,
            path: `${here.path}.idempotent`,
            kind: 'idempotence-changed',
            before: was.idempotent,
            after: is.idempotent,
          } as const,
        ]),
    ...unknownKeys(was, is, ['takes', 'returns', 'idempotent'], here),
  ];
}

function diffAnswer({ returns: was }: MethodFacts, { returns: is }: MethodFacts, place: ChangePlace): readonly Change[] {
  if (was === undefined) return is === undefined ? [] : [{ ...place, kind: 'answer-began', before: undefined, after: is }];
  return is === undefined ? [{ ...place, kind: 'answer-ended', before: was, after: undefined }] : diffType(was, is, place);
}

function diffMessages({ messages: before }: ApiFacts, { messages: after }: ApiFacts): readonly Change[] {
  return keysOfBoth(before, after).flatMap((message): readonly Change[] => {
    const here = { path: `messages.${message}`, message };
    const [was, is] = [own(before, message), own(after, message)];
    if (was === undefined) return is === undefined ? [] : [{ ...here, kind: 'message-added', before: undefined, after: is }];
    if (is === undefined) return [{ ...here, kind: 'message-removed', before: was, after: undefined }];
    return [...diffFields(was.fields, is.fields, here), ...unknownKeys(was, is, ['fields'], here)];
  });
}

function diffCarries({ carries: before }: ApiFacts, { carries: after }: ApiFacts): readonly Change[] {
  return keysOfBoth(before, after).flatMap((object): readonly Change[] => {
    const here = { path: `carries.${object}`, object };
    const [was, is] = [own(before, object), own(after, object)];
    if (was === undefined) return is === undefined ? [] : [{ ...here, kind: 'carries-added', before: undefined, after: is }];
    if (is === undefined) return [{ ...here, kind: 'carries-removed', before: was, after: undefined }];
    return was === is ? [] : [{ ...here, kind: 'carries-changed', before: was, after: is }];
  });
}

function diffErrors({ errors: before }: ApiFacts, { errors: after }: ApiFacts): readonly Change[] {
  return [
    ...before
      .filter((name) => !after.includes(name))
      .map((name) => ({ path: `errors.${name}`, kind: 'error-removed', before: name, after: undefined }) as const),
    ...after
      .filter((name) => !before.includes(name))
      .map((name) => ({ path: `errors.${name}`, kind: 'error-added', before: undefined, after: name }) as const),
  ];
}
