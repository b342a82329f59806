import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addAcceptance, readAcceptances, readRecording } from '#lynchpin/compat/index.js';
import { failsWith } from '../../objects/codes.js';
import { temporaryFolders } from '../support/folder.js';

const ONE = {
  fingerprint: '1:00',
  rule: 'object/type-widened',
  subject: 'Volume@1.2 fields.size',
  reason: 'Nobody reads it yet.',
} as const;
const TWO = { ...ONE, fingerprint: '1:11', rule: 'object/name-reused', author: 'Ada', expires: '2030-02-28' } as const;

describe('accepted.json', () => {
  const folder = temporaryFolders();

  it('gives back what was added, in one order however it was added', () => {
    const [at, other] = [folder(), folder()];
    for (const one of [ONE, TWO]) addAcceptance(at, one);
    for (const one of [TWO, ONE]) addAcceptance(other, one);
    assert.deepEqual(readAcceptances(at), [TWO, ONE]);
    assert.equal(readFileSync(join(at, 'accepted.json'), 'utf8'), readFileSync(join(other, 'accepted.json'), 'utf8'));
    assert.deepEqual(readRecording(at).files, []);
  });

  it('has one acceptance for a finding: the later replaces the earlier', () => {
    const at = folder();
    addAcceptance(at, ONE);
    addAcceptance(at, { ...ONE, expires: '2031-01-01' });
    assert.deepEqual(readAcceptances(at), [{ ...ONE, expires: '2031-01-01' }]);
    const before = statSync(join(at, 'accepted.json'), { bigint: true }).mtimeNs;
    addAcceptance(at, { ...ONE, expires: '2031-01-01' });
    assert.equal(statSync(join(at, 'accepted.json'), { bigint: true }).mtimeNs, before);
  });

  it('need not be there', () => assert.deepEqual(readAcceptances(folder()), []));

  const wrong: Record<string, string> = {
    'no JSON': '{',
    'a list': '[]',
    'another format': '{"format":2,"accepted":[]}',
    'no list of acceptances': '{"format":1}',
    'an acceptance without a reason': JSON.stringify({ format: 1, accepted: [{ ...ONE, reason: ' ' }] }),
    'an acceptance of no rule that exists': JSON.stringify({ format: 1, accepted: [{ ...ONE, rule: 'object/beauty' }] }),
    'a day that no calendar has': JSON.stringify({ format: 1, accepted: [{ ...ONE, expires: '2030-02-30' }] }),
    'something that nobody reads': JSON.stringify({ format: 1, accepted: [{ ...ONE, until: '2030-02-01' }] }),
  };
  for (const [what, text] of Object.entries(wrong)) {
    it(`is refused with ${what}, and not written over`, () => {
      const at = folder();
      writeFileSync(join(at, 'accepted.json'), text);
      failsWith('DECLARATION', () => readAcceptances(at));
      failsWith('DECLARATION', () => addAcceptance(at, TWO));
      assert.equal(readFileSync(join(at, 'accepted.json'), 'utf8'), text);
    });
  }
});
