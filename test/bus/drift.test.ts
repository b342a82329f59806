import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { connect, defineApi, defineMessage, defineObject, LynchpinError, t, type Bus, type Class, type ConnectOptions } from 'lynchpin';
import { declaredIn, surfaceOf, writeRecording } from '#lynchpin/compat/index.js';
import { temporaryFolders } from '../compat/support/folder.js';
import { root } from '../style/project.js';

interface Given {
  readonly version?: string;
  /** Of the object, by name: the version since which they are there. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Of the message. */
  readonly arguments?: Readonly<Record<string, string>>;
  readonly idempotent?: boolean;
}

/** A contract of one method. What is given is no literal, so types are left aside. */
function contract({
  version = '1.1',
  fields = { id: '1.0' },
  arguments: taken = { id: '1.0' },
  idempotent = false,
}: Given = {}): Class<object> {
  const since = (given: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(given).map(([name, from]) => [name, [t.string(), { since: from, default: '' }]]));
  const Thing = defineObject(class Thing {}, { version: '1.1', fields: since(fields) } as never) as Class<object>;
  const Get = defineMessage(class Get {}, { fields: since(taken) } as never) as Class<object>;
  const methods = { get: { takes: Get, returns: Thing, idempotent } };
  const options = { topic: 'things', version, carries: { '1.1': { Thing: '1.1' } }, methods };
  return defineApi(class ThingApi {}, options as never) as Class<object>;
}

const service = { get: () => Promise.reject(new Error('nobody asks')) };

describe('a server whose contract is recorded', () => {
  const folder = temporaryFolders();
  const buses: Bus[] = [];
  afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.close({ timeout: 100 }))));

  const recorded = (released?: string, given?: Given): string => {
    const at = folder();
    writeRecording(at, surfaceOf(declaredIn({ ThingApi: contract(given) })), released === undefined ? {} : { released });
    return at;
  };
  const serve = async (api: Class<object>, options: ConnectOptions) => {
    const bus = await connect('memory:', options);
    buses.push(bus);
    return bus.serve(api, service as never, { server: 'one' });
  };
  const drift = async (api: Class<object>, recording: string): Promise<LynchpinError> => {
    try {
      await serve(api, { recording });
    } catch (error) {
      assert.ok(LynchpinError.is(error, 'CONTRACT_DRIFT'), String(error));
      return error;
    }
    return assert.fail('it was served');
  };

  it('starts when it is what was released', async () => {
    assert.equal((await serve(contract(), { recording: recorded('1.0.0') })).state, 'serving');
    assert.equal((await serve(contract(), { recording: pathToFileURL(recorded('1.0.0')) })).state, 'serving');
  });

  it('is refused when a released version of the API is another, and says what differs', async () => {
    const { message, details } = await drift(contract({ arguments: { id: '1.0', force: '1.0' } }), recorded('1.0.0'));
    assert.match(message, /ThingApi.*\n.*things 1\.0, released in 1\.0\.0.*\n.*\+ messages\.Get\.fields\.force/s);
    assert.deepEqual(
      (details['drifts'] as { kind: string; version: string }[]).map(({ kind, version }) => `${kind} ${version}`),
      ['api 1.0', 'api 1.1'],
    );
  });

  it('is refused when a released version of an object is another', async () => {
    const { details } = await drift(contract({ fields: { id: '1.0', size: '1.1' } }), recorded('1.0.0'));
    assert.deepEqual(details['drifts'], [
      { kind: 'object', name: 'Thing', version: '1.1', released: '1.0.0', diff: ['+ fields.size: string, default ""'] },
    ]);
    await assert.rejects(serve(contract({ fields: {} }), { recording: recorded('1.0.0') }), (error) =>
      LynchpinError.is(error, 'CONTRACT_DRIFT'),
    );
  });

  it('starts when a method became idempotent, and not when one no longer is', async () => {
    assert.equal((await serve(contract({ idempotent: true }), { recording: recorded('1.0.0') })).state, 'serving');
    await drift(contract(), recorded('1.0.0', { idempotent: true }));
  });

  it('is refused when the recording cannot be read: nobody knows what was released', async () => {
    const recording = recorded('1.0.0');
    writeFileSync(join(recording, 'objects/Thing/1.1.json'), '{');
    await drift(contract(), recording);
  });

  it('starts when it differs from what is not released yet, or not recorded', async () => {
    const changed = contract({ fields: { id: '1.0', size: '1.0' } });
    assert.equal((await serve(changed, { recording: recorded() })).state, 'serving');
    const newer = contract({ version: '1.2', arguments: { id: '1.0', force: '1.2' } });
    assert.equal((await serve(newer, { recording: recorded('1.0.0') })).state, 'serving');
    const empty = folder();
    mkdirSync(join(empty, 'apis'));
    assert.equal((await serve(changed, { recording: empty })).state, 'serving');
    assert.equal((await serve(changed, { recording: false })).state, 'serving');
  });

  it('starts with a warning where that is enough', async () => {
    const changed = contract({ fields: { id: '1.0', size: '1.0' } });
    const warned = new Promise<Error & { code?: string }>((resolve) => process.once('warning', resolve));
    assert.equal((await serve(changed, { recording: recorded('1.0.0'), drift: 'warn' })).state, 'serving');
    const { name, code, message } = await warned;
    assert.deepEqual([name, code], ['LynchpinWarning', 'CONTRACT_DRIFT']);
    assert.match(message, /fields\.size/);
  });

  it('is refused where something else than a warning is asked for', async () => {
    const changed = contract({ fields: { id: '1.0', size: '1.0' } });
    const misspelt = { recording: recorded('1.0.0'), drift: 'warning' } as object;
    await assert.rejects(serve(changed, misspelt), (error) => LynchpinError.is(error, 'CONTRACT_DRIFT'));
  });

  it('is refused where a recording was named that is not there', async () => {
    for (const recording of [join(folder(), 'none'), folder(), fileURLToPath(import.meta.url)]) {
      await assert.rejects(serve(contract(), { recording }), (error) => LynchpinError.is(error, 'DECLARATION'));
    }
  });

  it('is compared with the recording of the package that the process runs, without being told', () => {
    const home = folder();
    writeRecording(join(home, 'compat'), surfaceOf(declaredIn({ ThingApi: contract() })), { released: '1.0.0' });
    writeFileSync(join(home, 'package.json'), '{"type":"module"}');
    mkdirSync(join(home, 'bin'));
    const main = (fields: string): string => `
      import { connect, defineApi, defineMessage, defineObject, t } from ${JSON.stringify(pathToFileURL(join(root, 'dist/index.js')).href)};
      class Thing {} class Get {} class ThingApi {}
      const id = [t.string(), { since: '1.0', default: '' }];
      defineObject(Thing, { version: '1.1', fields: { ${fields} } });
      defineMessage(Get, { fields: { id } });
      defineApi(ThingApi, { topic: 'things', version: '1.1', carries: { '1.1': { Thing: '1.1' } }, methods: { get: { takes: Get, returns: Thing } } });
      const bus = await connect('memory:');
      const result = await bus.serve(ThingApi, { get: async () => ({}) }).then(({ state }) => state, ({ code }) => code);
      process.stdout.write(result);
      await bus.close();
    `;
    const run = (fields: string, variables: NodeJS.ProcessEnv = {}): string => {
      writeFileSync(join(home, 'bin/main.js'), main(fields));
      return execFileSync(process.execPath, [join(home, 'bin/main.js')], {
        encoding: 'utf8',
        env: { ...process.env, ...variables },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    };
    assert.equal(run('id'), 'serving');
    assert.equal(run('id, more: id'), 'CONTRACT_DRIFT');
    assert.equal(run('id, more: id', { LYNCHPIN_DRIFT: 'warn' }), 'serving');
  });

  it('loads nothing of the comparison where there is no recording', () => {
    const text = readFileSync(join(root, 'src/bus/drift.ts'), 'utf8') + readFileSync(join(root, 'src/bus/bus.ts'), 'utf8');
    assert.doesNotMatch(text, /^import .*compat\/index\.js/m);
    assert.match(text, /await import\('\.\.\/compat\/index\.js'\)/);
  });
});
