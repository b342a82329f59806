export { RULES, type Finding, type Law, type Rule, type RuleId, type Settings, type Severity, type Subject } from '../compat/index.js';
export { compat, type Compat } from './compat.js';
export type { ConversionExample } from './asserts/convert.js';
export {
  skew,
  type GitSource,
  type ReleaseName,
  type ReleaseSource,
  type Skew,
  type SkewCell,
  type SkewClient,
  type SkewFailure,
  type SkewOptions,
  type SkewOutcomes,
  type SkewParty,
  type SkewQueue,
  type SkewRelease,
  type SkewReport,
  type SkewResult,
  type SkewServers,
  type SkewSuiteOptions,
} from './skew/index.js';
export type { LossExample } from './asserts/lossy.js';
export type { Asserted, Source } from './asserts/recorded.js';
export type { Load } from './suite/examination.js';
export type { RecordingOptions, SuiteOptions } from './suite/options.js';
export type { Describe, It } from './suite/runner.js';
export { arbitrary, sample, type ValueOptions, type WireArbitrary, type WireObject } from './values.js';
export { teeth, type Bite, type TeethOptions } from './teeth.js';
