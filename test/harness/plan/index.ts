export { type Action, ACTIONS_FILE, type Plan, printPlan } from './action.js';
export { Random, runSeed } from './random.js';
export { type FaultKind, rollingPlan, type RollingOptions } from './rolling.js';
