import { LynchpinError } from '../../errors/index.js';
import type { Class } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import { conversionOf, type Conversion } from '../conversion.js';
import { differences, fail, text } from '../failure.js';

/** What `compat.assertBackport` and `compat.assertUpgrade` take. */
export interface ConversionExample {
  /** The version of `given`. For a message, a version of its API. */
  readonly from: Version;
  /** The version of `expect`. */
  readonly to: Version;
  /** The plain JSON that a process at `from` sends. It must fit that version. */
  readonly given: unknown;
  /** The plain JSON that a process at `to` gets. */
  readonly expect: unknown;
  /** The contract that says at which versions nested objects are. Default: their newest. A message needs it. */
  readonly api?: Class<object>;
}

/** The way down, with the newer version first. */
export function assertBackport(owner: Class<object>, example: ConversionExample): void {
  assertExample(owner, example, 'down', assertBackport);
}

/** The way up, with the older version first. */
export function assertUpgrade(owner: Class<object>, example: ConversionExample): void {
  assertExample(owner, example, 'up', assertUpgrade);
}

type Caller = typeof assertBackport;

function assertExample(owner: Class<object>, example: ConversionExample, direction: 'down' | 'up', caller: Caller): void {
  const { from, to, given, expect } = example;
  const conversion = conversionOf(owner, { api: example.api });
  checkDirection(conversion, example, direction);
  const what = `${conversion.record.name} ${from} -> ${to}`;
  const actual = converted(conversion, example, caller);
  const differs = differences(actual, expect);
  if (differs.length === 0) return;
  const lines = [
    `${what} gives something else than expected:`,
    ...differs.map((line) => `  ${line}`),
    `Given: ${text(given)}`,
    `Got:   ${text(actual)}`,
    `Fix: ${remedy(conversion, example, direction)}`,
  ];
  fail({ message: lines.join('\n'), actual, expected: expect }, caller);
}

function checkDirection({ record, line }: Conversion, { from, to }: ConversionExample, direction: 'down' | 'up'): void {
  const [first, last] = [line.indexOf(from), line.indexOf(to)];
  // Unknown versions are reported, with those that there are, when the conversion is made.
  if (first < 0 || last < 0 || (direction === 'down' ? first > last : first < last)) return;
  const [right, wrong] = direction === 'down' ? ['assertUpgrade', 'down'] : ['assertBackport', 'up'];
  throw new LynchpinError(
    'DECLARATION',
    `${record.name} ${from} -> ${to} does not lead ${wrong}: use compat.${right}, or swap from and to`,
    {
      class: record.name,
      from,
      to,
    },
  );
}

function converted(conversion: Conversion, { from, to, given }: ConversionExample, caller: Caller): unknown {
  try {
    return conversion.convert(given, from, to);
  } catch (error) {
    if (!LynchpinError.is(error, 'INVALID', 'CONVERSION')) throw error;
    const { name } = conversion.record;
    const fix =
      error.code === 'INVALID'
        ? `correct \`given\`: it is what a process at ${from} sends`
        : `correct the function of ${name} that the message names`;
    return fail(
      { message: `${name} ${from} -> ${to} fails on what is given: ${error.message}\nGiven: ${text(given)}\nFix: ${fix}` },
      caller,
    );
  }
}

/** Which function to look at, or which declaration where there is none. */
function remedy({ record, line }: Conversion, { from, to }: ConversionExample, direction: 'down' | 'up'): string {
  const [first, last] = [line.indexOf(from), line.indexOf(to)];
  const on = record.steps.filter((step) => {
    const [start, end] = [line.indexOf(step.from), line.indexOf(step.to)];
    return step.direction === direction && Math.min(start, end) >= Math.min(first, last) && Math.max(start, end) <= Math.max(first, last);
  });
  if (on.length > 0) return `correct ${on.map((step) => `${record.name}.${step.name}`).join(' or ')}, or what is expected of it`;
  const decorator = direction === 'down' ? 'Backport' : 'Upgrade';
  return `no function of ${record.name} runs on this way: write one, @${decorator}({ from: '${from}', to: '${to}' }), or expect what the declarations give`;
}
