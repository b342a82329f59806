import { rejects } from 'node:assert/strict';
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
import { type RabbitNode, startRabbit } from '../../support/rabbitmq/index.js';
import { queueOf, ROLL } from './topology.js';

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

function judge(evidence: Evidence): Finding[] {
  const pin = { roll: ROLL, settle: SETTLE };
  return [
    checkWindow(evidence),
    checkAcceptance(evidence),
    checkPins(evidence, pin),
    checkOutcomes(evidence),
    checkRedelivery(evidence),
    checkReplies(evidence),
    checkFanouts(evidence, { queueOf }),
    checkRelease(evidence, pin),
  ];
}

describe('the harness, tried on lanes in the small', function () {
  this.timeout(60_000);
  let broker: RabbitNode;
  const servers = ['server-1', 'server-2', 'server-3'];
  before(async () => {
    broker = await startRabbit({ prefix: 'harness' });
  });
  after(() => broker?.stop());

  /** Plays a plan under load, and checks what was left behind. */
  async function play(plan: Plan, mutated: Partial<Record<keyof typeof releases, readonly Mutation[]>> = {}): Promise<void> {
    const stage = new Stage({
      broker,
      releases: Object.fromEntries(
        Object.entries(releases).map(([key, release]) => [key, { ...release, mutations: mutated[key as keyof typeof releases] ?? [] }]),
      ),
      settings: { settle: SETTLE },
    });
    let keep = Object.keys(mutated).length === 0;
    try {
      await Promise.all(servers.map(async (name) => (await stage.start({ name, role: 'server', release: 'A' })).child.ready()));
      const old = (await stage.start({ name: 'client-1', role: 'client', release: 'A' })).child;
      const young = (await stage.start({ name: 'client-2', role: 'client', release: 'B' })).child;
      await Promise.all([old, young].map((child) => child.ask('load', { parallel: 5 })));
      await performPlan(stage, plan);
      await young.told('pin', ({ version }) => version === B.version);
      await Promise.all([old, young].map((child) => child.terminate()));
      assertFindings(judge(await stage.evidence()), { directory: stage.directory, plan });
      keep = false;
    } finally {
      await stage.close({ keep });
    }
  }

  it('finds nothing wrong when servers are replaced up, back and up again while others are killed, frozen or cut off', async () => {
    const plan = rollingPlan(runSeed(), {
      servers,
      from: 'A',
      passes: ['B', 'A', 'B'],
      faults: ['kill', 'freeze', 'cut', 'stall', 'half-open', 'delay', 'clock'],
      probability: 0.7,
      brokerRestarts: 1,
      rest: [10, 40],
    });
    await play(plan);
  });

  describe('catches a program in which a mechanism is switched off:', () => {
    const plan = rollingPlan(1, { servers, from: 'A', passes: ['B'], rest: [5, 10] });

    it('a server that consumes a lane above its window', async () => {
      await rejects(
        play(plan, {
          'server A': [{ file: 'plain/server.js', find: 'versionsOf(window)', replace: "[...versionsOf(window), '1.3', '1.4']" }],
        }),
        /1 window/,
      );
    });

    it('a server that puts work back on its queue', async () => {
      await rejects(
        play(plan, {
          'server B': [
            {
              file: 'plain/server.js',
              find: 'const body = JSON.parse',
              replace: 'if (Math.random() < 0.1) return channel.nack(message);\nconst body = JSON.parse',
            },
          ],
        }),
        /7 redelivery/,
      );
    });

    it('a server that acknowledges before it is done', async () => {
      await rejects(
        play(plan, {
          'server B': [
            {
              file: 'plain/server.js',
              find: 'await pause(Math.random() * 4);',
              replace: 'if (!replyTo) { channel.ack(message); return; }',
            },
          ],
        }),
        /6 outcomes/,
      );
    });

    it('a client that does not wait until it is quiet, or takes an empty roll for agreement', async () => {
      await rejects(play(plan, { 'client B': [{ file: 'plain/client.js', find: '>= settle', replace: '>= 0' }] }), /4, 5 pins/);
    });
  });
});
