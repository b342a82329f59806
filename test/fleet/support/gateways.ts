import { showable, type Showable } from '#lynchpin/fleet/finalizing/index.js';
import { canFinalize, EMPTY_LEDGER, floorOf, fold, isMember, type Entry, type LedgerState } from '#lynchpin/pin/index.js';
import type { Step, System } from '../../pin/ledger/support/explore.js';

/** The version that is made final. */
export const V = '3.1';

/** A process that shows users what is final. It reads the log as late as it likes. */
interface Gateway {
  readonly life: number;
  /** `joining`: its entry is on the way, or in the log and not read back yet. */
  readonly phase: 'joining' | 'in';
  /** How many entries of the log it has read. */
  readonly read: number;
  readonly flying: readonly string[];
  /** Its queue is gone, which it has not noticed: a connection that is cut off, or a process that stands still. */
  readonly gone: boolean;
  /** It is so long ago that it saw its own queue that it may have been taken for gone since. */
  readonly lapsed: boolean;
}

/** The log, who reads it, and whether any user was shown the version. */
export interface World {
  readonly log: readonly string[];
  readonly gateways: readonly Gateway[];
  /** What others append: the finalizer, and whoever sees what it left through. */
  readonly others: readonly string[];
  readonly prepares: number;
  readonly shown: boolean;
  /** Somebody was told less after somebody had been told more. */
  readonly lower: string | undefined;
}

/** What the model varies, and what a broken variant replaces. */
export interface Options {
  readonly gateways: number;
  /** How often a version is prepared at most. */
  readonly prepares?: number;
  /** How many of them, from the last one, are cut off, each once, and join anew. */
  readonly cut?: number;
  /** How many of them, from the first one, give up a finalization that they wait for. */
  readonly impatient?: number;
  readonly decide?: (state: LedgerState, mine: Parameters<typeof showable>[1], queue: string) => Showable;
  /** Whether a gateway answers without having seen its own queue lately. */
  readonly careless?: boolean;
  /** Told of every answer. */
  readonly onAnswer?: (version: string | undefined) => void;
}

const queueOf = (at: number, life: number): string => `queue ${at}.${life}`;

/** The system of these options, with the library's own fold and its own answer. */
export function systemOf(options: Options): System<World> {
  const states = new Map<string, LedgerState>();
  const stateAt = (log: readonly string[], read: number): LedgerState => {
    const key = log.slice(0, read).join();
    let state = states.get(key);
    if (state === undefined) {
      state = read === 0 ? EMPTY_LEDGER : fold(stateAt(log, read - 1), entryOf(log[read - 1] as string, read - 1), read - 1);
      states.set(key, state);
    }
    return state;
  };
  const joined = Array.from({ length: options.gateways }, (_, at) => `joined:${at}:1`);
  return {
    first: {
      log: joined,
      gateways: joined.map(() => ({ life: 1, phase: 'in', read: joined.length, flying: [], gone: false, lapsed: false })),
      others: [],
      prepares: 0,
      shown: false,
      lower: undefined,
    },
    key: (world) => keyOf(world, stateAt),
    steps: (world) => stepsOf(world, options, stateAt),
    wrong: ({ lower }) => lower,
  };
}

/** What was read by everybody matters by what it comes to alone. */
function keyOf({ log, ...rest }: World, stateAt: (log: readonly string[], read: number) => LedgerState): string {
  const all = Math.min(...rest.gateways.map(({ read }) => read));
  const { members, prepared, floors } = stateAt(log, all);
  const known = members.map(({ instance, incarnation, acked }) => [instance, incarnation, acked]);
  return JSON.stringify([known, prepared?.epoch, floors.length, log.length, log.slice(all), rest]);
}

function stepsOf(world: World, options: Options, stateAt: (log: readonly string[], read: number) => LedgerState): readonly Step<World>[] {
  const steps: Step<World>[] = [];
  const { log, gateways, others, prepares } = world;
  const latest = stateAt(log, log.length);
  const add = (label: string, change: Partial<World>): void => void steps.push({ label, world: { ...world, ...change } });

  for (const [at, gateway] of gateways.entries()) {
    const who = `gateway-${at + 1}`;
    const { life, phase, read, flying, gone, lapsed } = gateway;
    const become = (label: string, change: Partial<Gateway>, more: Partial<World> = {}): void =>
      add(`${who} ${label}`, { gateways: gateways.with(at, { ...gateway, ...change }), ...more });
    for (const code of flying) {
      const rest = { flying: flying.filter((other) => other !== code) };
      become(`has its "${code}" in the log`, rest, { log: [...log, code] });
    }
    const state = stateAt(log, read);
    const mine = phase === 'in' ? [{ instance: String(at), incarnation: life }] : [];
    if (read < log.length) {
      const next = stateAt(log, read + 1);
      const back = log[read] === `joined:${at}:${life}`;
      const member = next.members.find(({ instance, incarnation }) => instance === String(at) && incarnation === life);
      const epoch = next.prepared?.epoch;
      const ack = `ack:${at}:${life}:${epoch}`;
      // Written once: until it is read back, as no append is lost here.
      const asked = back || log[read]?.startsWith('prepare:') === true;
      const acks = member !== undefined && epoch !== undefined && asked && !flying.includes(ack);
      become(`reads "${log[read]}"`, { read: read + 1, phase: back ? 'in' : phase, flying: acks ? [...flying, ack] : flying });
    }
    const found = (options.decide ?? showable)(state, mine, queueOf(at, life));
    if (found.kind === 'shown' && (!lapsed || options.careless === true)) {
      options.onAnswer?.(found.version);
      if (found.version === V) become(`answers ${V}`, {}, { shown: true });
      else if (world.shown) become('answers that nothing is final', {}, { lower: `${who} takes back what users were shown` });
    }
    if (found.kind === 'undecided' && at < (options.impatient ?? 0)) {
      const abort = `abort:${found.prepared.epoch}`;
      if (!flying.includes(abort) && !log.slice(read).includes(abort)) become('loses patience', { flying: [...flying, abort] });
    }
    if (life === 1 && at >= options.gateways - (options.cut ?? 0)) {
      if (!gone) become('is cut off and does not notice', { gone: true });
      if (gone && !lapsed) become('has not seen its queue for long', { lapsed: true });
      const again = `joined:${at}:${life + 1}`;
      if (gone)
        become('notices, and joins anew', { life: life + 1, phase: 'joining', flying: [...flying, again], gone: false, lapsed: false });
    }
  }

  for (const code of others) {
    const rest = others.filter((other) => other !== code);
    add(`the log takes "${code}"`, { log: [...log, code], others: rest });
  }
  if (prepares < (options.prepares ?? 1) && latest.prepared === undefined && floorOf(latest) === undefined && others.length === 0) {
    add('somebody prepares', { others: [`prepare:${prepares}`], prepares: prepares + 1 });
  }
  if (latest.prepared !== undefined && canFinalize(latest, V).ready) {
    const code = `finalize:${latest.prepared.epoch}`;
    if (!others.includes(code)) add('somebody finds everything in order', { others: [...others, code] });
  }
  for (const [at, { life, gone, lapsed }] of gateways.entries()) {
    for (let past = 1; past <= life; past++) {
      const over = past < life || (gone && lapsed);
      const code = `expire:${at}:${past}`;
      const member = isMember(latest, { instance: String(at), incarnation: past });
      if (over && member && !others.includes(code))
        add(`somebody sees that life ${past} of gateway-${at + 1} is gone`, { others: [...others, code] });
    }
  }
  return steps;
}

function entryOf(code: string, offset: number): Entry {
  const [kind, first, second, third] = code.split(':') as [Entry['kind'], string, string?, string?];
  const said = { id: `${code}@${offset}`, author: 'somebody', reason: '' };
  const life = { instance: first, incarnation: Number(second) };
  const counted = { counted: 0, answered: 0 };
  switch (kind) {
    case 'joined':
      return {
        kind,
        ...said,
        ...life,
        role: 'client',
        window: { floor: '3.0', version: V },
        queue: queueOf(Number(first), life.incarnation),
      };
    case 'prepare':
      return { kind, ...said, version: V };
    case 'ack':
      return { kind, ...said, ...life, epoch: Number(third) };
    case 'abort':
      return { kind, ...said, epoch: Number(first) };
    case 'expire':
      return { kind, ...said, ...life, evidence: { seen: 'gone', looks: 2, over: 10_000 } };
    default:
      return { kind: 'finalize', ...said, epoch: Number(first), census: { before: counted, after: counted } };
  }
}
