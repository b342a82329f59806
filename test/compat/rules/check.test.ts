import assert from 'node:assert/strict';
import { t } from 'lynchpin';
import { sortFindings, subjectText, type Acceptance, type Finding } from '#lynchpin/compat/index.js';
import * as cinder from '../../../examples/cinder-volume/contract/index.js';
import { checked, told } from '../support/checked.js';
import { orderClass } from '../support/orders.js';

const id = { id: t.uuid() };
const before = [orderClass('1.0', { ...id, note: [t.string(), { default: '' }] })];
const after = [orderClass('1.0', { ...id, total: [t.integer(), { optional: true }], ttl: [t.integer(), { default: 5 }] })];

const accepted = ({ fingerprint, rule, subject }: Finding, expires: string): Acceptance => ({
  fingerprint,
  rule,
  subject: subjectText(subject),
  reason: 'Nobody has it yet.',
  expires,
});

describe('a check', () => {
  it("finds nothing in Cinder's contract as it was released", () => {
    assert.deepEqual(told(checked({ before: cinder, after: cinder })), []);
  });

  it("finds neither an error nor a warning in Cinder's contract before it is released", () => {
    const findings = checked({ before: cinder, after: cinder, released: [] });
    const bad = findings.filter(({ severity, rule }) => severity !== 'info' && rule !== 'history/changelog-missing');
    assert.deepEqual(told(bad), []);
  });

  it('tells the worst first, then law by law, then by what it is about, whatever the order of what it got', () => {
    const findings = checked({ before, after });
    assert.deepEqual(told(findings), [
      'error object/field-removed-no-bump Order@1.0 fields.note',
      'error object/field-added-no-bump Order@1.0 fields.total',
      'error object/field-added-no-bump Order@1.0 fields.ttl',
    ]);
    assert.deepEqual(sortFindings([...findings].reverse()), findings);
  });

  it('gives a finding one fingerprint, whatever else is found', () => {
    const alone = checked({ before, after: [orderClass('1.0', id)] });
    assert.equal(alone[0]?.fingerprint, checked({ before, after })[0]?.fingerprint);
    assert.equal(new Set(checked({ before, after }).map(({ fingerprint }) => fingerprint)).size, 3);
  });

  it('is silent about what is accepted, and tells what is past its day', () => {
    const findings = checked({ before, after });
    const acceptances = findings.map((finding) => accepted(finding, '2026-08-01'));
    assert.deepEqual(told(checked({ before, after, acceptances })), []);
    const later = checked({ before, after, acceptances, today: '2026-08-02' });
    assert.equal(later.filter(({ rule }) => rule === 'accept/expired').length, 3);
    assert.equal(later.length, 6);
  });

  it('tells an acceptance that matches nothing any more', () => {
    const acceptances = checked({ before, after }).map((finding) => accepted(finding, '2026-08-01'));
    assert.deepEqual(
      checked({ before, after: before, acceptances }).map(({ rule }) => rule),
      ['accept/unused', 'accept/unused', 'accept/unused'],
    );
  });

  it('goes by the settings for what is no law', () => {
    const stale = { before, after, released: [] };
    const settings = { severity: { 'lock/stale': 'off' } } as const;
    assert.deepEqual(told(checked({ ...stale, settings })), []);
    assert.deepEqual(told(checked(stale)), ['error lock/stale Order@1.0']);
  });

  it('hears what was found elsewhere', () => {
    const others = checked({ before, after });
    assert.deepEqual(told(checked({ before, after: before, others })), told(others));
  });
});
