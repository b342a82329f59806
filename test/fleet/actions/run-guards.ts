import Mocha from 'mocha';

/** What a run of some tests found. */
export interface Found {
  readonly passed: number;
  /** Why those failed that did. */
  readonly failed: readonly string[];
}

// A program: runs the tests of a file beside it whose titles hold a text, and prints what it found as one line of JSON. Mocha's own command
// requires its files where it can, and what is required passes by the loader that mutates.
const [file = '', title = ''] = process.argv.slice(2);
const mocha = new Mocha({ timeout: 4_000, ui: 'bdd', fgrep: title });
mocha.suite.emit('pre-require', globalThis, '', mocha);
await import(`../../${file}.test.js`);
let passed = 0;
const failed: string[] = [];
mocha.reporter(class {} as never);
mocha
  .run(() => {
    process.stdout.write(`\n${JSON.stringify({ passed, failed } satisfies Found)}`, () => process.exit());
  })
  .on('pass', () => (passed += 1))
  .on('fail', (_test, error: Error) => failed.push(error.message));
