/**
 * Reads the journals that servers and clients wrote and says whether they add up. It knows the journals, and nothing of
 * Lynchpin: `node verifier/index.js FOLDER [--calls N] [--json]`. Exit code 0 if they do, 1 if not, 2 for wrong options.
 */
import { statSync } from 'node:fs';
import { verify } from './verify.js';

/** How many violations of a kind are printed; all are counted. */
const SHOWN = 10;

const args = process.argv.slice(2);
const folder = args.find((arg) => !arg.startsWith('--'));
const at = args.indexOf('--calls');
const leastCalls = at < 0 ? 0 : Number(args[at + 1]);

if (folder === undefined || Number.isNaN(leastCalls) || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
  process.stderr.write('verifier: give a folder with journals first, then --calls N and --json if wanted\n');
  process.exitCode = 2;
} else {
  for (const { text, violations } of verify(folder, leastCalls)) {
    const ok = violations.length === 0;
    if (!ok) process.exitCode = 1;
    const more = violations.length > SHOWN ? [`and ${violations.length - SHOWN} more`] : [];
    if (args.includes('--json')) {
      process.stdout.write(`${JSON.stringify({ ok, text, violations: [...violations.slice(0, SHOWN), ...more] })}\n`);
      continue;
    }
    process.stdout.write(`${ok ? 'ok    ' : 'NOT OK'}  ${ok ? text : `${violations.length} facts against: ${text}`}\n`);
    for (const line of [...violations.slice(0, SHOWN), ...more]) process.stdout.write(`          ${line}\n`);
  }
}
