export { Attendance, type AttendanceState } from './attendance.js';
export { machineClock, type Clock } from './clock.js';
export { capOf } from './cap.js';
export { Census, type Look } from './census.js';
export { QueueCounts, type LeaveAlone } from './counts.js';
export { decide, firstStanding, type PinRules, type Standing } from './decide.js';
export type { Explanation } from './explain.js';
export { type PinEvent, type RescueEvent } from './events.js';
export {
  admits,
  canFinalize,
  EMPTY_LEDGER,
  entryBody,
  floorOf,
  fold,
  holds,
  isMember,
  mayJoin,
  parseEntry,
  snapshotOf,
  versionsOf,
  type Entry,
  type Floor,
  type Hold,
  type InTheWay,
  type LedgerState,
  type Member,
  type Prepared,
  type ReadWindow,
  type StandingHold,
} from './ledger/index.js';
export { Life, type Alive } from './life.js';
export { Membership, type MemberParts } from './membership.js';
export { negotiate, Negotiation, type NegotiatedPin, type NegotiationSubject, type PinOptions } from './negotiation.js';
export { type NoReading, type Reading } from './reading.js';
export { Rescue, type RescueOptions, type RescueSubject } from './rescue.js';
export { StrandedGate, type StrandedParts } from './stranded-gate.js';
export { Scribe } from './scribe.js';
export { noLedger, TopicLedger, type Landed, type LedgerListener } from './topic-ledger.js';
export { moveAll, type Moving, type RescueCounts } from './moving.js';
export { rescueLane, type LaneRescue } from './rescue-lane.js';
export { judgeLeft, type LeftRules } from './verdict-left.js';
export { judge, type Convert, type Converted, type Stranded, type Verdict, type VerdictRules } from './verdict.js';
