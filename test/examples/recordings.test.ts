import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordHistory } from './cinder/recording.js';
import { recordOrders } from './orders/recording.js';
import { root } from '../style/project.js';

/** The text of each file below a folder, by its path. */
function textsIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(folder, file)).isFile());
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** What is kept beside the entries, and written by hand. */
const BY_HAND = /^(corpus\/(?!.*\/golden\.json$)|accepted\.json$)/;

/** A golden stays as it was written, whatever would be written today: of those, only which there are is compared. */
const withoutGoldens = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, file.startsWith('corpus/') ? 'a golden' : text]));

describe('the recordings of the examples', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lynchpin-recorded-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [example, record] of [
    ['cinder-volume', recordHistory],
    ['orders', recordOrders],
  ] as const) {
    it(`of ${example} are what their contract says of its past, file by file`, () => {
      record(folder);
      const kept = Object.entries(textsIn(join(root, 'examples', example, 'compat'))).filter(([file]) => !BY_HAND.test(file));
      assert.deepEqual(withoutGoldens(Object.fromEntries(kept)), withoutGoldens(textsIn(folder)));
    });
  }

  it('can be read: no version of an object has more than 200 lines, and none of the API more than 800', () => {
    const texts = Object.entries(textsIn(join(root, 'examples/cinder-volume/compat'))).filter(([file]) => /^(objects|apis)\//.test(file));
    const long = texts.filter(([file, text]) => text.split('\n').length > (file.startsWith('objects/') ? 200 : 800));
    assert.ok(texts.length > 60);
    assert.deepEqual(
      long.map(([file]) => file),
      [],
    );
  });
});
