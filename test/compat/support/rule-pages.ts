import type { Finding, Rule } from '#lynchpin/compat/index.js';
import type { RuleFixture } from './fixture.js';

/** Rules by id: the catalogue, or one with a fault planted in it. */
export type Rules = Readonly<Record<string, Rule>>;

const SECTIONS = ['What it means', 'Who breaks', 'How to fix'];
const LAWS: Readonly<Record<Rule['law'], string>> = {
  identity: 'L1, identity',
  bump: 'L2, bump',
  conversion: 'L3, conversion',
  history: 'L4, history',
  fleet: 'L5, fleet',
};

/** How a page begins: its title, the catalogue's summary, and what the catalogue says of law and severity. */
export function headOf(id: string, { law, severity, fixed, summary }: Rule): string {
  const may = fixed === true ? 'it can be accepted with a reason, but not switched off' : 'the settings may say otherwise';
  return `# ${id}\n\n${summary}\n\n**Law:** ${LAWS[law]}. **Severity:** ${severity}; ${may}.\n`;
}

/** The sections of a page, by heading. */
function sectionsOf(page: string): ReadonlyMap<string, string> {
  const [, ...sections] = page.split(/^## /m);
  return new Map(sections.map((section) => [section.slice(0, section.indexOf('\n')).trim(), section.slice(section.indexOf('\n')).trim()]));
}

/** What is wrong with the page of one rule. */
export function pageProblems(id: string, rule: Rule, page: string | undefined, fix?: RegExp): string[] {
  if (page === undefined) return [`${id} has no page`];
  const found: string[] = [];
  const head = headOf(id, rule);
  if (!page.startsWith(`${head}\n## `)) found.push(`the page of ${id} must begin with\n${head}`);
  const sections = sectionsOf(page);
  if ([...sections.keys()].join() !== SECTIONS.join()) found.push(`the sections of ${id} must be ${SECTIONS.join(', ')}`);
  for (const [heading, text] of sections) if (text === '') found.push(`${heading} of ${id} is empty`);
  if (!/^```/m.test(page)) found.push(`the page of ${id} has no example`);
  const remedy = sections.get('How to fix') ?? '';
  if (fix !== undefined && !fix.test(remedy)) found.push(`"How to fix" of ${id} does not name ${fix}`);
  return found;
}

/** What is wrong with the fixtures of one rule. */
export async function fixtureProblems(id: string, fixtures: readonly RuleFixture[]): Promise<string[]> {
  const own = fixtures.filter(({ rule }) => rule === id);
  const [fixture] = own;
  if (fixture === undefined || own.length > 1) return [`${id} has ${own.length} fixtures`];
  const found: string[] = [];
  const failing = (await fixture.failing()).filter(({ rule }) => rule === id);
  if (failing.length === 0) found.push(`the failing fixture of ${id} does not fail`);
  for (const finding of failing) found.push(...wordingProblems(finding));
  if (failing.length > 0 && !failing.some(({ fix }) => fixture.fix.test(fix))) found.push(`no fix of ${id} names ${fixture.fix}`);
  const passing = (await fixture.passing()).filter(({ rule }) => rule === id);
  for (const { message } of passing) found.push(`the passing fixture of ${id} fails: ${message}`);
  return found;
}

/** A finding says whom it is about, who breaks, and what to do. */
function wordingProblems({ rule, subject, message, breaks, fix, fingerprint }: Finding): string[] {
  const found: string[] = [];
  if (!message.includes(subject.name)) found.push(`${rule} does not name ${subject.name}: ${message}`);
  if (subject.version !== undefined && !message.includes(subject.version))
    found.push(`${rule} does not name ${subject.version}: ${message}`);
  if (breaks.trim() === '') found.push(`${rule} does not say who breaks`);
  if (fix.trim() === '') found.push(`${rule} does not say what to do`);
  if (!/^\d+:[0-9a-f]{32}$/.test(fingerprint)) found.push(`${rule} has the fingerprint ${fingerprint}`);
  return found;
}

/** The line that a rule has in the index. */
export function indexLine(id: string, { severity, fixed, summary }: Rule): string {
  return `| [${id}](${id}.md) | ${severity}${fixed === true ? ', fixed' : ''} | ${summary} |`;
}

/** What is wrong with the index: each rule stands under its law, in the catalogue's order, and nothing else does. */
export function indexProblems(index: string, rules: Rules): string[] {
  const found: string[] = [];
  const parts = index.split(/^## /m).slice(1);
  for (const [law, name] of Object.entries(LAWS)) {
    const part = parts.find((one) => one.startsWith(`${name}\n`));
    const lines = (part ?? '').split('\n').filter((line) => line.startsWith('| ['));
    const expected = Object.entries(rules).flatMap(([id, rule]) => (rule.law === law ? [indexLine(id, rule)] : []));
    for (const line of expected) if (!lines.includes(line)) found.push(`"${name}" of the index lacks\n${line}`);
    for (const line of lines) if (!expected.includes(line)) found.push(`"${name}" of the index has too much:\n${line}`);
    if (found.length === 0 && lines.join('\n') !== expected.join('\n')) found.push(`"${name}" of the index is in another order`);
  }
  return found;
}
