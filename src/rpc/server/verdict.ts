import type { Delivery } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { Contract, MethodRecord } from '../contract/index.js';
import { wasDelivered } from '../copies.js';
import { JSON_TYPE, type RequestType } from '../wire/index.js';

/** What a server does with a delivery, before anything of its body is read. */
export type Verdict =
  /** Run its handler. */
  | { readonly kind: 'run'; readonly method: MethodRecord; readonly id: string; readonly redelivered: boolean }
  /** Tell the caller, or put it with the dead letters. */
  | { readonly kind: 'refuse'; readonly error: LynchpinError }
  /** It is written in a version that this build does not read: hand it back to its sender. Only on a server's own queue. */
  | { readonly kind: 'unreadable'; readonly id: string };

/** Judges a delivery by its properties alone. Pure. */
export function judge(contract: Contract, delivery: Delivery, type: RequestType | undefined, source: 'lane' | 'own'): Verdict {
  const { messageId: id } = delivery;
  if (type === undefined)
    return refuse('PROTOCOL', `a request needs a type like "method@3.2"; this one has ${JSON.stringify(delivery.type)?.slice(0, 100)}`);
  if (id === undefined || id === '') return refuse('PROTOCOL', `a request needs a messageId; this ${type.method} has none`);
  if (delivery.persistent !== true && (delivery.replyTo === undefined || delivery.replyTo === ''))
    return refuse('PROTOCOL', `a request that is not persistent is a call and needs a replyTo; this ${type.method} has none`);
  if (!contract.line.has(type.version)) {
    if (source === 'own') return { kind: 'unreadable', id };
    return refuse(
      'PROTOCOL',
      `a message on ${delivery.queue} is written in ${type.version}; this server reads ${contract.line.toString()}`,
      { version: type.version },
    );
  }
  if (delivery.contentType !== JSON_TYPE)
    return refuse(
      'PROTOCOL',
      `a request has the content type ${JSON_TYPE}; this one has ${JSON.stringify(delivery.contentType)?.slice(0, 100)}`,
    );
  const method = contract.find(type.version, type.method);
  if (method === undefined)
    return refuse('UNKNOWN_METHOD', `${contract.record.name} has no method ${JSON.stringify(type.method)} at ${type.version}`, {
      method: type.method,
      version: type.version,
    });
  const redelivered = wasDelivered(delivery);
  if (redelivered && !method.idempotent) {
    return refuse(
      'MAYBE_EXECUTED',
      `${contract.record.name}.${method.property} may have been executed already, by a server that did not live to say so. It is not declared idempotent, so it is not run again.`,
      { method: method.property, id },
    );
  }
  return { kind: 'run', method, id, redelivered };
}

function refuse(code: 'PROTOCOL' | 'UNKNOWN_METHOD' | 'MAYBE_EXECUTED', message: string, details: Record<string, unknown> = {}): Verdict {
  return { kind: 'refuse', error: new LynchpinError(code, message, details) };
}
