export { skew, type Skew } from './skew.js';
export type { GitSource, ReleaseSource, SkewOptions, SkewRelease, SkewSuiteOptions } from './options.js';
export type { ReleaseName, SkewClient, SkewServers } from './plan.js';
export type { SkewCell, SkewFailure, SkewOutcomes, SkewParty, SkewQueue, SkewReport, SkewResult } from './result.js';
