import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODES } from 'lynchpin';
import { root } from './project.js';

interface Section {
  readonly code: string;
  readonly text: string;
}

/** The sections of a page, one for each `## ` heading. */
function sectionsOf(page: string): Section[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => ({ code: section.slice(0, section.indexOf('\n')).trim(), text: section.slice(section.indexOf('\n')) }));
}

/** What is wrong with the page, given the table of codes. */
function problems(page: string, codes: Readonly<Record<string, { readonly retry: boolean }>>): string[] {
  const sections = sectionsOf(page);
  const found: string[] = [];
  for (const [code, { retry }] of Object.entries(codes)) {
    const own = sections.filter((section) => section.code === code);
    if (own.length !== 1) found.push(`${code} has ${own.length} sections`);
    for (const { text } of own) {
      for (const part of ['**When:**', '**Retry:**', '**What to do:**']) if (!text.includes(part)) found.push(`${code} lacks ${part}`);
      if (!text.includes(`**Retry:** ${retry ? 'yes' : 'no'}`)) found.push(`${code} says the wrong thing about retrying`);
    }
  }
  for (const { code } of sections) if (!Object.hasOwn(codes, code)) found.push(`${code} is not a code`);
  return found;
}

describe('docs/errors.md', () => {
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');

  it('documents each error code, and no other', () => {
    assert.deepEqual(problems(page, CODES), []);
  });

  it('is shown to fail for a missing code, a code too many and a wrong word about retrying', () => {
    assert.deepEqual(problems(page, { ...CODES, NEW: { retry: false } }), ['NEW has 0 sections']);
    assert.deepEqual(problems(`${page}\n## OLD\n`, CODES), ['OLD is not a code']);
    assert.deepEqual(problems(page, { ...CODES, TIMEOUT: { retry: false } }), ['TIMEOUT says the wrong thing about retrying']);
  });
});
