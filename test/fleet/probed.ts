import { connect as dial } from 'node:net';
import { once } from 'node:events';
import { serveHealth } from 'lynchpin';

// A program: serves health, has somebody connect who asks nothing, and has nothing more to do.
const { port } = await serveHealth(
  { ready: true, state: 'up', servers: [], clients: [], closed: new Promise<void>(() => undefined) },
  { port: 0, host: '127.0.0.1' },
);
const idle = dial({ port, host: '127.0.0.1' });
await once(idle, 'connect');
idle.unref();
process.send?.('done');
process.channel?.unref();
