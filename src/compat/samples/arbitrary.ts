import type * as FastCheck from 'fast-check';
import type { Json } from '../../objects/index.js';
import { fastCheck } from './own-values.js';
import { arbitraryOf, edgesOf, type SampleInput } from './samples.js';

/** An arbitrary of fast-check's, for whoever only passes it on. */
export type Arbitrary<T> = FastCheck.Arbitrary<T>;

/** How many values are wanted, and which. */
export interface ValuesOptions {
  readonly runs: number;
  readonly seed: number;
}

/** The edges, and as many values by chance as are wanted: the same for the same seed. */
export function valuesOf(input: SampleInput, { runs, seed }: ValuesOptions): readonly Json[] {
  return [...edgesOf(input), ...fastCheck().sample(arbitraryOf(input), { numRuns: runs, seed })];
}
