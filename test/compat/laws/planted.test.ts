import assert from 'node:assert/strict';
import type { LawFinding } from '#lynchpin/compat/index.js';
import { proved } from '../support/proved.js';
import { PLANTED } from './planted.js';

const SEEDS = [1, 2, 3, 5, 8, 13, 21, 34, 55, 20_261_122];

describe('mistakes that were planted into conversions', () => {
  for (const { bug, rule, wrong, right } of PLANTED) {
    it(`${bug}: ${rule}`, () => {
      for (const seed of SEEDS) {
        const findings = proved(wrong(), { seed });
        const told = findings.map((finding) => finding.rule);
        assert.ok(told.includes(rule), `seed ${seed}: ${told.join(', ') || 'nothing was found'}`);
        assert.deepEqual(said(proved(right(), { seed })), [], `seed ${seed}: the same without the mistake`);
      }
    });
  }
});

function said(findings: readonly LawFinding[]): string[] {
  return findings.map(({ rule, message, diff }) => `${rule}: ${message} ${diff.join(' ')}`);
}
