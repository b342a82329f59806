export { expireGone } from './expire.js';
export { FinalVersions, type FinalVersionOptions, type OwnPart } from './final-version.js';
export { finalize, type Finalized, type FinalizeOptions, type FinalizeProgress } from './finalize.js';
export type { Obstacle } from './obstacles.js';
export { showable, type Showable } from './showable.js';
export { Steward } from './steward.js';
export { abort, unfinalize, type Aborted, type Unfinalized } from './take-back.js';
