import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { declaredIn, stampRelease, surfaceOf, writeRecording } from '#lynchpin/compat/index.js';
import { root, runNode, type Finished } from '../../style/project.js';

/** A small project of a user's: ES modules, a contract, a recording, and tests, in a folder of its own. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'lynchpin-project-'));
  #loaded = 0;

  constructor() {
    this.write('package.json', JSON.stringify({ name: 'orders', version: '1.0.0', private: true, type: 'module' }));
    mkdirSync(join(this.folder, 'node_modules'));
    symlinkSync(root, join(this.folder, 'node_modules', 'lynchpin'), 'dir');
  }

  /** Where the recording lies. */
  get recording(): string {
    return join(this.folder, 'compat');
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  /** Compiles the contract, as the project's own build would, to `contract.js`. */
  async compile(source: string): Promise<void> {
    const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'es2022' });
    this.write('contract.js', code);
  }

  /** Loads the contract as it is now: each time a new module. */
  readonly load = (): Promise<unknown> => import(`${pathToFileURL(join(this.folder, 'contract.js')).href}?load=${(this.#loaded += 1)}`);

  /** Records the contract as it is now, and releases that. */
  async release(version: string): Promise<void> {
    writeRecording(this.recording, surfaceOf(declaredIn(await this.load())));
    stampRelease(this.recording, version);
  }

  /** Runs a program of node's in the project. */
  run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
    const { CI: _, ...rest } = process.env;
    return runNode(args, { cwd: this.folder, env: { ...rest, NO_COLOR: '1', FORCE_COLOR: '0', ...environment } });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A project for as long as some work lasts. */
export async function withProject<T>(use: (project: Project) => Promise<T>): Promise<T> {
  const project = new Project();
  try {
    return await use(project);
  } finally {
    project.remove();
  }
}
