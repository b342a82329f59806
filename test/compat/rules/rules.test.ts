import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES, type Finding, type Rule, type RuleId } from '#lynchpin/compat/index.js';
import { filesBelow } from '../../../scripts/files.js';
import { root } from '../../style/project.js';
import type { RuleFixture } from '../support/fixture.js';
import { fixtureProblems, headOf, indexLine, indexProblems, pageProblems, type Rules } from '../support/rule-pages.js';
import { fixtures as conversion } from './fixtures/conversion.js';
import { fixtures as fleet } from './fixtures/fleet.js';
import { fixtures as history } from './fixtures/history.js';
import { fixtures as identity } from './fixtures/identity.js';
import { fixtures as objects } from './fixtures/objects.js';
import { fixtures as rpc } from './fixtures/rpc.js';

const FIXTURES: readonly RuleFixture[] = [...identity, ...objects, ...rpc, ...conversion, ...history, ...fleet];

const PAGES: ReadonlyMap<string, string> = new Map(
  filesBelow(root, 'docs/rules')
    .filter((file) => file.endsWith('.md') && !file.endsWith('README.md'))
    .map((file) => [file.slice('docs/rules/'.length, -'.md'.length), readFileSync(join(root, file), 'utf8')]),
);

describe('rules, their pages and their fixtures', () => {
  for (const [id, rule] of Object.entries<Rule>(RULES)) {
    it(`${id} speaks when it should and is silent when it should be, as its page says`, async () => {
      const fixture = FIXTURES.find((one) => one.rule === id);
      assert.deepEqual(pageProblems(id, rule, PAGES.get(id), fixture?.fix), []);
      assert.deepEqual(await fixtureProblems(id, FIXTURES), []);
    });
  }

  it('there is no page of a rule that does not exist', () => {
    assert.deepEqual(strangePages(PAGES.keys(), RULES), []);
  });

  it('the pages are in the package, where the command line finds them', () => {
    const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: readonly string[] };
    assert.ok(files.includes('docs/rules'));
  });

  it('the index has each rule under its law, as the catalogue has it', () => {
    assert.deepEqual(indexProblems(readFileSync(join(root, 'docs/rules/README.md'), 'utf8'), RULES), []);
  });
});

/** Pages that are no rule's. */
function strangePages(pages: Iterable<string>, rules: Rules): string[] {
  return [...pages].filter((id) => !Object.hasOwn(rules, id));
}

describe('what holds rules, pages and fixtures together is shown to fail', () => {
  const rule: Rule = { law: 'history', severity: 'error', fixed: true, summary: 'Versions are missing.' };
  const id: RuleId = 'history/gap';
  const sections = '## What it means\n\nThis.\n\n```\nthat\n```\n\n## Who breaks\n\nPeers.\n\n## How to fix\n\nRun `record`.\n';
  const page = `${headOf(id, rule)}\n${sections}`;
  const finding: Finding = {
    rule: id,
    severity: 'error',
    subject: { kind: 'object', name: 'Volume', version: '1.2' },
    message: 'Volume 1.2 is missing.',
    breaks: 'peers on 1.2',
    fix: 'Run record.',
    diff: [],
    fingerprint: `1:${'0'.repeat(32)}`,
  };
  const fixture = (failing: readonly Finding[], passing: readonly Finding[] = []): RuleFixture => ({
    rule: id,
    failing: () => failing,
    passing: () => passing,
    fix: /record/,
  });

  it('not for what is right', async () => {
    assert.deepEqual(pageProblems(id, rule, page, /record/), []);
    assert.deepEqual(await fixtureProblems(id, [fixture([finding])]), []);
    assert.deepEqual(indexProblems(`## L4, history\n\n${indexLine(id, rule)}\n`, { [id]: rule }), []);
  });

  it('for a page that is missing, or that is no rule of the catalogue', () => {
    assert.deepEqual(pageProblems(id, rule, undefined), ['history/gap has no page']);
    assert.deepEqual(strangePages([id, 'history/gone'], RULES), ['history/gone']);
  });

  it('for a page with another title, summary, severity or law than the catalogue has', () => {
    const others: readonly Rule[] = [
      { ...rule, severity: 'warn' },
      { ...rule, law: 'fleet' },
      { ...rule, summary: 'Else.' },
      { law: 'history', severity: 'error', summary: rule.summary },
    ];
    for (const other of others) assert.equal(pageProblems(id, other, page).length, 1);
    assert.equal(pageProblems('history/backwards', rule, page).length, 1);
  });

  it('for a page without a section, with an empty one, without an example or with another remedy', () => {
    assert.equal(pageProblems(id, rule, page.replace('## Who breaks\n\nPeers.\n', '')).length, 1);
    assert.equal(pageProblems(id, rule, page.replace('Peers.', '')).length, 1);
    assert.equal(pageProblems(id, rule, page.replaceAll('```', '')).length, 1);
    assert.equal(pageProblems(id, rule, page, /bump/).length, 1);
  });

  it('for a rule without a fixture, or with two', async () => {
    assert.deepEqual(await fixtureProblems(id, []), ['history/gap has 0 fixtures']);
    assert.deepEqual(await fixtureProblems(id, [fixture([finding]), fixture([finding])]), ['history/gap has 2 fixtures']);
  });

  it('for a failing fixture that does not fail and a passing one that does', async () => {
    assert.deepEqual(await fixtureProblems(id, [fixture([])]), ['the failing fixture of history/gap does not fail']);
    assert.deepEqual(await fixtureProblems(id, [fixture([finding], [finding])]), [
      'the passing fixture of history/gap fails: Volume 1.2 is missing.',
    ]);
    assert.equal((await fixtureProblems(id, [fixture([{ ...finding, rule: 'history/backwards' }])])).length, 1);
  });

  it('for a finding that names no class, no version, nobody who breaks, nothing to do, or has no fingerprint', async () => {
    const poor: readonly Partial<Finding>[] = [
      { message: 'It is missing in 1.2.' },
      { message: 'Volume is missing one.' },
      { breaks: '' },
      { fix: 'Think.' },
      { fingerprint: 'none' },
    ];
    for (const part of poor) assert.equal((await fixtureProblems(id, [fixture([{ ...finding, ...part }])])).length, 1);
    assert.equal((await fixtureProblems(id, [fixture([{ ...finding, fix: '' }])])).length, 2);
  });

  it('for an index that lacks a rule, has one too many, under another law, or in another order', () => {
    const rules: Rules = { [id]: rule, 'history/backwards': rule };
    const lines = Object.keys(rules).map((one) => indexLine(one, rule));
    const index = (law: string, some: readonly string[]): string => `## ${law}\n\n${some.join('\n')}\n`;
    assert.equal(indexProblems(index('L4, history', lines), rules).length, 0);
    assert.equal(indexProblems(index('L4, history', lines.slice(1)), rules).length, 1);
    assert.equal(indexProblems(index('L4, history', [...lines, indexLine('history/gone', rule)]), rules).length, 1);
    assert.equal(indexProblems(index('L5, fleet', lines), rules).length, 4);
    assert.equal(indexProblems(index('L4, history', [...lines].reverse()), rules).length, 1);
  });
});
