import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONTRACTS } from './support/contracts.js';
import { inside, Project, type Said } from './support/project.js';
import { parseXml } from './support/xml.js';

/** What a check says as JSON. */
interface Told {
  readonly exitCode: number;
  readonly against: readonly string[];
  readonly findings: readonly { rule: string; severity: string; fingerprint: string; place?: { file: string; line: number } }[];
}

const errorsOf = (said: Said): readonly string[] =>
  (JSON.parse(said.out) as Told).findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);

describe('lynchpin compat check', () => {
  const project = new Project({ 'contracts.js': CONTRACTS });
  const check = (...args: readonly string[]): Promise<Said> => project.lynchpin(['compat', 'check', ...args]);
  after(() => project.remove());

  it('records what is not released, says so on standard error, and has nothing to object to', async () => {
    const { code, out, err } = await check();
    assert.equal(code, 0, out + err);
    assert.match(err, /^written {2}compat\/apis\/orders\/2\.1\.json$/m);
    assert.match(out, /in 1 object and 1 API against compat\/\n$/);
    assert.doesNotMatch(out, /\x1b/); // oxlint-disable-line no-control-regex
    assert.equal((await check()).err, '');
  });

  it('writes nothing in a build service, where a recording that was not committed is a violation', async () => {
    const fresh = new Project({ 'contracts.js': CONTRACTS });
    try {
      const said = await fresh.lynchpin(['compat', 'check', '--format', 'json'], { env: { CI: 'true' } });
      assert.equal(said.code, 1, said.err);
      assert.ok(errorsOf(said).includes('lock/missing-entry'));
      assert.ok(!existsSync(join(fresh.folder, 'compat')));
    } finally {
      fresh.remove();
    }
  });

  it('ends with 1 when a released version changed, in every format, with the place of the declaration', async () => {
    assert.equal((await project.lynchpin(['compat', 'release', '1.4.2'])).code, 0);
    project.edit('contracts.js', 'id: t.uuid(),', 'id: t.uuid(),\n    note: [t.string(), { optional: true }],');
    const [text, json, junit, github, markdown] = await Promise.all([
      project.lynchpin(['compat', 'check', '--no-laws'], { env: { FORCE_COLOR: '1' } }),
      check('--format', 'json'),
      check('--no-laws', '--format', 'junit'),
      check('--no-laws', '--format', 'github'),
      check('--no-laws', '--format', 'markdown'),
    ]);
    for (const said of [text, json, junit, github, markdown]) assert.equal(said?.code, 1, said?.err);
    assert.match(text?.out ?? '', /\x1b\[31m[^]*object\/field-added-no-bump[^]*\+ fields\.note/); // oxlint-disable-line no-control-regex
    const told = JSON.parse(json?.out ?? '') as Told;
    assert.equal(told.exitCode, 1);
    // The laws of conversions are broken too: what the code gives does not fit what was recorded.
    assert.ok(told.findings.some(({ rule }) => rule === 'backport/output-invalid'));
    const finding = told.findings.find(({ rule }) => rule === 'object/field-added-no-bump');
    assert.deepEqual(finding?.place, { file: 'contracts.js', line: 8 });
    assert.ok(Number(parseXml(junit?.out ?? '').attributes['failures']) >= 1);
    assert.match(github?.out ?? '', /^::error file=contracts\.js,line=8,title=object\/field-added-no-bump/m);
    assert.match(markdown?.out ?? '', /^### error: `object\/field-added-no-bump`/m);
  });

  it('lets one finding pass that is accepted for a reason, until its day is over or it is gone', async () => {
    const { findings } = JSON.parse((await check('--no-laws', '--format', 'json')).out) as Told;
    const broken = findings.filter(({ rule }) => rule === 'object/field-added-no-bump');
    assert.equal(broken.length, 1);
    const key = broken[0]?.fingerprint ?? '';
    const accept = (...args: readonly string[]): Promise<Said> => project.lynchpin(['compat', 'accept', ...args]);
    const wrong = await Promise.all([
      inside(project.folder, ['compat', 'accept', key]),
      inside(project.folder, ['compat', 'accept', key, '--reason', ' ']),
      inside(project.folder, ['compat', 'accept', key, '--reason', 'x', '--until', '2026-02-30']),
      inside(project.folder, ['compat', 'accept', key, '--reason', 'x', '--until', '2001-01-01']),
      accept('1:none', '--reason', 'x'),
      inside(project.folder, ['compat', 'accept', key, '--reason', 'x'], { env: { CI: '1' } }),
    ]);
    assert.deepEqual(
      wrong.map(({ code }) => code),
      [2, 2, 2, 2, 3, 2],
    );
    const accepted = await accept(key.slice(0, 12), '--reason', 'nobody runs it', '--until', '2999-12-31');
    assert.equal(accepted.code, 0, accepted.err);
    const now = await check('--no-laws', '--format', 'json');
    assert.deepEqual([now.code, errorsOf(now)], [0, []]);
    project.edit('compat/accepted.json', '2999-12-31', '2001-01-01');
    assert.ok(errorsOf(await check('--no-laws', '--format', 'json')).includes('accept/expired'));
    project.edit('compat/accepted.json', '2001-01-01', '2999-12-31');
    project.write({ 'contracts.js': CONTRACTS });
    assert.deepEqual(errorsOf(await check('--no-laws', '--format', 'json')), ['accept/unused']);
    project.write({ 'compat/accepted.json': '{' });
    assert.equal((await check()).code, 2);
    project.write({ 'compat/accepted.json': '{ "format": 1, "accepted": [] }' });
  });

  it('tells what loading refuses as the rule that it breaks', async () => {
    project.write({ 'early.js': CONTRACTS.replace("since: '1.1'", "since: '1.2'") });
    const said = await check('--contracts', 'early.js', '--format', 'json');
    assert.deepEqual([said.code, errorsOf(said)], [1, ['object/field-added-no-bump']], said.err);
  });

  it('sees that a released recording was rewritten, which only a baseline shows', async () => {
    await project.git('init', '--quiet');
    await project.commit();
    project.edit('contracts.js', 'total: [t.integer({ minimum: 0 })', 'total: [t.integer()');
    project.edit('compat/objects/Order/1.1.json', '"released": "1.4.2"', '"released": "1.4.3"');
    const against = await check('--against', 'git:HEAD', '--format', 'json');
    assert.equal(against.code, 1, against.err);
    assert.match((JSON.parse(against.out) as Told).against[1] ?? '', /^git:HEAD at /);
    assert.equal((await check('--against', 'dir:node_modules')).code, 3);
    assert.equal((await check('--against', 'main')).code, 2);
  });

  it('sees at a release what is not stamped', async () => {
    const fresh = new Project({ 'contracts.js': CONTRACTS });
    try {
      await fresh.lynchpin(['compat', 'record']);
      const before = await fresh.lynchpin(['compat', 'check', '--release', '1.4.2', '--format', 'json'], { env: { CI: '1' } });
      assert.ok(errorsOf(before).includes('history/release-not-stamped'), before.out + before.err);
      await fresh.lynchpin(['compat', 'release', '1.4.2'], { env: { CI: '1' } });
      assert.equal((await fresh.lynchpin(['compat', 'check', '--release', '1.4.2'], { env: { CI: '1' } })).code, 0);
    } finally {
      fresh.remove();
    }
  });
});
