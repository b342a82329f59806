/** What a queue of the namespace is for. */
export type QueueKind = 'lane' | 'presence' | 'server' | 'parked' | 'dead' | 'ledger' | 'holds' | 'other';

/** A queue of the namespace. */
export interface QueueName {
  readonly topic: string;
  readonly kind: QueueKind;
}

const FORM = /^([A-Za-z0-9][A-Za-z0-9_-]*)(?:(@[\d.]+)|\.(roll)(?:@[\d.]+)?|\.(dead|ledger|holds)|\.(server|parked)\..+|(\..+))$/;

/** Reads a queue's name; undefined when it is none of the namespace. */
export function queueNameOf(name: string, namespace: string): QueueName | undefined {
  if (!name.startsWith(`${namespace}.`)) return undefined;
  const found = FORM.exec(name.slice(namespace.length + 1));
  if (found === null) return undefined;
  const [, topic = '', lane, roll, only, own] = found;
  const kind = lane !== undefined ? 'lane' : roll !== undefined ? 'presence' : ((only ?? own ?? 'other') as QueueKind);
  return { topic, kind };
}

/** Text for a regular expression that means itself. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
