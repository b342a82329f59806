export { expireGone } from './expire.js';
export { finalize, type Finalized, type FinalizeOptions, type FinalizeProgress } from './finalize.js';
export type { Obstacle } from './obstacles.js';
export { abort, unfinalize, type Aborted, type Unfinalized } from './take-back.js';
