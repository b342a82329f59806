import { namesOf, openBroker } from '#lynchpin/broker/index.js';
import type { Version } from '#lynchpin/versions/index.js';
import { Member } from './member.js';

// One member in a process of its own, for those who kill or freeze it. It says when it has joined.
const [url = '', namespace = '', server = '', version = ''] = process.argv.slice(2);
const broker = await openBroker(url, { heartbeat: 10 });
await Member.join(broker, namesOf('volume', namespace), { server, floor: '3.0', version: version as Version });
process.stdout.write('joined\n');
