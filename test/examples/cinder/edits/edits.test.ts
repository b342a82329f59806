import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stop } from 'esbuild';
import { readRecording, RULES, writeRecording, type Finding } from '#lynchpin/compat/index.js';
import { LynchpinError } from 'lynchpin';
import { apply, load } from './apply.js';
import { bump } from './bump.js';
import { check, recording, surfaceAfter } from './check.js';
import { conversion } from './conversion.js';
import { change, type Edit } from './edit.js';
import { history } from './history.js';
import { identity } from './identity.js';
import { refused } from './refused.js';

const edits: readonly Edit[] = [...identity, ...bump, ...conversion, ...history];

/** The rules that found an error, each once, in the order of the alphabet. */
const errorsAmong = (findings: readonly Finding[]): readonly string[] =>
  [...new Set(findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule))].sort();

const told = (findings: readonly Finding[]): string =>
  findings.map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`).join('\n');

describe("an edit of Cinder's contract", function () {
  this.timeout(20_000);
  after(() => stop());

  it('that changes nothing raises nothing, conversions included', async () => {
    const findings = await check({ changes: [], laws: ['Backup', 'Snapshot', 'Volume', 'VolumeType', 'cinder-volume'] });
    assert.equal(told(findings.filter(({ severity }) => severity !== 'info')), '');
  });

  for (const edit of edits) {
    it(`is caught: ${edit.name} (${edit.rule})`, async () => {
      const findings = await check(edit);
      assert.ok(
        findings.some(({ rule, severity }) => rule === edit.rule && severity === edit.severity),
        `${edit.rule} says nothing at ${edit.severity}; found:\n${told(findings)}`,
      );
      const expected = [...(edit.severity === 'error' ? [edit.rule] : []), ...(edit.also ?? [])].sort();
      assert.deepEqual(errorsAmong(findings), expected, told(findings));
    });
  }

  it('of a released version is told of conversions too, which say to put the version right first', async () => {
    const { changes } = identity[0] as Edit;
    const findings = await check({ changes, laws: ['Volume'] });
    assert.deepEqual(
      errorsAmong(findings),
      ['backport/output-invalid', 'object/field-added-no-bump', 'upgrade/output-invalid'],
      told(findings),
    );
    for (const { rule, fix } of findings)
      if (rule.endsWith('/output-invalid')) assert.match(fix, /^Put right first what the code says of Volume 1\.\d/);
  });

  describe('of its recording', () => {
    let folder: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'lynchpin-recorded-'));
      cpSync(recording.folder, folder, { recursive: true });
    });

    afterEach(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('is caught: a released file is corrected by hand (lock/edited-by-hand)', async () => {
      const file = join(folder, 'objects/Backup/1.7.json');
      const text = readFileSync(file, 'utf8');
      assert.ok(text.includes('"restoring"'));
      writeFileSync(file, text.replaceAll('"restoring"', '"resuming"'));
      const findings = await check({ changes: [] }, { recording: readRecording(folder) });
      assert.deepEqual(errorsAmong(findings), ['lock/edited-by-hand'], told(findings));
    });

    it('is caught: a released version is deleted and recorded anew, with the code that changed (lock/released-entry-rewritten)', async () => {
      const { changes } = identity[0] as Edit;
      rmSync(join(folder, 'objects/Volume'), { recursive: true });
      writeRecording(folder, await surfaceAfter(changes), { released: 'Yoga' });
      const rewritten = readRecording(folder);
      const unseen = await check({ changes }, { recording: rewritten });
      assert.deepEqual(errorsAmong(unseen), [], told(unseen));
      const findings = await check({ changes }, { recording: rewritten, baseline: recording.recorded });
      assert.deepEqual(errorsAmong(findings), ['lock/released-entry-rewritten'], told(findings));
    });
  });

  for (const { name, changes, about } of refused) {
    it(`is refused before any rule is asked: ${name}`, async () => {
      await assert.rejects(
        async () => check({ changes }),
        (error) => LynchpinError.is(error, 'DECLARATION') && about.test(error.message),
      );
    });
  }

  it('is one of more than forty, and of all rules that can occur here', () => {
    const rules = new Set(edits.map(({ rule }) => rule));
    assert.ok(edits.length >= 44, `${edits.length} edits`);
    for (const law of ['identity', 'bump', 'conversion', 'history'] as const) {
      assert.ok(
        [...rules].some((rule) => RULES[rule].law === law),
        law,
      );
    }
  });

  it('that no longer fits the source is shown to fail', async () => {
    assert.throws(() => apply([change('volume.ts', 'no such text', '')]), /occurs 0 times/);
    await assert.rejects(load([change('volume.ts', '@Field', '')]), /occurs \d+ times/);
  });
});
