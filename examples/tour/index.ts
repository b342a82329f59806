import { once } from 'node:events';
import { connect, LynchpinError, MemoryHub } from 'lynchpin';
import { VolumeApi } from './contract.js';
import { VolumeService } from './service.js';
import * as released from './released/contract.js';
import * as before from './released/service.js';

/** The tour of README.md, as a program: `node build/examples/tour/index.js [amqp://...]`. */
const address = process.argv[2] ?? new MemoryHub();

// A server of the release that is running today, and one of the next.
const old = await connect(address, { name: 'old-1' });
await old.serve(released.VolumeApi, new before.VolumeService(), { server: 'volume-1' });
const next = await connect(address, { name: 'new-1' });
await next.serve(VolumeApi, new VolumeService(), { server: 'volume-2', concurrency: 100 });

const api = await connect(address, { name: 'api-1' });
const volumes = await api.client(VolumeApi, { settle: 500 });
console.log(`sent at ${volumes.pin.version}, ${volumes.pin.state}`);

const volume = await volumes.call.create({ sizeGb: 10 });
console.log(`created ${volume.sizeGb} GB, attached to ${volume.attachments.map(({ host }) => host).join(', ')}`);

try {
  await volumes.call.extend({ id: volume.id, sizeGb: 20 });
} catch (error) {
  if (!LynchpinError.is(error, 'PINNED')) throw error;
  console.log(`extend: ${error.code}`);
}

// The last old server leaves. Once that has lasted for the quiet time, the pin is released by itself.
await old.close();
const released34 = new EventTarget();
volumes.watchPin((pin) => pin.state === 'released' && released34.dispatchEvent(new Event('released')));
if (volumes.pin.state !== 'released') await once(released34, 'released');
console.log(`sent at ${volumes.pin.version}, ${volumes.pin.state}`);

await volumes.cast.extend({ id: volume.id, sizeGb: 20 });
console.log(
  `server volume-2 ${await volumes
    .at('volume-2')
    .call.create({ sizeGb: 1 })
    .then(() => 'answers')}`,
);

await Promise.all([next.close(), api.close()]);
