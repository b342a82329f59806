import type { StepRecord } from '../objects/index.js';

/** A way to break a conversion function. */
export interface Breakage {
  /** What the broken function does: `returns what it was given`. */
  readonly way: string;
  /** The broken function, from the one that is there. Made anew for each time that it is installed: some ways have a memory. */
  breakStep(run: StepRecord['run']): StepRecord['run'];
}

type Data = Parameters<StepRecord['run']>[0];

const WHOLE: readonly Breakage[] = [
  { way: 'returns what it was given', breakStep: () => (data) => ({ ...data }) },
  {
    way: 'throws',
    breakStep: () => () => {
      throw new Error('broken on purpose');
    },
  },
  { way: 'returns nothing', breakStep: () => () => undefined },
  { way: 'returns a promise', breakStep: (run) => (data) => Promise.resolve(run(data)) },
  {
    way: 'returns what it returned first, whatever it is given',
    breakStep: (run) => {
      let first: unknown;
      return (data) => structuredClone((first ??= run(data)));
    },
  },
  {
    way: 'returns something else every other time',
    breakStep: (run) => {
      let turn = 0;
      return (data) => ((turn += 1) % 2 === 1 ? run(data) : { ...data });
    },
  },
];

/**
 * The ways to break one function: as a whole, field by field of what it returns, and by mixing up fields of one kind.
 * @param fields the fields that the function is answerable for: today's names of those that its target has.
 */
export function breakagesOf(fields: readonly string[]): readonly Breakage[] {
  const drops = fields.map(
    (field): Breakage => ({ way: `forgets ${field}`, breakStep: (run) => (data) => changed(run(data), ({ [field]: _, ...rest }) => rest) }),
  );
  const swaps = fields.slice(1).map((field, at): Breakage => {
    const other = fields[at] as string;
    return {
      way: `mixes up ${other} and ${field}`,
      breakStep: (run) => (data) => changed(run(data), (result) => ({ ...result, [other]: result[field], [field]: result[other] })),
    };
  });
  return [...WHOLE, ...drops, ...swaps];
}

/** What is no object stays as it is: the real function is wrong then, which laws say without our help. */
function changed(result: unknown, change: (data: Data) => Data): unknown {
  return typeof result === 'object' && result !== null ? change(result as Data) : result;
}
