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
} from './skew/index.js';
