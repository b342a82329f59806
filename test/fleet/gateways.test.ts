import assert from 'node:assert/strict';
import { showable } from '#lynchpin/fleet/finalizing/index.js';
import { floorOf, type LedgerState } from '#lynchpin/pin/index.js';
import { explore, traceText, type Explored } from '../pin/ledger/support/explore.js';
import { systemOf, V, type Options } from './support/gateways.js';

const shown = (state: LedgerState): ReturnType<typeof showable> => ({ kind: 'shown', version: floorOf(state)?.version });

describe('gateways that show users what is final', () => {
  const seen: string[] = [];
  after(() => console.log(seen.map((line) => `        ${line}`).join('\n')));

  function holds(what: string, options: Options, atLeast: number): void {
    const answers = new Set<string | undefined>();
    const explored = explore(systemOf({ ...options, onAnswer: (version) => answers.add(version) }));
    assert.equal(explored.broken, undefined, traceText(explored));
    assert.ok(explored.states >= atLeast, `${explored.states} states only`);
    assert.deepEqual(answers, new Set([undefined, V]), 'both are answered');
    seen.push(`${what}: ${explored.states} states, ${explored.ends} ends`);
  }
  function breaks(options: Options): Explored {
    const explored = explore(systemOf(options));
    assert.ok(explored.broken !== undefined, traceText(explored));
    return explored;
  }

  const cutOff: Options = { gateways: 2, cut: 1 };
  it('never take back what any of them has shown, however late each reads', () => {
    holds('three that read late', { gateways: 3 }, 200);
  });
  it('nor when each may give a finalization up, and it is prepared again', () => {
    holds('two that lose patience, prepared twice', { gateways: 2, prepares: 2, impatient: 1 }, 1_000);
  });
  it('nor when they are cut off without noticing, taken for gone, and join anew', () => {
    holds('two, one of which is cut off', cutOff, 10_000);
  });

  it('take it back when they do not wait for what they have agreed to', () => {
    const decide: Options['decide'] = (state, mine, queue) => {
      const found = showable(state, mine, queue);
      return found.kind === 'undecided' ? shown(state) : found;
    };
    const text = traceText(breaks({ gateways: 2, decide }));
    assert.match(text, /gateway-1 answers 3\.1\n.* gateway-2 answers that nothing is final$/);
  });
  it('take it back when they do not look whether they live', () => {
    breaks({ ...cutOff, careless: true });
  });
  it('take it back when they answer before they have read that they have joined anew', () => {
    breaks({ ...cutOff, decide: (state, mine, queue) => (mine.length === 0 ? shown(state) : showable(state, mine, queue)) });
  });
});
