import type { StepRecord } from '../../objects/index.js';
import type { RuleId } from '../rules/catalog.js';
import type { LawStage } from './stage.js';

/** One law that a value breaks on its way from stage to stage. */
export interface Violation {
  readonly rule: RuleId;
  readonly from: LawStage;
  readonly to: LawStage;
  /** The function that is to blame, where one was seen to do it. */
  readonly step?: StepRecord;
  /** Today's name of the field that it is about. */
  readonly field?: string;
  /** What happens, as a sentence goes on that begins with the class and its versions. */
  readonly what: string;
  /** What went in, at `from`, where that is not what the trial began with. */
  readonly given?: unknown;
  readonly got?: unknown;
  /** Set when only the recording refuses it: then the code says something else of that version, and has to be put right first. */
  readonly recording?: true;
}

/** From what leaves nothing intact to what is only superfluous. */
const WORST_FIRST: readonly RuleId[] = [
  'backport/missing',
  'backport/async',
  'backport/throws',
  'upgrade/throws',
  'backport/not-json',
  'backport/nested-skipped',
  'backport/output-invalid',
  'upgrade/output-invalid',
  'backport/mutates-input',
  'backport/non-deterministic',
  'backport/aliases-input',
  'backport/shared-field-changed',
  'object/lossy-undeclared',
  'backport/old-new-old',
  'backport/edit-in-the-middle',
  'backport/new-old-new',
  'backport/path-dependent',
  'backport/unreachable',
  'backport/noop',
];

/** Violations, the worst first. */
export function worstFirst<T extends { readonly rule: RuleId }>(violations: readonly T[]): readonly T[] {
  return [...violations].sort((a, b) => WORST_FIRST.indexOf(a.rule) - WORST_FIRST.indexOf(b.rule));
}
