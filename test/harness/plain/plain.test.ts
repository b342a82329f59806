import { match } from 'node:assert/strict';
import {
  checkAcceptance,
  checkFanouts,
  checkOutcomes,
  checkPins,
  checkRedelivery,
  checkRelease,
  checkReplies,
  checkWindow,
  type Evidence,
  type Finding,
} from '../check/index.js';

import type { Mutation } from '../mutation/index.js';
import { type Plan, rollingPlan, runSeed } from '../plan/index.js';
import { assertFindings, performPlan, type Release, Stage } from '../stage/index.js';
import { type SharedRabbit, sharedRabbit } from '../../support/rabbitmq/index.js';
import { namesOf } from './topology.js';

const SETTLE = 600;
const programs = { server: new URL('./server.js', import.meta.url).pathname, client: new URL('./client.js', import.meta.url).pathname };
const A: Release['window'] = { floor: '1.0', version: '1.2' };
const B: Release['window'] = { floor: '1.0', version: '1.4' };
const releases = {
  'server A': { window: A, program: programs.server },
  'server B': { window: B, program: programs.server },
  'client A': { window: A, program: programs.client },
  'client B': { window: B, program: programs.client },
} as const;

const servers = ['server-1', 'server-2', 'server-3'];

function judge(evidence: Evidence, topic: string): Finding[] {
  const names = namesOf(topic);
  const pin = { roll: names.roll, settle: SETTLE };
  return [
    checkWindow(evidence),
    checkAcceptance(evidence),
    checkPins(evidence, pin),
    checkOutcomes(evidence),
    checkRedelivery(evidence),
    checkReplies(evidence),
    checkFanouts(evidence, { queueOf: names.server }),
    checkRelease(evidence, pin),
  ];
}

describe('the harness, tried on lanes in the small', function () {
  this.timeout(60_000);
  let broker: SharedRabbit;
  before(async function () {
    broker = await sharedRabbit(this);
  });

  /** Plays a plan under load, and checks what was left behind. */
  async function play(plan: Plan, mutated: Partial<Record<keyof typeof releases, readonly Mutation[]>> = {}): Promise<void> {
    const topic = `${broker.namespace()}.orders`;
    const stage = new Stage({
      broker: { url: broker.url, restart: () => Promise.reject(new Error('this broker is shared')) },
      releases: Object.fromEntries(
        Object.entries(releases).map(([key, release]) => [key, { ...release, mutations: mutated[key as keyof typeof releases] ?? [] }]),
      ),
      settings: { settle: SETTLE, topic },
    });
    let keep = Object.keys(mutated).length === 0;
    try {
      await Promise.all(servers.map(async (name) => (await stage.start({ name, role: 'server', release: 'A' })).child.ready()));
      const old = (await stage.start({ name: 'client-1', role: 'client', release: 'A' })).child;
      const young = (await stage.start({ name: 'client-2', role: 'client', release: 'B' })).child;
      await Promise.all([old, young].map((child) => child.ask('load', { parallel: 3 })));
      await performPlan(stage, plan);
      await young.told('pin', ({ version }) => version === B.version);
      await Promise.all([old, young].map((child) => child.terminate()));
      assertFindings(judge(await stage.evidence(), topic), { directory: stage.directory, plan });
      keep = false;
    } finally {
      await stage.close({ keep });
    }
  }

  /** What is found when one of the programs runs with a difference. */
  function found(plan: Plan, casting: keyof typeof releases, mutation: Mutation): Promise<string> {
    return play(plan, { [casting]: [mutation] }).then(() => 'nothing', String);
  }

  it('finds nothing wrong when servers are replaced while others are killed, frozen or cut off', async () => {
    const plan = rollingPlan(runSeed(), {
      servers,
      from: 'A',
      passes: ['B'],
      faults: ['kill', 'freeze', 'cut', 'stall', 'half-open', 'delay', 'clock'],
      probability: 1,
      rest: [20, 60],
    });
    await play(plan);
  });

  it('catches each program in which a mechanism is switched off', async () => {
    const plan = rollingPlan(1, { servers, from: 'A', passes: ['B'], rest: [10, 20] });
    const [aboveWindow, putsBack, neverQuiet] = await Promise.all([
      found(plan, 'server A', {
        file: 'plain/topology.js',
        find: 'minor(version) - minor(floor) + 1',
        replace: 'minor(version) - minor(floor) + 3',
      }),
      found(plan, 'server B', {
        file: 'plain/server.js',
        find: 'const body = JSON.parse',
        replace: 'if (Math.random() < 0.1) return channel.nack(message);\nconst body = JSON.parse',
      }),
      found(plan, 'client B', { file: 'plain/client.js', find: '>= settle', replace: '>= 0' }),
    ]);
    match(aboveWindow, /1 window: \d+ violations/);
    match(putsBack, /7 redelivery: \d+ violations/);
    match(neverQuiet, /4, 5 pins: \d+ violations/);
  });
});
