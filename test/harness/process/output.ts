import type { ChildProcess } from 'node:child_process';

/** No more than so many characters are kept: the end of an output tells most. */
const KEPT = 16_384;

/** What a process wrote to its standard output and error, kept for a report. */
export class Output {
  #text = '';

  constructor(process: ChildProcess) {
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => {
        this.#text = (this.#text + text).slice(-KEPT);
      });
    }
  }

  get text(): string {
    return this.#text;
  }
}
