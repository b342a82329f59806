import assert from 'node:assert/strict';
import { LynchpinError } from 'lynchpin';
import {
  applyAcceptances,
  applySettings,
  found,
  parseSettings,
  readSettings,
  RULES,
  type Acceptance,
  type Finding,
  type Rule,
  type RuleId,
} from '#lynchpin/compat/index.js';
import { withFiles } from '../../style/project.js';

const at = (rule: RuleId, name: string, path?: string): Finding =>
  found({
    rule,
    subject: { kind: 'object', name, version: '1.2', ...(path === undefined ? {} : { path }) },
    message: `${name} 1.2 changed.`,
    breaks: 'peers',
    fix: 'Bump it.',
    diff: [`~ ${path}`],
  });

const accepting = (finding: Finding, expires?: string): Acceptance => ({
  fingerprint: finding.fingerprint,
  rule: finding.rule,
  subject: finding.subject.name,
  reason: 'nobody runs it yet',
  ...(expires === undefined ? {} : { expires }),
});

/** Whether settings are refused, and what is said of them. */
function refused(json: unknown): string {
  try {
    parseSettings(json, 'lynchpin.config.json');
  } catch (error) {
    assert.ok(LynchpinError.is(error, 'DECLARATION'), String(error));
    return error.message;
  }
  return '';
}

describe('the settings of a check', () => {
  it('are all that they say, and nothing else', () => {
    const settings = {
      contracts: ['./src/contracts.ts'],
      recording: 'wire',
      severity: { 'object/default-changed': 'off', 'object/default-changed@Volume.fields.tier': 'warn' },
      promises: { volume: '3.2', Volume: '1.0' },
    } as const;
    assert.deepEqual(parseSettings(settings, 'here'), settings);
    assert.deepEqual(parseSettings({}, 'here'), {});
  });

  it('are refused where they are not understood', () => {
    const wrong: readonly unknown[] = [
      [],
      null,
      'off',
      { severitys: {} },
      { contracts: [] },
      { contracts: './contracts.ts' },
      { contracts: [1] },
      { recording: '' },
      { severity: 'off' },
      { severity: { 'object/unknown': 'off' } },
      { severity: { 'object/default-changed': 'loud' } },
      { severity: { 'object/default-changed@': 'off' } },
      { promises: { volume: '3' } },
      { promises: ['volume'] },
    ];
    for (const json of wrong) assert.notEqual(refused(json), '', JSON.stringify(json));
  });

  it('name the nearest rule or setting where one is misspelt', () => {
    assert.match(refused({ severity: { 'object/default-change': 'off' } }), /object\/default-changed\?/);
    assert.match(refused({ severities: {} }), /severity\?/);
  });

  it('cannot set a rule that is a law, and every other', () => {
    for (const [rule, { fixed }] of Object.entries<Rule>(RULES)) {
      assert.equal(refused({ severity: { [rule]: 'off' } }) !== '', fixed === true, rule);
      assert.equal(refused({ severity: { [`${rule}@Volume`]: 'off' } }) !== '', fixed === true, rule);
    }
  });

  it('come from package.json or from a file of their own, and not from both', async () => {
    const inside = JSON.stringify({ name: 'orders', lynchpin: { recording: 'wire' } });
    const read = (files: Readonly<Record<string, string>>) => withFiles(files, (folder) => Promise.resolve(readSettings(folder)));
    assert.deepEqual(await read({ 'package.json': inside }), { recording: 'wire' });
    assert.deepEqual(await read({ 'package.json': '{}', 'lynchpin.config.json': '{ "recording": "own" }' }), { recording: 'own' });
    assert.deepEqual(await read({ 'package.json': '{}' }), {});
    // npm reads a manifest that an editor on Windows has put a mark before.
    assert.deepEqual(await read({ 'package.json': `\uFEFF${inside}` }), { recording: 'wire' });
    assert.deepEqual(await read({ 'README.md': '' }), {});
    for (const files of [
      { 'package.json': inside, 'lynchpin.config.json': '{}' },
      { 'lynchpin.config.json': '{ "recording": ' },
      { 'package.json': '{ "lynchpin": { "recordings": "wire" } }' },
    ]) {
      await assert.rejects(
        () => read(files),
        (error) => LynchpinError.is(error, 'DECLARATION'),
      );
    }
  });
});

describe('severities', () => {
  const rule = 'object/default-changed';
  const tier = at(rule, 'Volume', 'fields.tier');
  const levels = (severity: Readonly<Record<string, Finding['severity'] | 'off'>>, finding = tier) =>
    applySettings([finding], { severity }).map((one) => one.severity);

  it('are what the settings say of the rule, or else what the finding says', () => {
    assert.deepEqual(levels({}), ['error']);
    assert.deepEqual(levels({ [rule]: 'warn' }), ['warn']);
    assert.deepEqual(levels({ [rule]: 'off' }), []);
    assert.deepEqual(levels({ 'object/type-changed': 'off' }), ['error']);
  });

  it('are decided by the most exact place', () => {
    assert.deepEqual(levels({ [rule]: 'off', [`${rule}@Volume`]: 'info' }), ['info']);
    assert.deepEqual(levels({ [`${rule}@Volume`]: 'info', [`${rule}@Volume.fields.tier`]: 'warn' }), ['warn']);
    assert.deepEqual(levels({ [`${rule}@Volume.fields`]: 'info' }), ['info']);
  });

  it('are not decided by a place that only begins alike', () => {
    assert.deepEqual(levels({ [`${rule}@Volume.fields.ti`]: 'off' }), ['error']);
    assert.deepEqual(levels({ [`${rule}@Vol`]: 'off' }), ['error']);
    assert.deepEqual(levels({ [`${rule}@Volume`]: 'off' }, at(rule, 'VolumeType')), ['error']);
    assert.deepEqual(levels({ [`${rule}@Volume`]: 'off' }, at('object/type-changed', 'Volume')), ['error']);
  });
});

describe('acceptances', () => {
  const one = at('object/type-changed', 'Volume', 'fields.tier');
  const other = at('object/type-changed', 'Volume', 'fields.size');
  const rules = (findings: readonly Finding[]) => findings.map(({ rule }) => rule);
  const today = '2026-06-30';

  it('silence just the finding that they name', () => {
    assert.deepEqual(applyAcceptances([one, other], [accepting(one)], { today }), [other]);
  });

  it('hold for a finding that is worded better, and end when something else changes', () => {
    const better = found({ ...one, message: 'Volume 1.2 has another tier.', fix: 'Bump it to 1.3.' });
    const changed = found({ ...one, diff: ['~ else'] });
    assert.deepEqual(applyAcceptances([better], [accepting(one)], { today }), []);
    assert.deepEqual(rules(applyAcceptances([changed], [accepting(one)], { today })), ['object/type-changed', 'accept/unused']);
  });

  it('hold on their last day, and no longer', () => {
    assert.deepEqual(applyAcceptances([one], [accepting(one, today)], { today: new Date('2026-06-30T23:59:59Z') }), []);
    const past = applyAcceptances([one], [accepting(one, today)], { today: '2026-07-01T00:00:00Z' });
    assert.deepEqual(rules(past), ['object/type-changed', 'accept/expired']);
  });

  it('are not missed where another one still holds', () => {
    assert.deepEqual(applyAcceptances([one], [accepting(one, '2026-01-01'), accepting(one)], { today }), []);
  });

  it('are unused where they match nothing, past their date or not, unless their rule did not run', () => {
    assert.deepEqual(rules(applyAcceptances([], [accepting(one)], { today })), ['accept/unused']);
    assert.deepEqual(rules(applyAcceptances([], [accepting(one, '2026-01-01')], { today })), ['accept/unused']);
    assert.deepEqual(applyAcceptances([], [accepting(one)], { today, ran: (rule) => rule.startsWith('rpc/') }), []);
  });
});
