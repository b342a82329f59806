export { drain, type DrainProgress, type FleetDrainOptions } from './drain.js';
export { history, type HistoryEntry } from './history.js';
export { hold, release, type HoldOptions, type ReleaseOptions } from './hold.js';
export { mustBeKnown } from './known.js';
export { bounded, checkReason, record, said, type ActionOptions, type ReasonedOptions } from './said.js';
export { rescue, type FleetRescueOptions, type RescueProgress, type RescueReport } from './rescue.js';
export type { RescueFate, RescueItem } from './rescue-plan.js';
export { processOf } from './muster.js';
