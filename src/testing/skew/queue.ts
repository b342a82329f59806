import { setTimeout as pause } from 'node:timers/promises';
import type { Version } from '../../versions/index.js';
import { handledBy } from './cell.js';
import { timeCapsule } from './finding.js';
import { Verdict } from './judge.js';
import { markOf } from './marks.js';
import type { Handled, Sent } from './messages.js';
import type { QueuePlan } from './plan.js';
import type { SkewQueue } from './result.js';
import { serverOf, type Stage } from './stage.js';

/** How long nothing may happen to messages that still wait, in ms, before they count as left behind. */
const PATIENCE = 10_000;
/** Between two looks at what was read, in ms. */
const LOOK = 20;

/** Has one release queue casts while no server is up, brings the other release's servers up, and sees what they get. */
export async function playQueue(stage: Stage, plan: QueuePlan): Promise<SkewQueue> {
  const { by, calling, readBy, cap, version, readAt } = plan;
  const namespace = stage.ground.namespace(`queued-${by}`);
  const verdict = new Verdict();
  const caller = stage.clients[calling];
  const before = { namespace, server: serverOf(calling), reads: version };
  try {
    // A client learns its version from servers of its own release; then they are gone, and it keeps what it knows.
    await stage.servers[calling].ask('serve', before);
    const opened = await caller.ask('open', { namespace, pin: cap });
    const found = 'version' in opened ? opened.version : opened.refused;
    if (found !== version) {
      const message = `among servers of its own release the client comes to ${found}; by the versions it is ${version}`;
      verdict.fail({ method: '', version, direction: 'pin', path: '', message });
    }
    await stage.servers[calling].ask('leave', before);
    const to = readAt === version ? undefined : readAt;
    const items = await caller.ask('items', { namespace, casts: true, to });
    const marked = items.map((item) => ({ ...item, mark: stage.nextMark() }));
    const sent = await caller.ask('send', { namespace, items: marked, kind: 'cast', answers: [], to });
    await stage.servers[readBy].ask('serve', { namespace, server: serverOf(readBy), reads: stage.lines[calling].head });
    await judge(stage, plan, namespace, sent, verdict);
    const { expected, observed, failures } = verdict;
    const findings = failures.map((failure) => timeCapsule(stage.described.new.topic, plan, failure));
    return { by, readBy, version, expected, observed, failures, findings };
  } finally {
    await stage.clear(namespace);
  }
}

async function judge(stage: Stage, plan: QueuePlan, namespace: string, sent: readonly Sent[], verdict: Verdict): Promise<void> {
  const expected = (one: Sent): string => (one.predicted === 'sent' ? 'handled' : one.predicted);
  const queued = sent.filter(({ observed }) => observed === 'queued');
  for (const one of sent) if (one.observed !== 'queued') verdict.outcome(one, expected(one));
  const { handled, buried } = await read(stage, plan, namespace, new Set(queued.map(({ mark }) => mark)));
  for (const one of queued) {
    const there = handled.get(one.mark);
    const letter = buried.get(one.mark);
    const observed = there === undefined ? (letter?.code ?? 'left on its queue') : 'handled';
    verdict.outcome({ ...one, observed, ...(letter === undefined ? {} : { reason: letter.detail }) }, expected(one));
    if (there === undefined) continue;
    verdict.exchange(plan.readAt === plan.version ? one : moved(one, plan.readAt), there);
  }
}

/** A message as it is where somebody reads it. */
function moved(sent: Sent, version: Version): Sent {
  const { moved: json, written: _, ...rest } = sent;
  return { ...rest, version, ...(json === undefined ? {} : { written: json }) };
}

/** Waits until every message was handled or buried, or nothing has happened for a while. */
async function read(
  stage: Stage,
  { readBy }: QueuePlan,
  namespace: string,
  marks: ReadonlySet<string>,
): Promise<{
  readonly handled: ReadonlyMap<string, Handled>;
  readonly buried: ReadonlyMap<string, { readonly code: string; readonly detail: string }>;
}> {
  const handled = new Map<string, Handled>();
  const buried = new Map<string, { readonly code: string; readonly detail: string }>();
  const done = (): number => [...marks].filter((mark) => handled.has(mark) || buried.has(mark)).length;
  for (let last = performance.now(), before = 0; before < marks.size && performance.now() - last < PATIENCE; ) {
    for (const [mark, one] of await handledBy(stage, [readBy], namespace)) handled.set(mark, one);
    for (const { traceparent, ...letter } of await stage.ground.buried(namespace)) buried.set(markOf(traceparent), letter);
    const now = done();
    if (now > before) {
      before = now;
      last = performance.now();
    }
    if (now < marks.size) await pause(LOOK);
  }
  return { handled, buried };
}
