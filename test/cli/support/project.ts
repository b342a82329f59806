import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, type MemoryHub } from 'lynchpin';
import { runProgram } from '#lynchpin/cli/program.js';
import type { Terminal } from '#lynchpin/cli/terminal.js';
import { root } from '../../style/project.js';

/** The built command, as package.json names it. */
export const bin = join(root, (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: { lynchpin: string } }).bin.lynchpin);

/** What a finished command said. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** What node itself is given. */
  readonly node?: readonly string[];
}

/** The variables that decide how the command behaves are those of the test alone. */
const SET = ['CI', 'NO_COLOR', 'FORCE_COLOR', 'NODE_OPTIONS'];
const quiet = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SET.includes(name)));

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], folder: string, { env = {}, input }: Running = {}): Promise<Said> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { cwd: folder, env: { ...quiet, ...env }, timeout: 30_000, maxBuffer: 16 * 1024 * 1024 },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err });
      },
    );
    // A program may end before it has read what it is given.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

export interface Inside {
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  /** What the person at the terminal answers to each question, which is kept in `err`. Default: nobody sits there. */
  readonly answer?: string;
  /** The broker that `memory:` stands for. */
  readonly hub?: MemoryHub;
  /** Somebody looks along, on a screen of so many lines. */
  readonly rows?: number;
  /** Is given what a key press is handed to. */
  readonly onKeys?: (press: (key: string) => void) => void;
  /** Told each piece of output as it comes. */
  readonly onOut?: (text: string) => void;
}

/** A terminal that keeps what is written to it. */
export function terminalIn(
  folder: string,
  { env = {}, columns = 80, answer, hub, rows, onKeys, onOut }: Inside = {},
): Terminal & { readonly said: Omit<Said, 'code'> } {
  const said = { out: '', err: '' };
  return {
    said,
    folder,
    env,
    out: {
      terminal: rows !== undefined,
      columns,
      rows: rows ?? 24,
      write(text) {
        said.out += text;
        onOut?.(text);
      },
    },
    err: { terminal: false, columns, rows: 24, write: (text) => void (said.err += text) },
    unread: AbortSignal.any([]),
    input: () => Promise.resolve(''),
    ask:
      answer === undefined
        ? undefined
        : (question) => {
            said.err += `${question}${answer}\n`;
            return Promise.resolve(answer);
          },
    keys:
      onKeys === undefined
        ? undefined
        : (listener) => {
            onKeys(listener);
            return () => undefined;
          },
    user: 'ada@test',
    connect: (address, options) => connect(address === 'memory:' && hub !== undefined ? hub : address, options),
  };
}

/**
 * Runs the command in this process: for what needs no process of its own. Contracts stay loaded, so each file of them can be
 * used once.
 */
export async function inside(folder: string, args: readonly string[], running: Inside = {}): Promise<Said> {
  const terminal = terminalIn(folder, running);
  const code = await runProgram(args, terminal, '0.0.0');
  return { code, ...terminal.said };
}

/** A folder with a project that uses lynchpin. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'lynchpin-cli-'));

  constructor(files: Readonly<Record<string, string>> = {}) {
    mkdirSync(join(this.folder, 'node_modules'));
    symlinkSync(root, join(this.folder, 'node_modules', 'lynchpin'));
    this.write({
      'package.json': JSON.stringify({
        name: 'orders',
        version: '1.4.2',
        type: 'module',
        lynchpin: { contracts: ['./contracts.js'] },
      }),
      '.gitignore': 'node_modules\n',
      ...files,
    });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** Changes a file, which must hold what is replaced. */
  edit(name: string, from: string, to: string): void {
    const text = this.read(name);
    if (!text.includes(from)) throw new Error(`${name} does not hold ${from}`);
    this.write({ [name]: text.replace(from, to) });
  }

  /** Runs the command. */
  lynchpin(args: readonly string[], running: Running = {}): Promise<Said> {
    return run(process.execPath, [...(running.node ?? []), bin, ...args], this.folder, running);
  }

  /** Runs git, which must succeed. */
  async git(...args: readonly string[]): Promise<string> {
    const said = await run(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'init.defaultBranch=main', ...args],
      this.folder,
    );
    if (said.code !== 0) throw new Error(`git ${args.join(' ')}: ${said.err}`);
    return said.out.trim();
  }

  async commit(): Promise<void> {
    await this.git('add', '-A');
    await this.git('commit', '--quiet', '--message', 'x');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
