#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { EXIT } from './exit.js';
import { runProgram } from './program.js';
import type { Outlet, Terminal } from './terminal.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
const write = process.stdout.write.bind(process.stdout);

const unread = new AbortController();

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
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
  keys: process.stdin.isTTY && process.stdout.isTTY ? keys : undefined,
  unread: unread.signal,
  user: `${account()}@${hostname()}`,
  // Loaded by the commands that speak with a broker: the others must answer at once.
  connect: async (address, options) => (await import('../bus/index.js')).connect(address, options),
};

// What contracts print while they are loaded must not end up between the results.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
// A reader that has seen enough, such as `head`, is no mistake, and changes nothing about the exit code.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  unread.abort();
});

// A contract that ends the process, waits for ever or fails on the side must not pass for one that was checked.
let finished = false;
process.on('exit', () => {
  if (finished) return;
  process.exitCode = EXIT.couldNotCheck;
  process.stderr.write('lynchpin: the process ended before the command did: something that it loaded ended it, or waits for ever\n');
});
process.on('uncaughtException', (error) => {
  process.stderr.write(`lynchpin: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  finished = true;
  process.exit(EXIT.couldNotCheck);
});

const code = await runProgram(process.argv.slice(2), terminal, version);
// Loaded contracts may hold timers or sockets that would keep the process; results must be out before it goes.
write('', () => {
  finished = true;
  process.exit(code);
});

function outlet(stream: NodeJS.WriteStream, put: (text: string) => void): Outlet {
  // A terminal that does not know its size says 0.
  return { terminal: stream.isTTY === true, columns: stream.columns || 80, rows: stream.rows || 24, write: put };
}

/** On standard error: what is asked is no result. The end of the input is an empty answer. */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<string>((resolve) => {
    lines.once('close', () => resolve(''));
  });
  try {
    return await Promise.race([lines.question(question), ended]);
  } finally {
    lines.close();
  }
}

function keys(listener: (key: string) => void): () => void {
  const { stdin } = process;
  const heard = (text: string): void => {
    for (const key of text) listener(key);
  };
  stdin.setRawMode(true).setEncoding('utf8').resume().on('data', heard);
  return () => void stdin.off('data', heard).setRawMode(false).pause();
}

/** The name of whoever runs this. A container's user may have none. */
function account(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? 'unknown';
  }
}
