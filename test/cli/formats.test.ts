import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { found } from '#lynchpin/compat/index.js';
import { EXIT } from '#lynchpin/cli/exit.js';
import { paintFor } from '#lynchpin/cli/output/paint.js';
import { FORMATS, render, type Format } from '#lynchpin/cli/output/render.js';
import type { Report } from '#lynchpin/cli/output/report.js';
import { parseXml } from './support/xml.js';

/** One finding of each severity; the first has all that may break a format. */
const report: Report = {
  findings: [
    {
      finding: found({
        rule: 'object/field-added-out',
        subject: { kind: 'object', name: 'Order', version: '1.2', path: 'fields.note' },
        message: 'Order 1.2 has "note".',
        breaks: '',
        fix: 'Nothing.',
      }),
      place: undefined,
    },
    {
      finding: found({
        rule: 'object/type-changed',
        subject: { kind: 'object', name: 'Order', version: '1.2', path: 'fields.qty' },
        message: 'Order 1.2: qty is Record<string, "a"> & more,\n100% of\u0000 it ``` so.',
        breaks: 'Readers of 1.1.',
        fix: 'Write @Backport({ from: "1.2", to: "1.1" }).',
        diff: ['~ fields.qty: integer -> map of string', '+ fields.``` x', '- fields.<b>'],
      }),
      place: { file: 'src/a,b:c.ts', line: 7 },
    },
    {
      finding: found({
        rule: 'object/field-renamed',
        subject: { kind: 'object', name: 'Order', version: '1.2' },
        message: 'note seems to be memo.',
        breaks: 'nobody',
        fix: 'Say was.',
      }),
      place: undefined,
    },
  ],
  subjects: [
    { kind: 'object', name: 'Order' },
    { kind: 'api', name: 'orders' },
  ],
  against: ['compat/', 'git:origin/main at 1234567'],
};
const nothing: Report = { ...report, findings: [] };

const shown = (format: Format, what = report, options: { colours?: boolean; columns?: number } = {}): string =>
  render(what, format, {
    paint: paintFor(options.colours === true, {}),
    columns: options.columns ?? 80,
    exitCode: what === nothing ? EXIT.fine : EXIT.violations,
    prefix: 'services/orders/',
  });

describe('the formats of findings', () => {
  it('text has the worst first, each with rule, subject, message, diff, who breaks, fix and key, and sums up', () => {
    const text = shown('text');
    const places = [
      'object/type-changed',
      'fields.qty: integer',
      'Readers of 1.1',
      'Write @Backport',
      '1:',
      'object/field-renamed',
      'object/field-added-out',
    ].map((part) => text.indexOf(part));
    assert.ok(
      places.every((place, at) => place > (places[at - 1] ?? -1)),
      text,
    );
    assert.match(text, /1 error, 1 warning, 1 remark in 1 object and 1 API against compat\/ and git:origin\/main at 1234567\n$/);
    assert.match(shown('text', nothing), /^nothing to object to in 1 object and 1 API/);
  });

  it('text stays within the columns of the terminal, and has colours only where they are wanted', () => {
    const narrow = shown('text', report, { columns: 50, colours: true });
    // oxlint-disable-next-line no-control-regex
    const bare = narrow.replace(/\x1b\[\d+m/g, '');
    assert.notEqual(narrow, bare);
    const long = bare.split('\n').filter((line) => line.length > 50 && !/rule|object\/|git:/.test(line));
    assert.deepEqual(long, []);
    for (const format of FORMATS) assert.ok(!shown(format).includes('\x1b'), format);
  });

  it('colours follow FORCE_COLOR, then NO_COLOR, then the terminal', () => {
    const coloured = (terminal: boolean, env: Record<string, string>): boolean => paintFor(terminal, env).red('x') !== 'x';
    assert.deepEqual(
      [
        coloured(true, {}),
        coloured(false, {}),
        coloured(true, { NO_COLOR: '1' }),
        coloured(true, { NO_COLOR: '' }),
        coloured(false, { FORCE_COLOR: '1', NO_COLOR: '1' }),
        coloured(true, { FORCE_COLOR: '0' }),
        coloured(true, { TERM: 'dumb' }),
      ],
      [true, false, false, true, true, false, false],
    );
  });

  it('json fits its schema and holds the findings as they are', () => {
    const finding = {
      type: 'object',
      required: ['rule', 'severity', 'subject', 'message', 'breaks', 'fix', 'diff', 'fingerprint'],
      properties: {
        severity: { enum: ['error', 'warn', 'info'] },
        subject: { type: 'object', required: ['kind', 'name'] },
        diff: { type: 'array', items: { type: 'string' } },
        place: {
          type: 'object',
          required: ['file', 'line'],
          additionalProperties: false,
          properties: { file: { type: 'string' }, line: { type: 'integer', minimum: 1 } },
        },
      },
    };
    const validate = new Ajv2020({ strict: false }).compile({
      type: 'object',
      required: ['format', 'exitCode', 'counts', 'against', 'subjects', 'findings'],
      additionalProperties: false,
      properties: {
        format: { const: 1 },
        exitCode: { enum: [0, 1, 2, 3] },
        counts: { type: 'object', required: ['error', 'warn', 'info'] },
        against: { type: 'array' },
        subjects: { type: 'array' },
        findings: { type: 'array', items: finding },
      },
    });
    const json = JSON.parse(shown('json')) as { findings: readonly object[]; exitCode: number };
    assert.ok(validate(json), JSON.stringify(validate.errors));
    assert.deepEqual(json.findings[1], { ...report.findings[1]?.finding, place: { file: 'src/a,b:c.ts', line: 7 } });
    assert.equal(validate({ ...json, exitCode: 4 }), false);
  });

  it('junit is XML: a failure for each error, and a test that passed for what has no findings', () => {
    const suites = parseXml(shown('junit'));
    const cases = suites.children[0]?.children ?? [];
    assert.deepEqual([suites.name, suites.attributes['tests'], suites.attributes['failures']], ['testsuites', '4', '1']);
    const failure = cases[1]?.children[0];
    assert.deepEqual([failure?.name, failure?.attributes['type']], ['failure', 'object/type-changed']);
    assert.match(failure?.text ?? '', /Record<string, "a"> & more/);
    assert.deepEqual([cases[1]?.attributes['file'], cases[1]?.attributes['line']], ['src/a,b:c.ts', '7']);
    assert.deepEqual(cases[3]?.attributes, { classname: 'api orders', name: 'keeps every rule' });
    assert.throws(() => parseXml(shown('junit').replace('&amp;', '&')));
    assert.throws(() => parseXml(shown('junit').replace('</failure>', '</failed>')));
  });

  it('github has one annotation a line, with the file from the root of the repository', () => {
    const lines = shown('github').trimEnd().split('\n');
    assert.deepEqual(
      lines.slice(0, 3).map((line) => /^::(\w+)/.exec(line)?.[1]),
      ['notice', 'error', 'warning'],
    );
    assert.match(lines[1] ?? '', /^::error file=services\/orders\/src\/a%2Cb%3Ac\.ts,line=7,title=object\/type-changed%3A /);
    assert.match(lines[1] ?? '', /100%25 of.*%0A.*Fix: Write @Backport/);
    assert.equal(lines.length, 4);
  });

  it('markdown keeps code as code, and tags from becoming tags', () => {
    const page = shown('markdown');
    assert.match(page, /^## Compatibility: 1 error, 1 warning, 1 remark\n/);
    assert.match(page, /### error: `object\/type-changed`/);
    assert.match(page, /Record&lt;string/);
    assert.match(page, /\n````diff\n[^]*\n````\n/);
  });
});
