import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryHub, rereadPinsOnSignal, type PinChange } from 'lynchpin';
import { PinSettings, pinVariable } from '#lynchpin/bus/pins.js';
import { code } from '../rpc/code.js';
import { VolumeApi } from '../rpc/fixtures/new.js';
import { NewService } from '../rpc/fixtures/services.js';
import { HubWorld, until } from '../rpc/hub.js';

describe('a configured pin', () => {
  let folder: string;
  let file: string;
  let here: HubWorld;
  const warnings: (Error & { readonly code?: string })[] = [];
  const warn = (warning: Error): number => warnings.push(warning);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lynchpin-pins-'));
    file = join(folder, 'pins');
    here = new HubWorld(new MemoryHub());
    warnings.length = 0;
    process.on('warning', warn);
  });
  afterEach(async () => {
    for (const name of ['LYNCHPIN_PIN_VOLUME', 'LYNCHPIN_PINS_FILE']) delete process.env[name];
    process.off('warning', warn);
    await here.close();
    rmSync(folder, { recursive: true });
  });

  it('has the name of its topic in capitals, with _ for -', () => {
    assert.equal(pinVariable('volume'), 'LYNCHPIN_PIN_VOLUME');
    assert.equal(pinVariable('object-store'), 'LYNCHPIN_PIN_OBJECT_STORE');
  });

  for (const [fact, environment, text, option, expect] of [
    ['none: what the code says', {}, undefined, '3.3', '3.3'],
    ['the environment wins over the code', { LYNCHPIN_PIN_VOLUME: '3.2' }, undefined, '3.3', '3.2'],
    ['the file wins over the environment', { LYNCHPIN_PIN_VOLUME: '3.2' }, 'LYNCHPIN_PIN_VOLUME=3.1\n# no more\n', '3.3', '3.1'],
    ['what the file does not say the environment says', { LYNCHPIN_PIN_VOLUME: '3.2' }, 'LYNCHPIN_PIN_IMAGE=2.0', '3.3', '3.2'],
    ['auto takes away what the code says', { LYNCHPIN_PIN_VOLUME: 'auto' }, undefined, '3.3', undefined],
    ['an empty one is none', { LYNCHPIN_PIN_VOLUME: ' ' }, undefined, '3.3', '3.3'],
  ] as const) {
    it(fact, () => {
      if (text !== undefined) writeFileSync(file, text);
      const settings = new PinSettings({ ...environment, ...(text === undefined ? {} : { LYNCHPIN_PINS_FILE: file }) });
      assert.equal(settings.pinOf('volume', option), expect);
    });
  }

  it('caps the pin of a client, by a version or a release, and a SIGHUP reads the file again', async () => {
    const server = here.bus('volume-1');
    await server.bus.serve(VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
    writeFileSync(file, 'LYNCHPIN_PIN_VOLUME=2025.1');
    process.env['LYNCHPIN_PINS_FILE'] = file;
    const { bus } = here.bus('api-1');
    const volumes = await bus.client(VolumeApi, { releases: { '2025.1': '3.2' }, settle: 100 });
    assert.deepEqual([volumes.pin.version, volumes.pin.state], ['3.2', 'capped']);
    const reread: (readonly PinChange[])[] = [];
    const stop = rereadPinsOnSignal(bus, { onReread: (changes) => reread.push(changes) });
    try {
      writeFileSync(file, 'LYNCHPIN_PIN_VOLUME=3.1');
      process.kill(process.pid, 'SIGHUP');
      await until(() => reread.length === 1);
      assert.deepEqual(reread[0], [{ topic: 'volume', from: '2025.1', to: '3.1' }]);
      assert.equal(volumes.pin.version, '3.1');
    } finally {
      stop();
    }
    assert.deepEqual(bus.rereadPins(), [], 'nothing has changed');
    writeFileSync(file, 'LYNCHPIN_PIN_VOLUME=auto');
    assert.deepEqual(bus.rereadPins(), [{ topic: 'volume', from: '3.1', to: undefined }]);
    await until(() => volumes.pin.state === 'released');
  });

  it('that means nothing, or a file that is gone, keeps the pin and is warned of', async () => {
    await here.bus('volume-1').bus.serve(VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
    writeFileSync(file, 'LYNCHPIN_PIN_VOLUME=3.2');
    process.env['LYNCHPIN_PINS_FILE'] = file;
    const { bus } = here.bus('api-1');
    const volumes = await bus.client(VolumeApi, { settle: 100 });
    for (const spoil of [() => writeFileSync(file, 'LYNCHPIN_PIN_VOLUME=newest'), () => rmSync(file)]) {
      const before = warnings.length;
      spoil();
      assert.deepEqual(bus.rereadPins(), []);
      await until(() => warnings.length > before);
      assert.equal(warnings.at(-1)?.code, 'PIN_SETTING');
      assert.equal(volumes.pin.version, '3.2');
    }
    writeFileSync(file, 'LYNCHPIN_PIN_VOLUME=3.1');
    assert.deepEqual(bus.rereadPins(), [{ topic: 'volume', from: '3.2', to: '3.1' }], 'and the next good one counts');
  });

  it('that means nothing at the start refuses the client: a pin that is overlooked might rise too far', async () => {
    process.env['LYNCHPIN_PIN_VOLUME'] = 'newest';
    await assert.rejects(here.bus('api-1').bus.client(VolumeApi), code('DECLARATION'));
    process.env['LYNCHPIN_PINS_FILE'] = join(folder, 'nowhere');
    await assert.rejects(here.bus('api-2').bus.client(VolumeApi), code('DECLARATION'));
  });

  it('of a client that is closed is read no more', async () => {
    process.env['LYNCHPIN_PINS_FILE'] = file;
    writeFileSync(file, 'LYNCHPIN_PIN_VOLUME=3.2');
    const { bus } = here.bus('api-1');
    const volumes = await bus.client(VolumeApi);
    await volumes.close();
    writeFileSync(file, 'LYNCHPIN_PIN_VOLUME=3.1');
    assert.deepEqual(bus.rereadPins(), []);
  });
});
