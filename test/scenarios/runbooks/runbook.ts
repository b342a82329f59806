import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryHub } from 'lynchpin';
import { commandsOf } from '../../style/commands.js';
import { root } from '../../style/project.js';
import { inside, type Said } from '../../cli/support/project.js';

/** One page of docs/runbooks, played line by line: what is run is what stands there, in its order, and all of it. */
export class Runbook {
  readonly #commands: string[];
  readonly #hub: MemoryHub;

  /** @param page the file's name, without `.md`. */
  constructor(page: string, hub: MemoryHub) {
    this.#commands = commandsOf(readFileSync(join(root, 'docs/runbooks', `${page}.md`), 'utf8'));
    this.#hub = hub;
  }

  /**
   * Runs the page's next command, as somebody would who says yes.
   * @param expected how it begins, behind `npx lynchpin`: so that page and test cannot drift apart unseen.
   * @param variables what the shell would put in for `"$NAME"`.
   */
  async next(expected: string, folder = '', variables: Readonly<Record<string, string>> = {}): Promise<Said> {
    const command = this.#commands.shift() ?? 'nothing';
    assert.ok(command.startsWith(`npx lynchpin ${expected}`), `the page says ${command}, and the test ${expected}`);
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(2);
    const args = words.map((word) => (word.startsWith('$') ? (variables[word.slice(1)] ?? assert.fail(word)) : word));
    return inside(folder, [...args, '--broker', 'memory:'], { hub: this.#hub, columns: 160, answer: 'y' });
  }

  /** The same, and it ends well. */
  async good(expected: string, folder = '', variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const { code, out, err } = await this.next(expected, folder, variables);
    assert.equal(code, 0, `${expected}: ${out}${err}`);
    return out;
  }

  /** What was not run yet. */
  get rest(): readonly string[] {
    return this.#commands;
  }
}
