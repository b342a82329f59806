#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { runProgram } from './program.js';
import type { Outlet, Terminal } from './terminal.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
const write = process.stdout.write.bind(process.stdout);

const terminal: Terminal = {
  folder: process.cwd(),
  env: process.env,
  out: outlet(process.stdout, (text) => void write(text)),
  err: outlet(process.stderr, (text) => void process.stderr.write(text)),
  async input() {
    const parts: Buffer[] = [];
    for await (const part of process.stdin) parts.push(part as Buffer);
    return Buffer.concat(parts).toString('utf8');
  },
};

// What contracts print while they are loaded must not end up between the results.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
// A reader that has seen enough, such as `head`, is no mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const code = await runProgram(process.argv.slice(2), terminal, version);
// Loaded contracts may hold timers or sockets that would keep the process; results must be out before it goes.
write('', () => process.exit(code));

function outlet(stream: NodeJS.WriteStream, put: (text: string) => void): Outlet {
  return { terminal: stream.isTTY === true, columns: stream.columns ?? 80, write: put };
}
