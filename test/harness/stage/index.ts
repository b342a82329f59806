export { perform, performPlan } from './perform.js';
export { type Part, type PartOptions, type Release, Stage, type StageBroker, type StageOptions } from './stage.js';
export { assertFindings } from './verdict.js';
