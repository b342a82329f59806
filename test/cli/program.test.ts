import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Progress } from '#lynchpin/cli/output/progress.js';
import { root } from '../style/project.js';
import { CONTRACTS } from './support/contracts.js';
import { bin, inside, Project, run, terminalIn } from './support/project.js';

/** Every command, as its help names it. */
const COMMANDS = [
  'compat check',
  'compat record',
  'compat bump',
  'compat release',
  'compat accept',
  'compat explain',
  'compat changelog',
  'compat matrix',
  'compat can-deploy',
  'compat export json-schema',
  'doctor',
  'upgrade-check',
  'completion bash',
  'completion zsh',
];

/** Makes node say which modules of packages it loads. */
const TOLD = [
  '--import',
  `data:text/javascript,${encodeURIComponent(
    `import { register } from 'node:module';
     register('data:text/javascript,' + encodeURIComponent("import { writeSync } from 'node:fs'; export async function load(url, context, next) { const at = url.lastIndexOf('/node_modules/'); if (at >= 0) writeSync(2, 'LOADED ' + url.slice(at + 14).split('/')[0] + '\\\\n'); return next(url, context); }"));`,
  )}`,
];

describe('the command line', () => {
  const project = new Project({ 'contracts.js': CONTRACTS });
  after(() => project.remove());

  it('explains each command with examples, on standard output', async () => {
    const helps = await Promise.all(COMMANDS.map((command) => inside(project.folder, [...command.split(' '), '--help'])));
    helps.forEach(({ code, out, err }, at) => {
      assert.deepEqual([code, err], [0, ''], COMMANDS[at]);
      assert.match(out, new RegExp(`^Usage: lynchpin ${COMMANDS[at]} `));
      assert.match(out, /\nExamples:\n {2}\S/, COMMANDS[at]);
    });
    const groups = await Promise.all([project.lynchpin(['--help']), inside(project.folder, ['compat', '--help'])]);
    for (const command of COMMANDS) {
      const [group, name = ''] = command.split(' ');
      assert.match(groups[group === 'compat' ? 1 : 0]?.out ?? '', new RegExp(`\n  ${group === 'compat' ? name : (group ?? '')} `), command);
    }
  });

  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    assert.deepEqual(await project.lynchpin(['--version']), { code: 0, out: `${version}\n`, err: '' });
  });

  it('ends with 2 for what it does not understand, says so on standard error, and suggests what is near', async () => {
    const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
      [[], /Usage: lynchpin/],
      [['compat'], /Usage: lynchpin compat/],
      [['compatt'], /Did you mean compat\?/],
      [['compat', 'chekc'], /Did you mean check\?/],
      [['compat', 'record', '--contract', 'x'], /Did you mean --contracts\?/],
      [['compat', 'matrix', '--format', 'xml'], /text, json, markdown/],
      [['compat', 'check', '--format', 'xml'], /text, json, junit, github, markdown/],
      [['compat', 'release'], /version/],
      [['compat', 'bump', 'Order'], /--minor or --major/],
      [['compat', 'bump', 'Order', '--minor', '--major'], /cannot be used with/],
      [['compat', 'explain', 'object/default-chaged'], /Did you mean object\/default-changed\?/],
      [['compat', 'record', '-C', 'nowhere'], /nowhere is no folder/],
    ];
    const said = await Promise.all(wrong.map(([args], at) => (at < 2 ? project.lynchpin(args) : inside(project.folder, args))));
    said.forEach(({ code, out, err }, at) => {
      const [args, says] = wrong[at] ?? [[], /./];
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, says);
    });
  });

  it('loads no validator, generator or broker client to answer --help, which explaining a rule is shown to do', async () => {
    const heavy = /LOADED (ajv|fast-check|amqplib|semver)/;
    const help = await project.lynchpin(['compat', 'check', '--help'], { node: TOLD });
    assert.match(help.err, /LOADED commander/);
    assert.doesNotMatch(help.err, heavy);
    assert.match((await project.lynchpin(['compat', 'explain'], { node: TOLD })).err, heavy);
  });

  it('explains a rule with the page that ships with the package, and lists them all without one', async () => {
    const [page, raw, list, json] = await Promise.all([
      inside(project.folder, ['compat', 'explain', 'history/gap'], { columns: 200 }),
      project.lynchpin(['compat', 'explain', 'history/gap', '--format', 'markdown']),
      inside(project.folder, ['compat', 'explain']),
      inside(project.folder, ['compat', 'explain', '--format', 'json']),
    ]);
    const file = readFileSync(join(root, 'docs/rules/history/gap.md'), 'utf8');
    assert.equal(raw?.out, file);
    assert.doesNotMatch(page?.out ?? '', /^#|\*\*|^```/m);
    for (const line of (page?.out ?? '').split('\n')) assert.ok(line.length <= 96, line);
    assert.match(page?.out ?? '', /How to fix/);
    const rules = JSON.parse(json?.out ?? '') as readonly { id: string }[];
    assert.ok(rules.length > 80);
    for (const { id } of rules) assert.match(list?.out ?? '', new RegExp(`^${id} `, 'm'));
  });

  it('keeps what contracts print away from the results', async () => {
    project.write({ 'loud.js': `console.log('LOUD');\nsetInterval(() => {}, 1000);\n${CONTRACTS}` });
    const { code, out, err } = await project.lynchpin([
      'compat',
      'export',
      'json-schema',
      '--object',
      'Order@1.1',
      '--contracts',
      'loud.js',
    ]);
    assert.equal(code, 0, err);
    assert.equal((JSON.parse(out) as { title: string }).title, 'Order 1.1');
    assert.match(err, /LOUD/);
  });

  it('ends quietly, with the code that it would have, when nobody reads on', async () => {
    const said = await run(
      'bash',
      ['-c', `"${process.execPath}" "${bin}" compat explain --format json | head -c 10; echo "\${PIPESTATUS[0]}"`],
      project.folder,
    );
    assert.match(said.out, /0\n$/);
    assert.equal(said.err, '');
  });

  const sly: readonly (readonly [what: string, code: string])[] = [
    ['ends the process', 'process.exit(0);'],
    ['waits for ever', 'await new Promise(() => undefined);'],
    ['fails on the side', `void Promise.reject(new Error('on the side')); await new Promise((done) => setTimeout(done, 50));`],
  ];
  for (const [what, text] of sly) {
    it(`ends with 2 when a contract ${what}: it was not checked`, async () => {
      project.write({ 'sly.js': `${CONTRACTS}\n${text}` });
      const { code, out, err } = await project.lynchpin(['compat', 'check', '--contracts', 'sly.js']);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, /^lynchpin: /m);
    });
  }

  it('tells how far it is, on a terminal alone, once it takes long', () => {
    const said = (terminal: boolean): string => {
      let [text, now] = ['', 0];
      const outlet = { terminal, columns: 20, rows: 24, write: (part: string) => void (text += part) };
      const progress = new Progress({ ...terminalIn(''), out: outlet, err: outlet }, () => now);
      for (const at of [0, 300, 750, 760, 900]) {
        now = at;
        progress.say(`at ${at} of a thousand things to do`);
      }
      progress.end();
      return text;
    };
    assert.equal(said(false), '');
    assert.equal(said(true), '\r\x1b[2Kat 750 of a thousan\r\x1b[2Kat 900 of a thousan\r\x1b[2K');
  });

  it('ends with 2 when a file cannot be written, and says which, without a stack', async () => {
    const own = new Project({ 'contracts.js': CONTRACTS, compat: 'a file where the folder should be' });
    try {
      const { code, err } = await inside(own.folder, ['compat', 'record', '--contracts', 'contracts.js']);
      assert.equal(code, 2);
      assert.match(err, /compat/);
      assert.doesNotMatch(err, /\n +at /);
    } finally {
      own.remove();
    }
  });

  const cannot: readonly (readonly [what: string, files: Readonly<Record<string, string>>, args: readonly string[], says: RegExp])[] = [
    ['nothing says where the contracts are', { 'package.json': '{}' }, [], /"lynchpin": \{ "contracts"/],
    ['the settings are no JSON', { 'package.json': '{' }, [], /is no JSON/],
    ['a setting is misspelt', { 'package.json': '{ "lynchpin": { "contract": ["x.js"] } }' }, [], /Did you mean contracts/],
    ['the recording would be elsewhere', { 'package.json': '{ "lynchpin": { "recording": "../x" } }' }, [], /outside of the project/],
    ['the contracts do not exist', {}, ['--contracts', 'gone.js'], /gone\.js do not exist/],
    ['the contracts are a folder', {}, ['--contracts', 'node_modules'], /are a folder/],
    ['the contracts cannot be loaded', { 'bad.js': 'import "./gone.js";' }, ['--contracts', 'bad.js'], /bad\.js cannot be loaded/],
    ['its decorators are not compiled', { 'bad.js': '@a class B {}' }, ['--contracts', 'bad.js'], /must be compiled/],
    ['the contracts throw', { 'bad.js': 'throw new Error("no way");' }, ['--contracts', 'bad.js'], /no way/],
    [
      'a declaration cannot work',
      { 'bad.js': `import { defineObject } from 'lynchpin';\nexport class A {}\ndefineObject(A, { version: '1', fields: {} });` },
      ['--contracts', 'bad.js'],
      /MAJOR\.MINOR/,
    ],
    ['there are no contracts in it', { 'none.js': 'export const a = 1;' }, ['--contracts', 'none.js'], /exports no contract/],
  ];
  for (const [what, files, args, says] of cannot) {
    it(`ends with 2 when ${what}`, async () => {
      const own = new Project(files);
      try {
        const { code, out, err } = await inside(own.folder, ['compat', 'matrix', ...args]);
        assert.deepEqual([code, out], [2, ''], err);
        assert.match(err, says);
        assert.doesNotMatch(err, /node:internal/);
      } finally {
        own.remove();
      }
    });
  }
});
