import { connect, MemoryHub } from 'lynchpin';
import { VolumeApi } from '../rpc/fixtures/old.js';
import { OldService } from '../rpc/fixtures/services.js';

// A program: serves, calls itself, closes its bus, and has nothing more to do. It must end by itself.
const [address = 'memory:', namespace = 'lynchpin'] = process.argv.slice(2);
const bus = await connect(address === 'memory:' ? new MemoryHub() : address, { name: 'worker', namespace });
await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
const volumes = await bus.client(VolumeApi);
const answers = await Promise.all([volumes.call.whoAmI(), volumes.call.work({ text: 'a', ms: 20 }), volumes.cast.note({ text: 'b' })]);
process.stdout.write(`${answers[0]}, ${answers[1]}\n`);
const late = volumes.call.work({ text: 'late', ms: 30 });
await bus.close();
process.stdout.write(`${await late}, closed\n`);
