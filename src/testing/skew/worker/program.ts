import type { Question } from '../messages.js';
import { Worker } from './main.js';

// A program: one release of a package, in a process of its own. It does what the run asks over the channel that it was
// started with, and ends when that is gone, whichever way.
const worker = new Worker();

process.on('message', (message) => {
  void worker.answer(message as Question).then((reply) => {
    if (process.connected) process.send?.(reply, () => {});
  });
});
process.once('disconnect', () => {
  setTimeout(() => process.exit(70), 3_000).unref();
  void worker.close().finally(() => process.exit());
});
