import Mocha from 'mocha';

/** What a run of the guards found. */
export interface Found {
  readonly passed: number;
  /** The full titles of the tests that failed, with why. */
  readonly failed: readonly { readonly title: string; readonly why: string }[];
}

// A program: runs the guards of a server or a client (or those of another file), as its arguments say, and prints what it found as one line of JSON. Mocha's own command requires its files where it
// can, and what is required passes by the loader that mutates.
const mocha = new Mocha({ timeout: Number(process.argv[4] ?? 5_000), ui: 'bdd', fgrep: `a ${process.argv[2]}` });
mocha.suite.emit('pre-require', globalThis, '', mocha);
await import(process.argv[3] ?? './guards.test.js');
let passed = 0;
const failed: { title: string; why: string }[] = [];
mocha.reporter(class {} as never);
mocha
  .run(() => {
    process.stdout.write(JSON.stringify({ passed, failed } satisfies Found), () => process.exit());
  })
  .on('pass', () => (passed += 1))
  .on('fail', (test, error: Error) => failed.push({ title: test.fullTitle(), why: error.message }));
