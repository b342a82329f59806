import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { Law, Rule, RuleId } from '../../compat/index.js';
import { command, tableFormatOption, type Common, type Context, jsonOption } from '../command.js';
import { engine } from '../engine.js';
import { EXIT, Refusal } from '../exit.js';
import { pageText } from '../output/page.js';
import { paintFor } from '../output/paint.js';
import type { TableFormat } from '../output/render.js';
import { markdownTable, textTable } from '../output/table.js';

interface Options extends Common {
  readonly format: TableFormat;
}

const LAWS: Readonly<Record<Law, string>> = {
  identity: 'L1',
  bump: 'L2',
  conversion: 'L3',
  history: 'L4',
  fleet: 'L5',
};

/** `lynchpin compat explain`. */
export function explainCommand(context: Context): Command {
  return command({
    name: 'explain',
    summary: 'say what a rule means, who breaks, and how to fix it',
    examples: [
      ['lynchpin compat explain object/default-changed', 'the page of one rule'],
      ['lynchpin compat explain', 'all rules'],
    ],
  })
    .argument('[rule]', 'the id of a rule')
    .addOption(tableFormatOption())
    .addOption(jsonOption())
    .action((rule: string | undefined, options: Options) => explain(rule, options, context));
}

async function explain(rule: string | undefined, { format }: Options, context: Context): Promise<void> {
  const { RULES } = await engine();
  const rules: Readonly<Record<string, Rule>> = RULES;
  context.terminal.out.write(rule === undefined ? table(rules, format, context) : await page(rule, rules, format, context));
  context.end(EXIT.fine);
}

function table(rules: Readonly<Record<string, Rule>>, format: TableFormat, { terminal }: Context): string {
  if (format === 'json') {
    const list = Object.entries(rules).map(([id, { law, severity, fixed = false, summary }]) => ({ id, law, severity, fixed, summary }));
    return `${JSON.stringify(list, undefined, 2)}\n`;
  }
  const rows = Object.entries(rules).map(([id, { law, severity, fixed, summary }]) => [
    id,
    `${LAWS[law]} ${law}`,
    `${severity}${fixed ? '!' : ''}`,
    summary,
  ]);
  const headings = ['rule', 'law', 'severity', 'summary'];
  const note = 'A severity with ! cannot be changed by settings; a single finding can be accepted with a reason.\n';
  if (format === 'markdown')
    return `${markdownTable({ headings, rows: rows.map(([id = '', ...rest]) => [`\`${id}\``, ...rest]) })}\n${note}`;
  const paint = paintFor(terminal.out.terminal, terminal.env);
  return `${textTable({ headings, rows }, paint)}\n${paint.dim(note.trimEnd())}\n`;
}

async function page(rule: string, rules: Readonly<Record<string, Rule>>, format: TableFormat, { terminal }: Context): Promise<string> {
  const known = Object.hasOwn(rules, rule) ? rules[rule] : undefined;
  if (known === undefined) {
    const { nearest } = await import('../nearest.js');
    const close = nearest(rule, Object.keys(rules));
    throw new Refusal(
      `there is no rule ${rule}.${close === undefined ? '' : ` Did you mean ${close}?`} npx lynchpin compat explain lists them all`,
    );
  }
  const text = pageOf(rule as RuleId);
  if (format === 'markdown') return text;
  if (format === 'json') return `${JSON.stringify({ id: rule, ...known, fixed: known.fixed ?? false, page: text }, undefined, 2)}\n`;
  return pageText(text, paintFor(terminal.out.terminal, terminal.env), terminal.out.columns);
}

/** The page that ships with the package. */
function pageOf(rule: RuleId): string {
  const file = new URL(`../../../docs/rules/${rule}.md`, import.meta.url);
  if (!existsSync(file)) throw new Refusal(`the page of ${rule} is missing from this installation: ${fileURLToPath(file)}`);
  return readFileSync(file, 'utf8');
}
