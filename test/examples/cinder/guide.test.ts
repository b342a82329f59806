import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../../../', import.meta.url);
const contract = new URL('examples/cinder-volume/contract/', root);
const page = readFileSync(new URL('docs/guide/cinder.md', root), 'utf8');

describe('the page about Cinder', () => {
  const source = readdirSync(contract, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => bare(readFileSync(new URL(file, contract), 'utf8')))
    .join('\n');
  const lines = [...page.matchAll(/```ts\n(.*?)```/gs)]
    .flatMap(([, code = '']) => code.split('\n').map(withoutRemarks))
    .filter((line) => line !== '');

  it('shows code', () => {
    assert.ok(lines.length > 20, `${lines.length} lines`);
  });

  it('shows only code that is in the example', () => {
    assert.deepEqual(
      lines.filter((line) => !source.includes(bare(line).replace(/,$/, ''))),
      [],
    );
  });

  it('notices code that is not', () => {
    assert.equal(source.includes(bare('@Field(t.string()) colour!: string;')), false);
  });

  it('names the versions that the contract carries', async () => {
    const { CARRIES } = await import('../../../examples/cinder-volume/contract/index.js');
    const smaller = ['BackupDeviceInfo', 'ManageableVolume', 'ManageableSnapshot', 'LogLevel'];
    for (const [version, objects] of Object.entries(CARRIES)) {
      const names = Object.entries(objects).filter(([name]) => !smaller.includes(name) && !(version === '3.0' && name === 'Backend'));
      if (names.length === 0) continue;
      const row = page.split('\n').find((line) => line.startsWith(`| ${version} | `) && line.split('|').length === 6);
      for (const [name, at] of names) assert.ok(row?.includes(`${name} ${at}`), `${version}: ${name} ${at}`);
    }
  });
});

/** A line of code without what the page says or leaves out. */
function withoutRemarks(line: string): string {
  return line
    .replace(/\{ \/\*.*\*\/ \}$/, '{')
    .replace(/\s*\/\/.*$/, '')
    .trim();
}

/** Code without its layout. */
function bare(code: string): string {
  return code.replace(/\s+/g, '').replaceAll(',)', ')');
}
