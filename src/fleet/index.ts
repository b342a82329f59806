export { drainOnSignal, type Closable, type DrainOptions } from './drain-on-signal.js';
export type {
  ActionOptions,
  DrainProgress,
  FleetDrainOptions,
  FleetRescueOptions,
  HistoryEntry,
  HoldOptions,
  ReasonedOptions,
  Pruned,
  PruneItem,
  PruneOptions,
  PruneSubject,
  ReleaseOptions,
  RescueFate,
  RescueItem,
  RescueProgress,
  RescueReport,
} from './actions/index.js';
export { Fleet } from './fleet.js';
export type { Forgotten, ForgetOptions } from './forget.js';
export type { FleetParts } from './parts.js';
export {
  Steward,
  type Aborted,
  type FinalizeOptions,
  type FinalizeProgress,
  type FinalVersionOptions,
  type Finalized,
  type Obstacle,
  type Unfinalized,
} from './finalizing/index.js';
export type { RollCall, RollCallOptions } from './roll-call.js';
export { health, type ClientHealth, type Health, type HealthListener, type ServerHealth } from './health.js';
export { serveHealth, type HealthOptions, type HealthServer, type HealthSubject } from './serve-health.js';
export type {
  Amount,
  Attendance,
  Cause,
  CauseKind,
  FleetStatus,
  StatusGroup,
  InstanceClient,
  InstanceServer,
  InstanceView,
  Lanes,
  LanesOptions,
  LaneStatus,
  LaneView,
  LookOptions,
  PinGroup,
  QueueView,
  TopicStatus,
  WhyUnknown,
  WatchOptions,
  Why,
} from './views/index.js';
export type { Diagnosis, DoctorOptions, Finding, Management, AccountRole, Severity } from './doctor/index.js';
export type { Build, BuildRole, Readiness, UpgradeCheck, UpgradeCheckOptions } from './upgrade-check/index.js';
