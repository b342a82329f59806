import { deepEqual, notDeepEqual } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBroker } from '#lynchpin/broker/index.js';
import { now } from '../harness/journal/index.js';
import type { Mutation } from '../harness/mutation/index.js';
import { type RabbitNode, startRabbit } from '../support/rabbitmq/index.js';
import { Fleet } from './fleet/fleet.js';
import { FleetOfSeed } from './restarts/fleet-of-seed.js';
import { earlyRaises, lateReleases, type Told } from './restarts/judge.js';
import { FROZEN, shapeOf } from './restarts/shape.js';

/** Fleets that go through one restart together, each of a seed of its own. */
const TOGETHER = 10;
const RESTARTS = 5;

const alone = process.env['LYNCHPIN_SEED'];
const first = alone === undefined ? (Date.now() % 1_000_000) * 100 : Number(alone);
const rounds =
  alone === undefined
    ? Array.from({ length: RESTARTS }, (_, round) => Array.from({ length: TOGETHER }, (__, at) => first + round * TOGETHER + at))
    : [[first]];

const NOBODY_IS_WAITED_FOR: Mutation = { file: 'dist/pin/absence.js', find: 'missing > 0 && !late', replace: 'false' };

/** Clients that watch the same fleets with a mechanism switched off. */
const MUTANTS: Readonly<Record<string, { readonly fact: string; readonly mutations: readonly Mutation[] }>> = {
  believer: {
    fact: 'a client that takes an empty roll for agreement',
    mutations: [
      {
        file: 'dist/pin/decide.js',
        find: 'reading.servers <= 0)\n        return held(from);',
        replace: "reading.servers <= 0)\n        return { ...held(from), version: rules.line.head, state: 'released' };",
      },
    ],
  },
  hasty: {
    fact: 'a client that waits for nobody who was there before',
    mutations: [NOBODY_IS_WAITED_FOR],
  },
  patient: {
    fact: 'a client whose quiet time survives that it was cut off, and that waits for nobody',
    mutations: [
      NOBODY_IS_WAITED_FOR,
      {
        file: 'dist/pin/decide.js',
        find: "state: from.state === 'settling' ? 'held' : from.state, quiet: NOTHING, doubt: undefined, looked: undefined",
        replace: 'quiet: from.quiet, looked: from.looked, doubt: undefined',
      },
      { file: 'dist/pin/decide.js', find: 'from.looked !== undefined && now - from.looked <= gap', replace: 'from.looked !== undefined' },
    ],
  },
};

describe(`over a restart of the broker no pin rises early (seeds ${first} to ${rounds.at(-1)?.at(-1)}: LYNCHPIN_SEED plays one alone)`, function () {
  this.timeout(280_000);
  const told: Told[] = [];
  const fleet = new Fleet();
  const journals = mkdtempSync(join(tmpdir(), 'restarts-'));
  let node: RabbitNode;

  before(async () => {
    node = await startRabbit({ prefix: 'restarts' });
    // What the broker knows of its very first log is not on disk for some seconds, and `kill -9` would take it along.
    const broker = await openBroker(node.url);
    await broker.ensureLog('first');
    await broker.close();
    await node.restart();
    const watchers = alone === undefined ? Object.keys(MUTANTS) : [];
    for (const name of watchers) fleet.host(name, MUTANTS[name]!.mutations);
    for (const [round, seeds] of rounds.entries()) told.push(...(await play(seeds, round % 2 === 0 ? 'kill' : 'halt', watchers)));
  });

  after(async () => {
    await fleet.stop();
    await node?.stop();
    rmSync(journals, { recursive: true, force: true });
  });

  async function play(seeds: readonly number[], how: 'kill' | 'halt', watchers: readonly string[]): Promise<Told[]> {
    const fleets = seeds.map((seed) => new FleetOfSeed(shapeOf(seed), fleet, { url: node.url, journals }, watchers));
    await Promise.all(fleets.map((one) => one.begin()));
    const { child } = fleet.host('frozen');
    child.freeze();
    for (const one of fleets) one.trouble();
    const down = now();
    await node[how]();
    await node.start();
    const up = now();
    for (const one of fleets) one.recover();
    setTimeout(() => child.thaw(), FROZEN);
    const results = await Promise.all(fleets.map((one) => one.finish({ down, up })));
    await Promise.all(fleets.map((one) => one.close()));
    return results;
  }

  const ours = (one: Told): Told => ({ ...one, pins: new Map([...one.pins].filter(([name]) => MUTANTS[name] === undefined)) });

  it('while an old server lives, connected or not, and before the quiet time is over', () => {
    deepEqual(
      told.flatMap((one) => earlyRaises(ours(one))),
      [],
    );
  });

  it('and none later than three seconds after that', () => {
    deepEqual(
      told.flatMap((one) => lateReleases(ours(one))),
      [],
    );
  });

  for (const [name, { fact }] of Object.entries(alone === undefined ? MUTANTS : {})) {
    it(`is shown to fail: ${fact}`, () => {
      notDeepEqual(
        told.flatMap((one) => earlyRaises(one, name)),
        [],
      );
    });
  }
});
