/**
 * One server or client as a process: `node program.js PART URL`. Started by the play, and ends with it.
 */
import { enact, type Part } from '../actor/index.js';
import type { Command, Message } from './performer.js';

const [part, url] = process.argv.slice(2);
const send = (message: Message): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

const entering = enact(JSON.parse(part ?? '') as Part, url ?? '', send);
let here = false;
let leaving: Promise<void> | undefined;
const leave = (): void => {
  if (!here) process.exit(0);
  leaving ??= entering
    .then((actor) => actor.stop())
    .then(() => {
      if (process.connected) process.disconnect();
    });
};
process.on('SIGTERM', leave);
// The play is gone: nobody is left to say when to leave.
process.on('disconnect', leave);

const actor = await entering;
here = true;
process.on('message', (message: Command) => {
  if (message.command === 'quiet') void actor.quiet().then(() => send({ kind: 'quiet' }));
});
send({ kind: 'ready' });
