import { deepEqual, equal, notDeepEqual, ok } from 'node:assert/strict';
import { type Action, printPlan, Random, rollingPlan, type RollingOptions } from './index.js';

const options: RollingOptions = {
  servers: ['server-1', 'server-2', 'server-3'],
  from: 'A',
  passes: ['B', 'A', 'B'],
  faults: ['kill', 'freeze', 'cut', 'stall', 'half-open', 'delay', 'clock'],
  probability: 0.8,
  brokerRestarts: 1,
};
const seeds = Array.from({ length: 200 }, (_, seed) => seed);

describe('plans', () => {
  it('are the same for the same seed, and others for others', () => {
    deepEqual(rollingPlan(7, options), rollingPlan(7, options));
    notDeepEqual(rollingPlan(7, options).actions, rollingPlan(8, options).actions);
  });

  it('bring every server to the release of each pass', () => {
    for (const seed of seeds) {
      const running = new Map(options.servers.map((server) => [server, 'A']));
      for (const action of rollingPlan(seed, options).actions) if (action.do === 'start') running.set(action.name, action.release);
      deepEqual([...running.values()], ['B', 'B', 'B'], `seed ${seed}`);
    }
  });

  it('end every fault that they begin, and never touch a server that is down', () => {
    for (const seed of seeds) {
      const faulty = new Set<string>();
      const down = new Set<string>();
      for (const action of rollingPlan(seed, options).actions) {
        if ('name' in action && action.do !== 'start')
          ok(!down.has(action.name), `seed ${seed}: ${action.do} of ${action.name}, which is down`);
        if (action.do === 'stop' || action.do === 'kill') down.add(action.name);
        if (action.do === 'start') down.delete(action.name);
        if (begins(action)) faulty.add(action.name);
        if (ends(action)) faulty.delete(action.name);
      }
      deepEqual([[...faulty], [...down]], [[], []], `seed ${seed}`);
    }
  });

  it('are printed in a form that can be played again', () => {
    const plan = rollingPlan(7, options);
    const lines = printPlan(plan).split('\n').slice(1);
    deepEqual(
      lines.map((line) => JSON.parse(line.trim().replace(/,$/, '')) as Action),
      plan.actions,
    );
  });
});

describe('chance', () => {
  it('is even enough', () => {
    const random = new Random(1);
    const counts = [0, 0, 0, 0];
    for (let index = 0; index < 4_000; index += 1) counts[random.between(0, 3)]! += 1;
    for (const count of counts) ok(count > 850 && count < 1_150, String(counts));
  });

  it('shuffles without losing anything', () => {
    equal(new Set(new Random(3).shuffle(seeds)).size, seeds.length);
  });
});

function begins(action: Action): action is Extract<Action, { name: string }> {
  return ['freeze', 'stall', 'half-open', 'delay'].includes(action.do) || (action.do === 'clock' && action.by !== 0);
}

function ends(action: Action): action is Extract<Action, { name: string }> {
  return ['thaw', 'mend'].includes(action.do) || (action.do === 'clock' && action.by === 0);
}
