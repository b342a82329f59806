import type { Severity } from './finding.js';
import type { QueueKind } from './names.js';

/** What a setting of a policy, or an argument of a queue without its `x-`, does to one kind of thing. */
export interface Harm {
  readonly severity: Extract<Severity, 'error' | 'warning'>;
  readonly causes: string;
}

/** What has settings: a queue of some kind, or an exchange. */
export type Subject = QueueKind | 'exchange';

const WORK: readonly Subject[] = ['lane', 'server', 'parked', 'dead'];
const QUEUES: readonly Subject[] = [...WORK, 'presence', 'holds', 'other'];

interface Rule extends Harm {
  readonly key: string;
  readonly on: readonly Subject[];
  /** Only a value for which this holds does harm. Default: any. */
  readonly when?: (value: unknown, all: Readonly<Record<string, unknown>>) => boolean;
}

const rejects = (all: Readonly<Record<string, unknown>>): boolean => String(all['overflow']).startsWith('reject-publish');

/** What takes messages off the queue on which a broker without streams keeps holds. */
const FORGETS = ['message-ttl', 'max-length', 'max-length-bytes'].map(
  (key): Rule => ({
    key,
    on: ['holds'],
    severity: 'error',
    when: (_value, all) => key === 'message-ttl' || !rejects(all),
    causes: 'holds are forgotten, and pins rise that were to be held',
  }),
);

/** What is known to do harm. A setting that is not here does none that is known. */
const RULES: readonly Rule[] = [
  ...FORGETS,
  {
    key: 'expires',
    on: QUEUES,
    severity: 'error',
    causes: 'a queue that nobody consumes for that long is deleted, with all that waits on it, and nothing tells',
  },
  {
    key: 'message-ttl',
    on: WORK,
    severity: 'error',
    causes: 'casts that wait longer vanish, although their publish was confirmed; so does what was parked or buried',
  },
  {
    key: 'max-length',
    on: WORK,
    severity: 'error',
    when: (_value, all) => !rejects(all),
    causes: 'the oldest messages vanish when a backlog grows beyond it, although their publish was confirmed',
  },
  {
    key: 'max-length-bytes',
    on: WORK,
    severity: 'error',
    when: (_value, all) => !rejects(all),
    causes: 'the oldest messages vanish when a backlog grows beyond it, although their publish was confirmed',
  },
  {
    key: 'overflow',
    on: WORK,
    severity: 'warning',
    when: (_value, all) => rejects(all) && (all['max-length'] !== undefined || all['max-length-bytes'] !== undefined),
    causes: 'what does not fit is refused: casts are tried again until there is room, and so are rescue and handing back',
  },
  {
    key: 'max-age',
    on: ['ledger'],
    severity: 'error',
    causes: 'old entries of the ledger vanish: holds and what was finalized are forgotten by every process that starts later',
  },
  {
    key: 'max-length-bytes',
    on: ['ledger'],
    severity: 'error',
    causes: 'old entries of the ledger vanish: holds and what was finalized are forgotten by every process that starts later',
  },
  {
    key: 'dead-letter-exchange',
    on: ['lane', 'server'],
    severity: 'warning',
    causes: 'calls whose time is over are moved to another place, where nobody waits for them and they pile up',
  },
  {
    key: 'delivery-limit',
    on: ['lane'],
    severity: 'error',
    when: (value) => Number(value) < 0,
    causes: 'RabbitMQ 3.10 drops a message at its first return when the limit is negative',
  },
  {
    key: 'delivery-limit',
    on: ['lane'],
    severity: 'warning',
    when: (value) => Number(value) >= 0 && Number(value) < 5,
    causes: 'a few connections that break in a row are enough to take a message off its lane unhandled',
  },
  {
    key: 'single-active-consumer',
    on: ['lane', 'presence', 'server'],
    severity: 'error',
    when: (value) => value === true,
    causes: 'one server at a time is handed messages, and all others wait',
  },
  {
    key: 'ha-mode',
    on: ['presence'],
    severity: 'warning',
    causes:
      'a fail-over cancels every consumer of the roll at once; where a mirror is not in step, counts dip, and pins are lowered for nothing',
  },
  {
    key: 'ha-mode',
    on: WORK,
    severity: 'warning',
    causes: 'mirrors that are not in step lose what only the master had; RabbitMQ 4 has no mirrored queues any more',
  },
  {
    key: 'federation-upstream',
    on: ['lane', 'presence', 'server'],
    severity: 'error',
    causes: 'the federation link consumes the queue at the other end: it is counted as a server there, and takes messages away',
  },
  {
    key: 'federation-upstream-set',
    on: ['lane', 'presence', 'server'],
    severity: 'error',
    causes: 'the federation link consumes the queue at the other end: it is counted as a server there, and takes messages away',
  },
  {
    key: 'alternate-exchange',
    on: ['exchange'],
    severity: 'error',
    causes:
      'a message to a lane that is missing or down goes there instead of coming back to its sender, who believes that it was delivered',
  },
  {
    key: 'consumer-timeout',
    on: ['lane', 'server'],
    severity: 'warning',
    causes: 'a handler that takes longer loses its channel: all that the server has in hand is delivered again while it still runs',
  },
];

/** What a definition does to one kind of thing, setting by setting. */
export function harmsOf(definition: Readonly<Record<string, unknown>>, subject: Subject): readonly (Harm & { readonly key: string })[] {
  return RULES.filter(({ key, on, when }) => {
    const value = definition[key];
    return value !== undefined && on.includes(subject) && (when === undefined || when(value, definition));
  });
}
