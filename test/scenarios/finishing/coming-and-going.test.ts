import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bus } from 'lynchpin';
import { Random, runSeed } from '../../harness/plan/index.js';
import { Back, BackApi, Front, FrontApi } from '../../rpc/fixtures/chain.js';
import { HubWorld, turn } from '../../rpc/hub.js';

describe('servers of two services that come and go, the last of a topic among them,', function () {
  this.timeout(30_000);
  const first = runSeed();
  for (let seed = first; seed < first + 8; seed++)
    it(`run every call once, and every request that came in is answered (seed ${seed}: HARNESS_SEED repeats it)`, async () => {
      const here = new HubWorld();
      const random = new Random(seed);
      const runs = new Map<string, number>();
      const count = (text: string): void => void runs.set(text, (runs.get(text) ?? 0) + 1);
      let born = 0;
      const newBack = async (): Promise<Bus> => {
        const { bus } = here.bus(`back ${++born}`);
        const service = new Back('back');
        const ask = service.ask.bind(service);
        service.ask = async (request, context) => {
          count(request.text);
          await pause(random.between(0, 3));
          return ask(request, context);
        };
        await bus.serve(BackApi, service, { server: `back-${born}`, concurrency: 2 });
        return bus;
      };
      const newFront = async (): Promise<Bus> => {
        const { bus } = here.bus(`front ${++born}`);
        const service = new Front(await bus.client(BackApi));
        const ask = service.ask.bind(service);
        service.ask = async (request, context) => {
          await pause(random.between(0, 7));
          return ask(request, context);
        };
        await bus.serve(FrontApi, service, { server: `front-${born}`, concurrency: 4 });
        return bus;
      };
      try {
        let [back, front] = [await newBack(), await newFront()];
        const user = await here.bus('user').bus.client(FrontApi);
        const direct = await here.bus('direct').bus.client(BackApi);
        const asked: Promise<string>[] = [];
        const expected: string[] = [];
        for (let round = 0; round < 4; round++) {
          for (let at = 0; at < 6; at++) {
            asked.push(user.call.ask({ text: `${round} ${at}` }), direct.call.ask({ text: `direct ${round} ${at}` }));
            expected.push(`front(back(${round} ${at}))`, `back(direct ${round} ${at})`);
          }
          for (let turns = random.between(0, 19); turns > 0; turns--) await turn();
          const linger = random.pick([0, 300]);
          const [both, frontFirst] = [random.chance(0.5), random.chance(0.5)];
          const left: Promise<void>[] = [];
          if (both && frontFirst) left.push(front.close({ linger }));
          left.push(back.close({ linger }));
          if (both && !frontFirst) left.push(front.close({ linger }));
          await pause(random.between(0, 299));
          back = await newBack();
          if (both) front = await newFront();
          await Promise.all(left);
        }
        assert.deepEqual(await Promise.all(asked), expected);
        assert.deepEqual(
          [...runs].filter(([, times]) => times !== 1),
          [],
        );
      } finally {
        await here.close();
      }
    });
});
