import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.js';

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
type Packages = Readonly<Record<string, Entry>>;

/** What would keep a fresh clone from installing with this lock file. */
function problems(packages: Packages): string[] {
  const found: string[] = [];
  for (const [path, entry] of Object.entries(packages)) {
    if (entry.resolved !== undefined) found.push(`${path} is tied to a registry`);
    if (path !== '' && entry.version === undefined) found.push(`${path} has no version`);
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (packages[`node_modules/${name}`] === undefined && packages[`${path}/node_modules/${name}`] === undefined) {
        found.push(`${name}, optional for ${path}, is not in the lock file: npm ci would refuse`);
      }
    }
  }
  return found;
}

describe('package-lock.json', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Packages };

  it('installs from any registry, and names the optional packages of every platform', () => {
    assert.deepEqual(problems(packages), []);
  });

  it('is shown to fail for an entry with an address and for a missing optional package', () => {
    const { 'node_modules/@esbuild/darwin-arm64': _removed, ...rest } = packages;
    assert.equal(problems(rest).length, 1);
    assert.equal(problems({ ...packages, 'node_modules/x': { version: '1.0.0', resolved: 'https://packages.example/x.tgz' } }).length, 1);
  });
});
