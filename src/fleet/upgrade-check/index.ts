export { upgradeCheck, type UpgradeCheckOptions } from './ask.js';
export type { Build, BuildRole } from './build.js';
export type { Readiness, UpgradeCheck } from './check.js';
