export type { Change, ChangeKind, ChangePlace, Keyword, PresenceFacts } from './diff/change.js';
export { diffFacts } from './diff/diff.js';
export { diffLines } from './diff/lines.js';
export { canonical, digestOf, fingerprintOf } from './facts/canonical.js';
export { contractClassesIn, declaredIn, type Declared } from './facts/declared.js';
export type { ApiEntry, Entry, ObjectEntry } from './facts/entry.js';
export type {
  ApiFacts,
  DeprecationFacts,
  DirectionFacts,
  Facts,
  FieldFacts,
  MessageFacts,
  MethodFacts,
  ObjectFacts,
  Presence,
  TypeFacts,
} from './facts/facts.js';
export { surfaceOf } from './facts/surface-of.js';
export {
  recordedEntry,
  type ConversionFacts,
  type LiveApi,
  type LiveObject,
  type NameClash,
  type Recorded,
  type RenameFacts,
  type Surface,
} from './facts/surface.js';
export { inspect, inspection, type InspectInput, type Inspection, type LawOptions } from './inspect.js';
export type { CorpusValue, LawFact, LawFinding, LawInput } from './laws/law.js';
export { lawFacts } from './laws/laws.js';
export { addAcceptance, readAcceptances } from './recording/acceptances.js';
export { forgetValues, keepValue, readCorpus } from './recording/corpus.js';
export { describeVersion } from './recording/describe.js';
export { driftOf, type Drift } from './recording/drift.js';
export { FORMAT, parseRecording, type FileProblem, type ParsedRecording } from './recording/parse.js';
export { pathOf } from './recording/paths.js';
export { recordedSchema, recordedSchemas, type RecordedPlace, type RecordedSchemas } from './recording/recorded-schema.js';
export { readRecording, RECORDING_FOLDER, type Recording } from './recording/recording.js';
export { surfaceMarkdown } from './recording/surface-page.js';
export { RecordedValidators } from './recording/validators.js';
export { entriesOf, stampRelease, writeRecording, type RecordingChanges, type WriteOptions } from './recording/write.js';
export { objectHop, apiHop, bumpFindings, type BumpInput } from './rules/bump.js';
export { RULES, type Law, type Rule, type RuleId } from './rules/catalog.js';
export { checkSurface, isStatic, sortFindings, type CheckInput } from './rules/check.js';
export { declarationFindings } from './rules/declaration.js';
export type { Finding, Severity, Subject } from './rules/finding.js';
export { parseFleet, type FleetReport, type RunningService } from './rules/fleet-report.js';
export { canDeploy, type DeployRole } from './rules/fleet.js';
export { found, subjectText, type Found } from './rules/found.js';
export type { HistoryInput } from './rules/history-of.js';
export { historyFindings } from './rules/history.js';
export { newerData, readsNewer, type NewerData } from './rules/wire.js';
export { valuesOf, type Arbitrary, type ValuesOptions } from './samples/arbitrary.js';
export type { Arbitraries } from './samples/own-values.js';
export { arbitraryOf, edgesOf, sampleOf, type SampleInput } from './samples/samples.js';
export { shapesOf, shapesOfApi, type FindObject, type Shapes } from './samples/shapes.js';
export { applyAcceptances, type AcceptingOptions } from './settings/accept.js';
export type { Acceptance } from './settings/acceptance.js';
export { applySettings } from './settings/apply.js';
export { parseSettings } from './settings/parse.js';
export { readSettings } from './settings/read.js';
export type { Settings } from './settings/settings.js';
