import assert from 'node:assert/strict';
import { defineApi, defineMessage, defineObject, t, type Version } from 'lynchpin';
import { Contract } from '#lynchpin/rpc/index.js';
import { firstDifference } from '#lynchpin/testing/skew/difference.js';
import { loadingFlags } from '#lynchpin/testing/skew/loading-flags.js';
import { planCells, planQueues, type Lines } from '#lynchpin/testing/skew/plan.js';
import { undeclaredLoss } from '#lynchpin/testing/skew/worker/loss.js';
import { Line } from '#lynchpin/versions/index.js';

const lines = (old: readonly [Version, Version], newer: readonly [Version, Version]): Lines => ({
  old: Line.between('old', ...old),
  new: Line.between('new', ...newer),
});

/** The pin of every cell, in the order old, pinned, released of old, mixed and new servers. */
const pins = (both: Lines): readonly string[] => planCells(both).map(({ pin, fixed }) => (fixed === undefined ? pin : `${pin}, ${fixed}`));

describe('what skew expects of a cell', () => {
  it('follows from the versions of the releases', () => {
    assert.deepEqual(pins(lines(['3.0', '3.2'], ['3.1', '3.4'])), [
      '3.2',
      '3.2',
      '3.2, 3.4',
      '3.2',
      '3.2',
      '3.2, 3.4',
      '3.2',
      '3.2',
      '3.4, 3.4',
    ]);
  });

  it('is a refusal, or the servers of its own, where the releases share no version', () => {
    assert.deepEqual(pins(lines(['3.0', '3.2'], ['3.3', '3.4'])), [
      '3.2',
      'TOO_NEW',
      'TOO_NEW, 3.4',
      '3.2',
      '3.3',
      '3.4, 3.4',
      'TOO_OLD',
      '3.3',
      '3.4, 3.4',
    ]);
    assert.deepEqual(planQueues(lines(['3.0', '3.2'], ['3.3', '3.4'])), []);
  });

  it('of a queue: it is read where it stands, or at what both know', () => {
    const brief = planQueues(lines(['3.0', '3.2'], ['3.1', '3.4'])).map(({ by, readBy, version, readAt }) => [by, readBy, version, readAt]);
    assert.deepEqual(brief, [
      ['old', 'new', '3.2', '3.2'],
      ['pinned', 'old', '3.2', '3.2'],
      ['released', 'old', '3.4', '3.2'],
    ]);
  });
});

describe('what skew compares', () => {
  it('is plain JSON, and the path of the first difference is named', () => {
    assert.equal(firstDifference({ a: [1, { b: null }], c: 2 }, { c: 2, a: [1, { b: null }] }), undefined);
    assert.deepEqual(firstDifference({ a: [1, { b: null }] }, { a: [1, {}] }), { path: 'a[1].b', expected: null, got: undefined });
    assert.deepEqual(firstDifference({ a: [1] }, { a: [1, 2] }), { path: 'a[1]', expected: undefined, got: 2 });
    assert.deepEqual(firstDifference([], {}), { path: '', expected: [], got: {} });
  });

  it('knows the loss that is declared from one that is not', () => {
    class Part {}
    defineObject(Part, {
      name: 'Part',
      version: '1.1',
      fields: {
        state: t.enum(['on', 'off', 'idle'], { added: { '1.1': { idle: 'off' } } }),
        size: t.integer(),
        color: [t.string(), { since: '1.1', default: '' }],
        note: t.string(),
      },
      losses: [{ from: '1.1', to: '1.0', fields: ['note'], reason: 'cut to what 1.0 can hold' }],
    } as never);
    class Take {}
    defineMessage(Take, { name: 'Take', fields: { parts: t.list(t.object(() => Part)) } } as never);
    class PartApi {}
    defineApi(PartApi, {
      topic: 'part',
      version: '1.1',
      carries: { '1.1': { Part: '1.1' } },
      methods: { take: { takes: Take } },
    } as never);
    const contract = Contract.of(PartApi);
    const loss = (change: object, version: Version = '1.0'): string | undefined => {
      const part = { state: 'idle', size: 1, color: 'red', note: 'long' };
      return undeclaredLoss(contract, Take, version, { parts: [part] }, { parts: [{ ...part, ...change }] });
    };
    assert.equal(loss({ state: 'off', color: '', note: 'l' }), undefined);
    assert.equal(loss({ size: 2 }), 'parts[0].size');
    assert.equal(loss({ color: '' }, '1.1'), 'parts[0].color');
    assert.equal(loss({ note: undefined }, '1.1'), 'parts[0].note');
    assert.equal(loss({ state: 'off' }, '1.1'), 'parts[0].state');
  });
});

describe('a process of skew', () => {
  it('loads sources as the one that starts it does, and takes over nothing else of it', () => {
    const flags = [
      '--import',
      'tsx',
      '--require=./setup.cjs',
      '--inspect-brk',
      '--eval',
      'run()',
      '--input-type=module',
      '-C',
      'source',
      '--test',
    ];
    assert.deepEqual(loadingFlags(flags), ['--import', 'tsx', '--require=./setup.cjs', '-C', 'source']);
    assert.deepEqual(loadingFlags(['--enable-source-maps', '-p', 'import']), ['--enable-source-maps']);
  });
});
