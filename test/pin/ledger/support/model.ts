import { canFinalize, EMPTY_LEDGER, floorOf, fold, isMember, mayJoin, type Entry, type LedgerState } from '#lynchpin/pin/index.js';
import { compareVersions, type Version } from '#lynchpin/versions/index.js';
import type { Step, System } from './explore.js';

/** The version that the finalizers want, and the one below it. */
export const V = '3.1';
export const BELOW = '3.0';

/** A process that serves. */
interface Process {
  /** `cut`: on the wrong side of a partition, where it still consumes, and neither reads nor appends nor is seen. */
  readonly place: 'away' | 'up' | 'cut' | 'gone';
  readonly life: number;
  /** `told`: its entry has landed and the verdict at that offset was good, but it has not begun to consume yet. */
  readonly phase: 'idle' | 'joining' | 'told' | 'in';
  /** Appends that the log has not taken yet. They land in any order and at any time, also when their writer is gone. */
  readonly flying: readonly string[];
  readonly cuts: number;
}

/** Who finalizes. It has no memory but whether it has begun: all it decides by is the ledger. */
interface Finalizer {
  readonly alive: boolean;
  readonly begun: boolean;
  readonly aborted: boolean;
  readonly flying: readonly string[];
}

/** A small system: the ledger as its log has it, and all who read and write it. */
export interface World {
  readonly ledger: Numbered;
  readonly processes: readonly Process[];
  readonly finalizers: readonly Finalizer[];
  /** What any other process does: expire who is gone, and finish what a finalizer has left. */
  readonly others: readonly string[];
  /** Whether the version was ever final. */
  readonly final: boolean;
}

interface Numbered {
  readonly state: LedgerState;
  readonly number: number;
  readonly next: Map<string, Taken>;
}

/** What the log is after an append, and what became of that. */
interface Taken {
  readonly ledger: Numbered;
  readonly outcome: string;
}

/** What the model varies. */
export interface Options {
  /** The version that each process reads. */
  readonly versions: readonly Version[];
  readonly finalizers: number;
  /** Whether the last finalizer may lose patience and abort. */
  readonly impatient?: boolean;
  /** How many lives a process has at most. */
  readonly lives?: number;
  /** Which faults happen. */
  readonly faults?: readonly ('finalizer killed' | 'process killed' | 'connection lost' | 'partition' | 'append lost')[];
  /** Whether other processes finish what a finalizer has left. */
  readonly carried?: boolean;
  /** The fold and the finalizer's judgement; the library's own unless a broken one is tried. */
  readonly protocol?: Protocol;
  /** What must hold. */
  readonly invariants?: readonly Invariant[];
}

/** What a broken variant replaces. */
export interface Protocol {
  fold(state: LedgerState, entry: Entry, offset: number): LedgerState;
  /** Whether a finalizer writes its record; `seen` are the versions of the consumers that a census shows. */
  ready(state: LedgerState, seen: readonly Version[]): boolean;
  /** Whether somebody expires the present life of a process that is there. */
  over(place: 'away' | 'up' | 'cut' | 'gone'): boolean;
}

export const PROTOCOL: Protocol = {
  fold,
  ready: (state) => canFinalize(state, V).ready,
  over: (place) => place === 'away' || place === 'gone',
};

export type Invariant = (world: World, options: Options, last: boolean) => string | undefined;

const consumes = ({ phase, place }: Process): boolean => phase === 'in' && (place === 'up' || place === 'cut');
const name = (at: number, options: Options): string => `${options.versions[at] === BELOW ? 'old' : 'new'}-${at + 1}`;
const below = (version: Version | undefined): boolean => version !== undefined && compareVersions(version, V) < 0;

/** Invariant 10: once final, nothing below consumes (and so neither answers nor passes anything on). */
export const nothingBelow: Invariant = ({ processes, final }, options) => {
  const at = processes.findIndex((process, index) => below(options.versions[index]) && consumes(process));
  return final && at >= 0 ? `${name(at, options)} consumes although ${V} was final before` : undefined;
};

/** One outcome: what is final stays so, once. */
export const oneOutcome: Invariant = ({ ledger, final }) =>
  final !== (ledger.state.floors.length === 1) ? `${V} was final, and is so ${ledger.state.floors.length} times now` : undefined;

/** Whoever consumes is a member, or was one until a moment ago and cannot be handed anything: its connection is gone. */
const consumersAreMembers: Invariant = ({ ledger, processes }, options) => {
  const at = processes.findIndex((process, index) => consumes(process) && !isMember(ledger.state, lifeOf(process, index)));
  return at >= 0 ? `${name(at, options)} consumes and is no member` : undefined;
};

/** Invariant 11: when nothing is left to happen, what was prepared and not aborted is final, whoever was killed when. */
const finished: Invariant = ({ ledger: { state }, finalizers }, _options, last) => {
  if (!last || finalizers.some(({ aborted }) => aborted)) return undefined;
  return state.ids.length > 0 && floorOf(state)?.version !== V ? `${V} was prepared and is not final in the end` : undefined;
};

/** Without faults a finalization completes. */
export const completes: Invariant = ({ final }, _options, last) => (last && !final ? `${V} is not final in the end` : undefined);

export const ALWAYS: readonly Invariant[] = [nothingBelow, oneOutcome, consumersAreMembers, finished];

/** The system of these options, whose ledger is folded by the library's own function. */
export function systemOf(options: Options): System<World> {
  const states = new Map<string, Numbered>();
  const { fold: read } = options.protocol ?? PROTOCOL;
  const numbered = (state: LedgerState): Numbered => {
    const key = shapeOf(state);
    const known = states.get(key) ?? { state, number: states.size, next: new Map<string, Taken>() };
    states.set(key, known);
    return known;
  };
  const append = (ledger: Numbered, code: string): Taken => {
    let taken = ledger.next.get(code);
    if (taken === undefined) {
      const after = read(ledger.state, entryOf(code, ledger.state, options), ledger.state.offset + 1);
      taken = { ledger: numbered(after), outcome: after.outcome.kind };
      ledger.next.set(code, taken);
    }
    return taken;
  };
  return {
    first: {
      ledger: numbered(EMPTY_LEDGER),
      processes: options.versions.map(() => ({ place: 'away', life: 0, phase: 'idle', flying: [], cuts: 0 })),
      finalizers: Array.from({ length: options.finalizers }, () => ({ alive: true, begun: false, aborted: false, flying: [] })),
      others: [],
      final: false,
    },
    key: keyOf,
    steps: (world) => stepsOf(world, options, append),
    wrong: (world, last) => {
      for (const invariant of options.invariants ?? ALWAYS) {
        const what = invariant(world, options, last);
        if (what !== undefined) return what;
      }
      return undefined;
    },
  };
}

/**
 * What the future of a ledger depends on. The fold compares offsets and otherwise only passes them on, so of two logs that
 * differ in nothing else one is enough. A finalizer prepares once, so its name stands for the epoch.
 */
function shapeOf({ members, departed, prepared, floors, ids, holds, unreadable }: LedgerState): string {
  const epoch = prepared?.epoch ?? -1;
  const those = members.map((member) => [
    member.instance,
    member.incarnation,
    member.acked !== undefined && member.acked === epoch,
    member.offset < epoch,
  ]);
  const gone = departed.map(({ instance, incarnation }) => `${instance}.${incarnation}`).toSorted();
  return JSON.stringify([those, gone, prepared?.author, floors.map(({ author }) => author), ids.length > 0, holds, unreadable]);
}

function keyOf({ ledger, processes, finalizers, others, final }: World): string {
  let key = `${ledger.number}${final ? '!' : ''}`;
  for (const { place, life, phase, flying, cuts } of processes) key += `|${place},${life},${phase},${cuts},${flying.join()}`;
  for (const { alive, begun, aborted, flying } of finalizers) key += `|${alive ? 1 : 0}${begun ? 1 : 0}${aborted ? 1 : 0},${flying.join()}`;
  return `${key}|${others.join()}`;
}

function stepsOf(world: World, options: Options, append: (ledger: Numbered, code: string) => Taken): readonly Step<World>[] {
  const steps: Step<World>[] = [];
  const { ledger, processes, finalizers, others } = world;
  const { state } = ledger;
  const protocol = options.protocol ?? PROTOCOL;
  const may = (fault: NonNullable<Options['faults']>[number]): boolean => options.faults?.includes(fault) ?? false;
  const ready = (): boolean => {
    const seen = processes.flatMap((process, at) => (consumes(process) && process.place === 'up' ? [options.versions[at] as Version] : []));
    return state.prepared !== undefined && protocol.ready(state, seen);
  };
  const final = (by: string): string => `finalize:${by}:${state.prepared?.author}`;
  /** The log takes an append; if it is the `joined` of a process that waits for it, that one has its verdict. */
  const lands = (code: string, taken: World): void => {
    const { ledger: after, outcome } = append(ledger, code);
    const settled = taken.processes.map((process, at): Process => {
      if (process.phase !== 'joining' || code !== `joined:${at}:${process.life}`) return process;
      const window = { floor: BELOW, version: options.versions[at] as Version } as const;
      const verdict = mayJoin(after.state, { ...lifeOf(process, at), window }, after.state.offset);
      return verdict.kind === 'joined' ? { ...process, phase: 'told' } : tidy({ ...process, place: 'gone' });
    });
    const label = `the log takes ${shown(code, options)} (${outcome})`;
    steps.push({ label, world: { ...taken, ledger: after, processes: settled, final: world.final || after.state.floors.length > 0 } });
  };

  for (const [at, process] of processes.entries()) {
    const who = name(at, options);
    const become = (label: string, change: Partial<Process>): void => {
      steps.push({ label: `${who} ${label}`, world: { ...world, processes: processes.with(at, tidy({ ...process, ...change })) } });
    };
    const { place, phase, life, flying } = process;
    for (const code of flying) {
      const rest = { ...world, processes: processes.with(at, { ...process, flying: flying.filter((other) => other !== code) }) };
      if (place !== 'cut') lands(code, rest);
      if (place !== 'up' && may('append lost')) steps.push({ label: `${shown(code, options)} is lost`, world: rest });
    }
    if (place === 'away' && life < (options.lives ?? 1)) {
      const next = `joined:${at}:${life + 1}`;
      become(life === 0 ? 'starts' : 'connects again', { place: 'up', life: life + 1, phase: 'joining', flying: [...flying, next] });
    }
    if (place === 'up') {
      if (phase === 'told') become('begins to consume', { phase: 'in' });
      if (phase === 'in') {
        const { prepared } = state;
        const member = state.members.find(({ instance, incarnation }) => instance === String(at) && incarnation === life);
        // Until it reads its own acknowledgement, it writes it again: one that was on its way may be lost.
        const code = `ack:${at}:${life}:${prepared?.author}`;
        if (
          prepared !== undefined &&
          member !== undefined &&
          member.acked !== prepared.epoch &&
          !below(options.versions[at]) &&
          !flying.includes(code)
        ) {
          become('reads the prepare', { flying: [...flying, code] });
        }
        if (member === undefined) become('reads that it is no member', { place: 'away', phase: 'idle' });
        if (below(options.versions[at])) become('leaves', { place: 'gone', flying: [...flying, `left:${at}:${life}`] });
      }
      if (may('process killed')) become('is killed', { place: 'gone' });
      if (may('connection lost') && life < (options.lives ?? 1)) become('loses its connection', { place: 'away', phase: 'idle' });
      if (may('partition') && phase !== 'joining' && process.cuts === 0) become('is cut off', { place: 'cut', cuts: 1 });
    }
    if (place === 'cut') {
      become('is no longer cut off', { place: 'up' });
      become('is given up by the broker', { place: life < (options.lives ?? 1) ? 'away' : 'gone', phase: 'idle' });
      if (phase === 'told') become('begins to consume', { phase: 'in' });
    }
  }

  for (const [at, finalizer] of finalizers.entries()) {
    const who = `finalizer-${at + 1}`;
    const become = (label: string, change: Partial<Finalizer>): void => {
      steps.push({ label: `${who} ${label}`, world: { ...world, finalizers: finalizers.with(at, { ...finalizer, ...change }) } });
    };
    const { alive, begun, flying } = finalizer;
    for (const code of flying) {
      const rest = { ...world, finalizers: finalizers.with(at, { ...finalizer, flying: [] }) };
      lands(code, rest);
      if (!alive && may('append lost')) steps.push({ label: `${shown(code, options)} is lost`, world: rest });
    }
    if (!alive) continue;
    if (may('finalizer killed') && (!begun || flying.length > 0 || state.prepared !== undefined))
      become('is killed', { alive: false, begun: true });
    if (flying.length > 0) continue;
    if (!begun) become(`prepares ${V}`, { begun: true, flying: [`prepare:${at}`] });
    else if (ready()) become('finds everything in order', { flying: [final(`finalizer-${at + 1}`)] });
    if (options.impatient === true && at === finalizers.length - 1 && begun && !finalizer.aborted && state.prepared !== undefined) {
      become('loses patience', { aborted: true, flying: [`abort:${at}:${state.prepared.author}`] });
    }
  }

  for (const code of others) lands(code, { ...world, others: [] });
  if (others.length === 0) {
    for (const { instance, incarnation } of state.members) {
      const at = Number(instance);
      const process = processes[at] as Process;
      const gone = process.life > incarnation || protocol.over(process.place);
      if (gone)
        steps.push({
          label: `somebody sees that life ${incarnation} of ${name(at, options)} is over`,
          world: { ...world, others: [`expire:${at}:${incarnation}`] },
        });
    }
    if (options.carried === true && ready()) {
      steps.push({ label: 'somebody finds everything in order', world: { ...world, others: [final('somebody')] } });
    }
  }
  return steps;
}

/** Forgets of a process that is gone what makes no difference any more. */
function tidy(process: Process): Process {
  return process.place === 'gone' ? { ...process, phase: 'idle', cuts: 0 } : process;
}

function lifeOf({ life }: Process, at: number): { readonly instance: string; readonly incarnation: number } {
  return { instance: String(at), incarnation: life };
}

function shown(code: string, options: Options): string {
  const [kind, who, of] = code.split(':') as [string, string, string?];
  if (kind === 'finalize') return `the record of ${who}`;
  if (kind === 'prepare' || kind === 'abort') return `the ${kind} of finalizer-${Number(who) + 1}`;
  return `"${kind}" of ${name(Number(who), options)}, life ${of}`;
}

/** An epoch that is neither prepared nor final any more. */
const OVER = Number.MAX_SAFE_INTEGER;

/** What stands in the log for the short form that the model has of it. */
function entryOf(code: string, state: LedgerState, options: Options): Entry {
  const [kind, who, first, second] = code.split(':') as [Entry['kind'], string, string?, string?];
  const said = { id: `${code}@${state.offset}`, author: who, reason: '' };
  const epoch = [state.prepared, ...state.floors].find((other) => other?.author === (second ?? first))?.epoch ?? OVER;
  const life = { instance: who, incarnation: Number(first) };
  switch (kind) {
    case 'joined':
      return {
        kind,
        ...said,
        ...life,
        role: 'server',
        window: { floor: BELOW, version: options.versions[Number(who)] as Version },
        queue: `life ${who}`,
      };
    case 'left':
      return { kind, ...said, ...life };
    case 'ack':
      return { kind, ...said, ...life, epoch };
    case 'expire':
      return { kind, ...said, ...life, evidence: { seen: 'gone', looks: 2, over: 10_000 } };
    case 'prepare':
      return { kind, ...said, version: V };
    case 'abort':
      return { kind, ...said, epoch };
    default:
      return {
        kind: 'finalize',
        ...said,
        epoch,
        census: { before: { counted: 0, answered: 0 }, after: { counted: 0, answered: 0 } },
      };
  }
}
