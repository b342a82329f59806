import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import {
  checkAcceptance,
  checkFanouts,
  checkLoss,
  checkOutcomes,
  checkPins,
  checkRedelivery,
  checkRelease,
  checkReplies,
  checkWindow,
  type Evidence,
  type Finding,
} from '../harness/check/index.js';
import type { Mutation } from '../harness/mutation/index.js';
import { type Action, type Plan, printPlan } from '../harness/plan/index.js';
import { assertFindings, perform, Stage, type StageBroker } from '../harness/stage/index.js';
import { expectedArguments } from './expectations.js';
import { type Casting, catalogue, type ReleaseName } from './releases/catalogue.js';
import type { Kind } from './releases/mix.js';

export interface ScenarioOptions {
  readonly broker: StageBroker;
  /** The servers, each with the release that it runs at the beginning. */
  readonly servers: Readonly<Record<string, ReleaseName>>;
  readonly clients: Readonly<Record<string, ReleaseName>>;
  readonly plan: Plan;
  /** What else is done once the plan is carried out. */
  readonly finish?: (stage: Stage) => Promise<unknown>;
  /** What clients are waited for at the end: their pins at these versions. */
  readonly until?: Readonly<Record<string, string>>;
  /** Messages under way at a time, per client. Default 4. */
  readonly parallel?: number;
  /** In ms. Default 1,000. */
  readonly settle?: number;
  /** What the clients send, in turn. */
  readonly mix?: readonly Kind[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly mutations?: Partial<Record<Casting, readonly Mutation[]>>;
}

export type Invariant = 'window' | 'loss' | 'acceptance' | 'pins' | 'outcomes' | 'redelivery' | 'replies' | 'fanouts' | 'release';

/** A scenario that was played, with all that it left. */
export class Run {
  /** What each invariant says about it. */
  readonly findings: Readonly<Record<Invariant, Finding>>;

  constructor(
    readonly evidence: Evidence,
    readonly directory: string,
    readonly plan: Plan,
    settle: number,
    topic: string,
  ) {
    const pins = { roll: `${topic}.roll`, settle };
    this.findings = {
      window: checkWindow(evidence),
      loss: checkLoss(evidence, { expected: expectedArguments }),
      acceptance: checkAcceptance(evidence),
      pins: checkPins(evidence, pins),
      outcomes: checkOutcomes(evidence, { idempotent: new Set(['audit']) }),
      redelivery: checkRedelivery(evidence),
      replies: checkReplies(evidence),
      fanouts: checkFanouts(evidence, { queueOf: (server) => `${topic}.server.${server}` }),
      release: checkRelease(evidence, pins),
    };
  }

  /** @throws Error with the plan, when one of them was broken, or judged nothing. */
  assert(...invariants: readonly Invariant[]): void {
    assertFindings(
      invariants.map((invariant) => this.findings[invariant]),
      this,
    );
  }

  /** Throws away what the run left on disk. */
  discard(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Plays a scenario to its end: starts servers and clients, applies load, carries out the plan, and stops everything. */
export async function play(options: ScenarioOptions): Promise<Run> {
  const { broker, servers, clients, plan, until = {}, parallel = 4, settle = 1_000, mutations = {} } = options;
  const namespace = `t${randomBytes(6).toString('hex')}`;
  const names = Object.keys(servers);
  const stage = new Stage({
    broker,
    releases: catalogue(mutations),
    settings: { namespace, settle, servers: names, mix: options.mix, ...options.settings },
  });
  const begin = (role: 'server' | 'client', parts: Readonly<Record<string, ReleaseName>>): Promise<void[]> =>
    Promise.all(Object.entries(parts).map(async ([name, release]) => (await stage.start({ name, role, release })).child.ready()));
  try {
    await begin('server', servers);
    await begin('client', clients);
    const senders = Object.keys(clients).map((name) => stage.part(name).child);
    await Promise.all(senders.map((child) => child.ask('load', { parallel })));
    for (const action of plan.actions) await perform(stage, action);
    await options.finish?.(stage);
    await Promise.all(Object.entries(until).map(([name, version]) => stage.part(name).child.told('pin', (pin) => pin.version === version)));
    await Promise.all(senders.map((child) => child.terminate()));
    await Promise.all(
      names
        .map((name) => stage.part(name).child)
        .filter(({ running }) => running)
        .map((child) => child.terminate()),
    );
    return new Run(await stage.evidence(), stage.directory, plan, settle, `${namespace}.orders`);
  } catch (error) {
    await stage.close({ keep: true });
    throw new Error(`the run could not be finished: ${String(error)}\n${printPlan(plan)}\njournals: ${stage.directory}`, { cause: error });
  }
}

/** A plan written by hand. */
export function planOf(...actions: readonly Action[]): Plan {
  return { seed: 0, actions };
}
