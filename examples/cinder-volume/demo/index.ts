/** `npm run demo`: plays a rolling upgrade of Cinder's volume service. See options.ts for what it takes. */
import { HELP, readOptions, WrongOptions, type Options } from './options.js';

function options(): Options | undefined {
  try {
    const read = readOptions(process.argv.slice(2));
    if (read !== 'help') return read;
    process.stdout.write(HELP);
  } catch (error) {
    if (!(error instanceof WrongOptions)) throw error;
    process.stderr.write(`demo: ${error.message}\n`);
    process.exitCode = 2;
  }
  return undefined;
}

const asked = options();
if (asked !== undefined) {
  // Only now: whoever asks for help need not wait for all of it.
  const { perform } = await import('./performance.js');
  process.exitCode = await perform(asked);
}
