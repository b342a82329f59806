import type { Finding } from '../check/index.js';
import { type Plan, printPlan } from '../plan/index.js';

/** How many violations of one invariant a report shows. */
const SHOWN = 10;

/**
 * Fails with everything that is needed to understand and to repeat a run.
 * @throws Error when a finding has violations, or judged nothing at all: a check that saw no fact proves nothing.
 */
export function assertFindings(findings: readonly Finding[], run: { readonly directory: string; readonly plan?: Plan }): void {
  const wrong = findings.filter(({ observed, violations }) => violations.length > 0 || observed === 0);
  if (wrong.length === 0) return;
  throw new Error(
    [...wrong.map(describeFinding), ...(run.plan === undefined ? [] : [printPlan(run.plan)]), `journals: ${run.directory}`].join('\n'),
  );
}

function describeFinding({ invariant, observed, violations }: Finding): string {
  if (violations.length === 0) return `${invariant}: nothing was observed that it could judge`;
  const more = violations.length > SHOWN ? [`  and ${violations.length - SHOWN} more`] : [];
  return [
    `${invariant}: ${violations.length} violations in ${observed} facts`,
    ...violations.slice(0, SHOWN).map((violation) => `  ${violation}`),
    ...more,
  ].join('\n');
}
