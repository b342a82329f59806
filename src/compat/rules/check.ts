import type { Recorded, Surface } from '../facts/surface.js';
import type { FileProblem } from '../recording/parse.js';
import { applyAcceptances } from '../settings/accept.js';
import type { Acceptance } from '../settings/acceptance.js';
import { applySettings } from '../settings/apply.js';
import type { Settings } from '../settings/settings.js';
import { bumpFindings } from './bump.js';
import { RULES, type Law, type RuleId } from './catalog.js';
import type { Finding } from './finding.js';
import { historyFindings } from './history.js';
import { identityFindings } from './identity.js';
import { lockFindings } from './lock.js';

/** What a check is made of: plain data, wherever it comes from. */
export interface CheckInput {
  /** What the code says. */
  readonly surface: Surface;
  /** What `compat/` holds. */
  readonly recorded: Recorded;
  /** What is wrong with its files. Default: nothing. */
  readonly files?: readonly FileProblem[];
  /** What was recorded at another commit or in another release: what was released there must be so here. Default: none. */
  readonly baseline?: Recorded;
  /** Default: the catalogue's severities, and nothing promised. */
  readonly settings?: Settings;
  /** Default: nothing is accepted. */
  readonly acceptances?: readonly Acceptance[];
  /** The day on which acceptances are judged: a date, or text that begins with `YYYY-MM-DD`. */
  readonly today: Date | string;
  /** Whether nothing is written here: a recording that lags behind is an error then, and otherwise a warning. */
  readonly ci: boolean;
  /** The release that is being made: everything must be stamped by now. Default: none is. */
  readonly release?: string;
  /** What the same check found elsewhere, such as {@link declarationFindings}. It is set, accepted and sorted along. Default: nothing. */
  readonly others?: readonly Finding[];
}

const LAWS: readonly Law[] = ['identity', 'bump', 'conversion', 'history', 'fleet'];
const SEVERITIES: readonly Finding['severity'][] = ['error', 'warn', 'info'];

/**
 * Everything that can be found without running a conversion or asking a fleet, at the severities that the settings give and
 * without what is accepted. The order is fixed: the worst first, then law by law, then by what it is about.
 */
export function checkSurface(input: CheckInput): Finding[] {
  const { settings = {}, acceptances = [], today, others = [] } = input;
  const { minors, majors } = bumpFindings(input);
  const bump = applyAcceptances(applySettings([...minors, ...majors], settings), acceptances, { today, ran: () => false });
  const history = historyFindings({ ...input, ...(settings.promises === undefined ? {} : { promises: settings.promises }), bump });
  const all = [...lockFindings(input), ...identityFindings(input), ...minors, ...history, ...others];
  const ran = (rule: RuleId): boolean => isStatic(rule) || others.some((finding) => finding.rule === rule);
  return sortFindings(applyAcceptances(applySettings(all, settings), acceptances, { today, ran }));
}

/** Whether a rule is decided by {@link checkSurface} alone. */
export function isStatic(rule: RuleId): boolean {
  const { law } = RULES[rule];
  return law === 'identity' || (law === 'bump' && rule !== 'object/lossy-undeclared') || law === 'history' || rule.startsWith('accept/');
}

/** Findings in the order in which they are told: the worst first, then law by law, then by what they are about. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      LAWS.indexOf(RULES[a.rule].law) - LAWS.indexOf(RULES[b.rule].law) ||
      compareText(placeOf(a), placeOf(b)) ||
      compareText(a.rule, b.rule),
  );
}

function placeOf({ subject: { kind, name, version, path } }: Finding): string {
  return [kind, name, path ?? '', version ?? ''].join('\u0000');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
