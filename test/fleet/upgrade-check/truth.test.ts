import assert from 'node:assert/strict';
import { connect, defineApi, defineMessage, LynchpinError, MemoryHub, t, type Bus, type ErrorCode, type UpgradeCheck } from 'lynchpin';

type Version = `${number}.${number}`;

class Place {
  total!: number;
}
defineMessage(Place, { fields: { total: t.integer({ minimum: 0 }) } });

/** A build of the topic that reads from one version to another of the same major. */
function buildOf(floor: Version, version: Version) {
  class OrdersApi {
    place!: (request: Place) => Promise<void>;
  }
  defineApi(OrdersApi, { topic: 'orders', version, floor, methods: { place: { takes: Place } } } as never);
  return OrdersApi;
}

interface Scene {
  readonly fact: string;
  /** What runs before. */
  readonly running: (bus: Bus) => Promise<unknown>;
  readonly build: readonly [floor: Version, version: Version];
  readonly readiness: 'ready' | 'warnings' | 'not ready';
  /** What a server of that build meets; none: it serves. */
  readonly server?: ErrorCode;
  /** What a client of that build meets; none: it calls. */
  readonly client?: ErrorCode;
}

const serve = (bus: Bus, floor: Version, version: Version) =>
  bus.serve(buildOf(floor, version), { place: () => Promise.resolve() }, { server: `orders-${version}` });

const scenes: readonly Scene[] = [
  { fact: 'nobody is there', running: () => Promise.resolve(), build: ['2.0', '2.1'], readiness: 'ready' },
  { fact: 'an older server is there', running: (bus) => serve(bus, '2.0', '2.1'), build: ['2.0', '2.3'], readiness: 'ready' },
  { fact: 'a newer server is there', running: (bus) => serve(bus, '2.0', '2.3'), build: ['2.0', '2.1'], readiness: 'ready' },
  {
    fact: 'pins are held below it',
    running: async (bus) => {
      await serve(bus, '2.0', '2.1');
      await bus.fleet.hold('orders', { reason: 'soak' });
    },
    build: ['2.0', '2.3'],
    readiness: 'warnings',
  },
  {
    fact: 'it reads what was finalized',
    running: async (bus) => {
      await serve(bus, '2.0', '2.3');
      await bus.fleet.finalize('orders', '2.2', { reason: 'the column goes' });
    },
    build: ['2.0', '2.2'],
    readiness: 'ready',
  },
  {
    fact: 'it is older than what was finalized',
    running: async (bus) => {
      await serve(bus, '2.0', '2.3');
      await bus.fleet.finalize('orders', '2.2', { reason: 'the column goes' });
    },
    build: ['2.0', '2.1'],
    readiness: 'not ready',
    server: 'TOO_OLD',
    client: 'TOO_OLD',
  },
  {
    fact: 'it has dropped all that the live server reads',
    running: (bus) => serve(bus, '2.0', '2.1'),
    build: ['2.2', '2.3'],
    readiness: 'not ready',
    client: 'TOO_NEW',
  },
  {
    fact: 'the live server has dropped all that it reads',
    running: (bus) => serve(bus, '2.2', '2.3'),
    build: ['2.0', '2.1'],
    readiness: 'not ready',
    client: 'TOO_OLD',
  },
];

interface Outcome {
  readonly check: UpgradeCheck;
  readonly client: ErrorCode | undefined;
  readonly server: ErrorCode | undefined;
}

/** Checks a build, and then lets it join. */
async function play({ running, build: [floor, version] }: Scene): Promise<Outcome> {
  const hub = new MemoryHub();
  const [present, joining] = await Promise.all([connect(hub, { name: 'present' }), connect(hub, { name: 'joining' })]);
  try {
    await running(present);
    const check = await present.fleet.upgradeCheck([buildOf(floor, version)]);
    // The client first: a server of its own would read what it sends.
    const client = await met(async () => {
      const orders = await joining.client(buildOf(floor, version));
      if (present.servers.length > 0) await orders.call.place({ total: 1 });
    });
    const server = await met(() => joining.serve(buildOf(floor, version), { place: () => Promise.resolve() }, { server: 'joining' }));
    return { check, client, server };
  } finally {
    await joining.close();
    await present.close();
  }
}

describe('what a check of an upgrade says is what happens', () => {
  const outcomes = new Map<Scene, Outcome>();
  before(async () => {
    // All at once: each of them mostly waits for answers.
    await Promise.all(scenes.map(async (scene) => outcomes.set(scene, await play(scene))));
  });

  for (const scene of scenes) {
    const { fact, build, readiness, client, server } = scene;
    it(`${build[1]} from ${build[0]} is ${readiness} where ${fact}`, () => {
      const outcome = outcomes.get(scene);
      assert.equal(outcome?.check.readiness, readiness, JSON.stringify(outcome?.check.findings, undefined, 2));
      assert.deepEqual([outcome?.client, outcome?.server], [client, server]);
    });
  }
});

/** The code of the error that is met, if any. */
async function met(work: () => Promise<unknown>): Promise<ErrorCode | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (LynchpinError.is(error)) return error.code;
    throw error;
  }
}
