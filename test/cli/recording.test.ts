import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { CONTRACTS } from './support/contracts.js';
import { inside, Project, type Said } from './support/project.js';

/** The recorded entry of a version. */
function entry(project: Project, path: string): { released?: string; description?: string } {
  return JSON.parse(project.read(`compat/${path}.json`)) as { released?: string; description?: string };
}

const fine = ({ code, out, err }: Said): string => {
  assert.equal(code, 0, `${out}${err}`);
  return out;
};

describe('record, release, bump: the life of a version', () => {
  const project = new Project({ 'contracts.js': CONTRACTS });
  const lynchpin = async (...args: readonly string[]): Promise<string> => fine(await project.lynchpin(['compat', ...args]));
  /** The same in this process: once the contracts no longer change, they need not be loaded each time. */
  const here = async (...args: readonly string[]): Promise<string> => fine(await inside(project.folder, ['compat', ...args]));
  after(() => project.remove());

  it('record writes what the contracts say, and says nothing the second time', async () => {
    assert.match(await lynchpin('record'), /^written {2}compat\/objects\/Order\/1\.1\.json$/m);
    assert.match(await lynchpin('record'), /^compat\/ says already/);
  });

  it('record writes nothing in a build service', async () => {
    const { code, err } = await project.lynchpin(['compat', 'record'], { env: { CI: 'true' } });
    assert.deepEqual([code, /CI is set/.test(err)], [2, true]);
    assert.equal((await project.lynchpin(['compat', 'record'], { env: { CI: 'false' } })).code, 0);
  });

  it('record --describe gives versions their lines, and refuses versions that are not recorded', async () => {
    await lynchpin('record', '--describe', 'Order@1.1', 'What it costs', 'orders@2.1', 'Orders have a total');
    assert.deepEqual(
      [entry(project, 'objects/Order/1.1').description, entry(project, 'apis/orders/2.1').description],
      ['What it costs', 'Orders have a total'],
    );
    for (const wrong of [['Order@9.9', 'x'], ['Order', 'x'], ['Order@1.1']]) {
      assert.equal((await project.lynchpin(['compat', 'record', '--describe', ...wrong])).code, 2, wrong.join(' '));
    }
  });

  it('bump has nothing to do before a release', async () => {
    assert.match(await lynchpin('bump', 'Order', '--minor', '--parents', '--write'), /not released yet/);
    assert.equal(project.read('contracts.js'), CONTRACTS);
  });

  it('release stamps what is recorded, and nothing while the code says otherwise', async () => {
    project.edit('contracts.js', 'total: [t.integer({ minimum: 0 })', 'total: [t.integer()');
    const { code, err } = await project.lynchpin(['compat', 'release', '1.4.2']);
    assert.deepEqual([code, /objects\/Order\/1\.1\.json is not what the code says/.test(err)], [1, true], err);
    assert.equal(entry(project, 'objects/Order/1.1').released, undefined);
    project.write({ 'contracts.js': CONTRACTS });
    assert.match(await lynchpin('release', '1.4.2'), /^released 1\.4\.2 {2}compat\/objects\/Order\/1\.0\.json$/m);
    assert.equal(entry(project, 'apis/orders/2.1').released, '1.4.2');
    assert.equal((await project.lynchpin(['compat', 'release', ''])).code, 2);
  });

  it('bump says what a version takes, and writes it when asked to', async () => {
    const plan = await lynchpin('bump', 'Order', '--minor', '--parents');
    for (const part of [/version: '1\.2'/, /downTo1_1/, /version: '2\.2'/, /'2\.2': \{ Order: '1\.2' \}/, /contracts\.js:4/])
      assert.match(plan, part);
    assert.equal(project.read('contracts.js'), CONTRACTS);
    await lynchpin('bump', 'Order', '--minor', '--parents', '--write');
    const text = project.read('contracts.js');
    assert.match(text, /version: '1\.2',[^]*version: '2\.2',[^]*carries: \{ '2\.1': \{ Order: '1\.1' \}, '2\.2': \{ Order: '1\.2' \} \}/);
    assert.match(
      await lynchpin('record'),
      /compat\/objects\/Order\/1\.2\.json[^]*compat\/apis\/orders\/2\.2\.json|compat\/apis\/orders\/2\.2\.json[^]*compat\/objects\/Order\/1\.2\.json/,
    );
  });

  it('bump finds an API by its class, and names what is near a wrong name', async () => {
    assert.match(await lynchpin('bump', 'OrdersApi', '--minor'), /not released yet/);
    const { code, err } = await project.lynchpin(['compat', 'bump', 'Ordre', '--minor']);
    assert.deepEqual([code, /Did you mean Order\?/.test(err)], [2, true]);
  });

  it('bump writes nothing in a build service', async () => {
    assert.equal((await project.lynchpin(['compat', 'bump', 'Order', '--minor', '--write'], { env: { CI: '1' } })).code, 2);
  });

  it('changelog tells what changed, by release, newest first', async () => {
    const text = await here('changelog');
    assert.match(text, /^Unreleased\n[^]*Order 1\.2\n[^]*^1\.4\.2\n[^]*What it costs\n[^]*\+ fields\.total: integer/m);
    const since = await here('changelog', '--since', '1.4.2', '--format', 'markdown');
    assert.match(since, /^## Unreleased\n\n### orders API 2\.2\n\n```diff\n~ carries\.Order: 1\.1 -> 1\.2\n```\n/);
    assert.doesNotMatch(since, /1\.4\.2/);
    const json = JSON.parse(await here('changelog', '--format', 'json')) as readonly {
      release?: string;
      chapters: readonly object[];
    }[];
    assert.deepEqual(
      json.map(({ release, chapters }) => [release, chapters.length]),
      [
        [undefined, 2],
        ['1.4.2', 4],
      ],
    );
    assert.equal((await inside(project.folder, ['compat', 'changelog', '--since', '9.9.9'])).code, 3);
  });

  it('matrix shows what each version carries, lacks and loses', async () => {
    const rows = JSON.parse(await lynchpin('matrix', '--json')) as readonly Record<string, unknown>[];
    assert.deepEqual(
      rows.map(({ version, released, inWindow, carries, lost }) => [version, released, inWindow, carries, lost]),
      [
        ['2.0', '1.4.2', true, { Order: '1.0' }, [{ field: 'Order.total' }]],
        ['2.1', '1.4.2', true, { Order: '1.1' }, []],
        ['2.2', undefined, true, { Order: '1.2' }, []],
      ],
    );
    assert.match(await here('matrix'), /^orders +2\.0 +1\.4\.2 +yes +Order 1\.0 +Order\.total$/m);
    assert.match(await here('matrix', '--format', 'markdown'), /^\| orders \| 2\.2 \| - \| yes \|/m);
  });

  it('export gives schemas that stand alone and are taken by a validator', async () => {
    const object = JSON.parse(await here('export', 'json-schema', '--object', 'Order@1.0')) as object;
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(object);
    assert.equal(validate({ id: '00000000-0000-4000-8000-000000000000' }), true, JSON.stringify(validate.errors));
    assert.equal(validate({ id: '00000000-0000-4000-8000-000000000000', total: 1 }), false);
    await here('export', 'json-schema', '--out', 'schemas');
    assert.deepEqual(readdirSync(join(project.folder, 'schemas/apis/orders')), ['2.0.schema.json', '2.1.schema.json', '2.2.schema.json']);
    const api = JSON.parse(project.read('schemas/apis/orders/2.1.schema.json')) as { $id: string };
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(api);
    const returns = ajv.compile({ $ref: `${api.$id}#/$defs/place%20returns` });
    assert.equal(returns({ id: '00000000-0000-4000-8000-000000000000', total: 1 }), true, JSON.stringify(returns.errors));
    assert.equal(returns({ id: '00000000-0000-4000-8000-000000000000', total: -1 }), false);
  });

  it('export refuses what there is not', async () => {
    for (const args of [
      [],
      ['--object', 'Order@9.9'],
      ['--object', 'Ordre@1.0'],
      ['--api', 'orders'],
      ['--api', 'orders@2.0', '--object', 'Order@1.0'],
    ]) {
      assert.equal((await inside(project.folder, ['compat', 'export', 'json-schema', ...args])).code, 2, args.join(' '));
    }
    assert.ok(!existsSync(join(project.folder, 'objects')));
  });

  it('can-deploy tells what runs apart: fine, broken, and not known', async () => {
    const asked = (fleet: unknown, ...args: readonly string[]): Promise<Said> =>
      project.lynchpin(['compat', 'can-deploy', '--fleet', '-', '--format', 'json', ...args], { input: JSON.stringify(fleet) });
    const [same, apart, silent, none] = await Promise.all([
      asked([{ topic: 'orders', floor: '2.0', version: '2.1', server: 'a' }]),
      asked([{ topic: 'orders', floor: '1.0', version: '1.4', server: 'a' }]),
      asked([]),
      asked({}),
    ]);
    assert.deepEqual(
      [same?.code, apart?.code, silent?.code, none?.code],
      [0, 1, 3, 2],
      `${same?.err}${apart?.err}${silent?.err}${none?.err}`,
    );
    assert.match(silent?.out ?? '', /"fleet\/unknown"/);
    assert.equal((await inside(project.folder, ['compat', 'can-deploy', '--fleet', 'gone.json'])).code, 2);
    assert.equal((await project.lynchpin(['compat', 'can-deploy', '--fleet', '-'], { input: '{' })).code, 2);
  });
});
