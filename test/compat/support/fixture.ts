import type { Finding, RuleId } from '#lynchpin/compat/index.js';

/** What shows that a rule speaks when it should, and is silent when it should be. */
export interface RuleFixture {
  readonly rule: RuleId;
  /** The smallest thing that breaks the rule. Findings of other rules may come along. */
  failing(): readonly Finding[] | Promise<readonly Finding[]>;
  /** The same, put right: no finding of the rule. */
  passing(): readonly Finding[] | Promise<readonly Finding[]>;
  /** What the finding's fix must name, and the page's "How to fix" with it: a command, an option, a decorator. */
  readonly fix: RegExp;
}
