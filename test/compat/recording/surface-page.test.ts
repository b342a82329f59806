import assert from 'node:assert/strict';
import { declaredIn, entriesOf, surfaceMarkdown, surfaceOf, type Entry } from '#lynchpin/compat/index.js';
import * as zoo from '../support/zoo-and-vet.js';

const entries: readonly Entry[] = entriesOf(surfaceOf(declaredIn(zoo)));
const page = surfaceMarkdown({ origin: 'test', entries });

/** What the page says of one version. */
const part = (heading: string): string => page.split(/^#### /m).find((one) => one.startsWith(heading)) ?? '';

describe('SURFACE.md', () => {
  it('has the oldest version in full, and of each later one what it changed', () => {
    assert.match(part('Sighting 1.0'), /\+ fields\.at: datetime, required\n\+ fields\.lat: /);
    assert.match(part('Sighting 1.1'), /- fields\.lat: /);
    assert.match(part('Sighting 1.1'), /\+ fields\.latitude: /);
    assert.doesNotMatch(part('Sighting 1.1'), /fields\.at/);
    assert.match(part('zoo 3.2'), /~ carries\.Animal: 1\.1 -> 1\.2/);
    assert.match(part('zoo 3.3'), /- methods\.oldest/);
    assert.match(part('zoo 3.3'), /\+ messages\.Portion\.fields\.amount: number, required/);
  });

  it('changes in one place when one version changes', () => {
    const other = surfaceMarkdown({
      origin: 'test',
      entries: entries.map((entry) =>
        entry.facts.name === 'zoo' && entry.facts.version === '3.4' ? { ...entry, released: '1.0.0', description: 'Feeds.' } : entry,
      ),
    });
    const [before, after] = [page.split('\n'), other.split('\n')];
    const changed = after.filter((line) => !before.includes(line));
    assert.deepEqual(changed, ['#### zoo 3.4, released in 1.0.0', 'Feeds.']);
  });

  it('says so where a version changed nothing', () => {
    const [first] = entries;
    assert.ok(first);
    const again = { ...first, facts: { ...first.facts, version: '9.0' as const } };
    assert.match(surfaceMarkdown({ origin: 'test', entries: [first, again] }), /9\.0, not released\n\nNothing on the wire\.\n/);
  });
});
