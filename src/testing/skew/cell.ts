import type { Version } from '../../versions/index.js';
import { expectedOf, Verdict } from './judge.js';
import type { Handled, Item } from './messages.js';
import type { CellPlan } from './plan.js';
import type { SkewCell } from './result.js';
import { serverOf, type Stage } from './stage.js';

/** How often what some server has not had yet is sent again. */
const ROUNDS = 20;

/** Plays one cell: its servers, its client, and every sample until each server that must read it has had it. */
export async function playCell(stage: Stage, plan: CellPlan): Promise<SkewCell> {
  const { servers, client, serving, calling, cap, fixed } = plan;
  const namespace = stage.ground.namespace(`${servers}-${client}`);
  const verdict = new Verdict();
  const reads = stage.lines[calling].head;
  try {
    await Promise.all(serving.map((name) => stage.servers[name].ask('serve', { namespace, server: serverOf(name), reads })));
    const caller = stage.clients[calling];
    const opened = await caller.ask('open', { namespace, pin: cap });
    const found = 'version' in opened ? opened.version : opened.refused;
    const refusal = !stage.lines[calling].has(plan.pin);
    if (found !== plan.pin) {
      const message = `left to itself${cap === undefined ? '' : ` and held at ${cap}`}, the client comes to ${found}; by the versions it is ${plan.pin}`;
      verdict.fail({ method: '', version: fixed ?? reads, direction: 'pin', path: '', message });
    }
    if (fixed !== undefined) await caller.ask('open', { namespace, fixed });
    else if (refusal || 'refused' in opened) {
      verdict.count(plan.pin, found);
      return { servers, client, version: undefined, expected: verdict.expected, observed: verdict.observed, failures: verdict.failures };
    }
    await playRequests(stage, plan, namespace, verdict);
    const version = fixed ?? ('version' in opened ? opened.version : undefined);
    return { servers, client, version, expected: verdict.expected, observed: verdict.observed, failures: verdict.failures };
  } finally {
    await stage.clear(namespace);
  }
}

async function playRequests(stage: Stage, { serving, calling }: CellPlan, namespace: string, verdict: Verdict): Promise<void> {
  const caller = stage.clients[calling];
  const answers = answerVersions(stage, { serving, calling });
  const readers = (version: Version): readonly string[] => serving.filter((name) => stage.lines[name].has(version)).map(serverOf);
  const had = new Map<string, Set<string>>();
  let items: readonly Omit<Item, 'mark'>[] = await caller.ask('items', { namespace, casts: false });
  for (let round = 0; round < ROUNDS && items.length > 0; round++) {
    // One copy for each server, one right after the other: the broker hands them out in turn.
    const marked = items.flatMap((item) => serving.map(() => ({ ...item, mark: stage.nextMark() })));
    const sent = await caller.ask('send', { namespace, items: marked, kind: 'call', answers });
    const handled = await handledBy(stage, serving, namespace);
    for (const [at, one] of sent.entries()) {
      const expected = expectedOf(one, (version) => readers(version).length > 0);
      const there = handled.get(one.mark);
      const isFirst = round === 0 && at % serving.length === 0;
      if (isFirst || one.observed !== expected) verdict.outcome(one, there?.threw === undefined ? expected : one.observed, there);
      if (there === undefined) continue;
      verdict.exchange(one, there);
      had.set(keyOf(one), (had.get(keyOf(one)) ?? new Set()).add(there.server));
    }
    items = sent.filter(
      (one, at) =>
        at % serving.length === 0 &&
        one.observed === 'handled' &&
        readers(one.version).some((server) => had.get(keyOf(one))?.has(server) !== true),
    );
  }
  for (const { method, sample } of items) {
    const missing = serving.map(serverOf).filter((server) => had.get(keyOf({ method, sample }))?.has(server) === false);
    verdict.fail({
      method,
      version: stage.lines[calling].head,
      direction: 'request',
      path: '',
      message: `${method}: sent ${ROUNDS} times, and ${missing.join(', ')} never got it`,
    });
  }
}

/** What the servers have handled since this was last asked, by mark. */
export async function handledBy(stage: Stage, serving: CellPlan['serving'], namespace: string): Promise<ReadonlyMap<string, Handled>> {
  const handled = await Promise.all(serving.map((name) => stage.servers[name].ask('handled', { namespace })));
  return new Map(handled.flat().map((one) => [one.mark, one]));
}

/** The versions that answers may have: of each server the newest that the caller accepts. */
function answerVersions(stage: Stage, { serving, calling }: Pick<CellPlan, 'serving' | 'calling'>): readonly Version[] {
  const { lines } = stage;
  const accepted = lines[calling].head;
  return [
    ...new Set(serving.flatMap((name) => lines[name].versions.filter((version) => version === accepted || lines[calling].has(version)))),
  ];
}

function keyOf({ method, sample }: Omit<Item, 'mark'>): string {
  return `${method} ${sample}`;
}
