import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JOURNAL_SUFFIX, JournalWriter, readJournal, readJournals } from './index.js';

describe('a journal', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'journal-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const started = {
    kind: 'started',
    process: 'server-1.1',
    name: 'server-1',
    role: 'server',
    release: 'A',
    window: { floor: '1.0', version: '1.2' },
    pid: 1,
  } as const;
  const path = (): string => join(directory, `server-1.1${JOURNAL_SUFFIX}`);

  it('is read as it was written, in order, with monotonic times', () => {
    const writer = new JournalWriter(path());
    writer.write(started);
    writer.write({ kind: 'ready' });
    const [journal] = readJournals(directory);
    deepEqual(
      [journal?.process, journal?.window.version, journal?.entries.map(({ kind }) => kind)],
      ['server-1.1', '1.2', ['started', 'ready']],
    );
    ok(journal!.entries[0]!.at <= journal!.entries[1]!.at);
    writer.close();
  });

  it('is readable up to a last line that was torn, and no further damage is forgiven', () => {
    const writer = new JournalWriter(path());
    writer.write(started);
    writer.close();
    appendFileSync(path(), '{"kind":"rea');
    equal(readJournal(path())?.entries.length, 1);
    appendFileSync(path(), '\n');
    throws(() => readJournal(path()));
  });

  it('belongs to one writer', () => {
    const writer = new JournalWriter(path());
    throws(() => new JournalWriter(path()));
    writer.close();
  });

  it('that was never begun is none', () => {
    new JournalWriter(path()).close();
    deepEqual(readJournals(directory), []);
  });
});
