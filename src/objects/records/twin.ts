import type { Class } from '../types/class.js';
import { drafts } from './draft.js';
import { recordOf } from './record-of.js';
import type { StepRecord } from './record.js';

/**
 * Runs some work during which a class has other conversion functions than it declares; afterwards it has its own again, also
 * when the work throws. The work must be synchronous, and what it compiles keeps the other functions: make a new graph in it.
 *
 * It works on the class itself, because other classes lead to it: a copy of the class would be met beside the original.
 * @throws LynchpinError `DECLARATION` when the class is not declared.
 */
export function withSteps<T>(owner: Class, replace: (step: StepRecord) => StepRecord['run'], work: () => T): T {
  const own = recordOf(owner, 'other conversion functions');
  const draft = drafts.for(owner);
  const steps = own.steps.map((step) => Object.freeze({ ...step, run: replace(step) }));
  draft.record = Object.freeze({ ...own, steps: Object.freeze(steps) });
  try {
    return work();
  } finally {
    draft.record = own;
  }
}
