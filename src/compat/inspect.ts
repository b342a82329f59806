import type { Declared } from './facts/declared.js';
import { surfaceOf } from './facts/surface-of.js';
import type { Recorded, Surface } from './facts/surface.js';
import type { CorpusValue, LawFact, LawFinding, LawInput } from './laws/law.js';
import { lawFacts } from './laws/laws.js';
import { readCorpus } from './recording/corpus.js';
import type { Recording } from './recording/recording.js';
import { RULES, type RuleId } from './rules/catalog.js';
import { checkSurface } from './rules/check.js';
import type { Finding } from './rules/finding.js';
import { newerData, readsNewer } from './rules/wire.js';
import { applyAcceptances } from './settings/accept.js';
import type { Acceptance } from './settings/acceptance.js';
import { applySettings } from './settings/apply.js';
import type { Settings } from './settings/settings.js';

/** How the laws of conversions are proven. */
export type LawOptions = Pick<LawInput, 'runs' | 'seed' | 'arbitraries'>;

/** What some code is inspected with. */
export interface InspectInput {
  readonly declared: Declared;
  /** The recording that it is held against. */
  readonly recording: Recording;
  /** The same recording as it was elsewhere: at another commit, in a package. Default: none. */
  readonly baseline?: Recorded;
  readonly settings: Settings;
  readonly acceptances: readonly Acceptance[];
  /** The day on which acceptances are judged: a date, or text that begins with `YYYY-MM-DD`. */
  readonly today: Date | string;
  /** Whether an unreleased recording that differs from the code is an error. Otherwise whoever asks writes it anew. */
  readonly ci: boolean;
  /** The release that is being made: everything must be stamped by now. Default: none is. */
  readonly release?: string;
  /** Values that were kept; laws are tried on them too. Default: those that the recording's folder keeps. */
  readonly corpus?: readonly CorpusValue[];
  /** How laws are proven; `false` leaves them out. */
  readonly laws: LawOptions | false;
}

/** What there is to say of some code. Settings and acceptances are applied to every finding that comes out. */
export interface Inspection {
  readonly surface: Surface;
  /** What it was held against. */
  readonly recorded: Recorded;
  /** What the rules say that need no proof. */
  readonly findings: readonly Finding[];
  /** What is to be proven of conversions. */
  readonly laws: readonly LawFact[];
  /** What speaks against a law. It is proven when somebody asks first. */
  prove(law: LawFact): readonly LawFinding[];
  /** What speaks against all laws, and acceptances of what no law says any more. */
  proveAll(): readonly LawFinding[];
}

/** Inspects some code: all but the proofs is done at once. */
export function inspection(input: InspectInput): Inspection {
  const { declared, recording, settings, today, laws: options } = input;
  const { recorded, files } = recording;
  const ofLaws = input.acceptances.filter(({ rule }) => isProven(rule));
  const surface = surfaceOf(declared);
  const corpus = (): readonly CorpusValue[] => input.corpus ?? readCorpus(recording.folder);
  const laws = options === false ? [] : lawFacts({ ...options, declared, surface, recorded, corpus: corpus() });
  const proven = new Map<LawFact, readonly LawFinding[]>();
  const proof = (law: LawFact): readonly LawFinding[] => {
    let known = proven.get(law);
    if (known === undefined) proven.set(law, (known = applySettings(law.prove(), settings)));
    return known;
  };
  return {
    surface,
    recorded,
    laws,
    findings: checkSurface({
      surface,
      recorded,
      files,
      ...(input.baseline === undefined ? {} : { baseline: input.baseline }),
      ...(input.release === undefined ? {} : { release: input.release }),
      settings,
      acceptances: input.acceptances.filter(({ rule }) => !isProven(rule)),
      today,
      ci: input.ci,
      others: newerData(declared).flatMap(readsNewer),
    }),
    prove: (law) => applyAcceptances(proof(law), ofLaws, { today, ran: () => false }),
    proveAll: () => (options === false ? [] : applyAcceptances(laws.flatMap(proof), ofLaws, { today })),
  };
}

/** All that there is to say of some code, proofs included. */
export function inspect(input: InspectInput): readonly Finding[] {
  const inspected = inspection(input);
  return [...inspected.findings, ...inspected.proveAll()];
}

/** Whether it takes running conversions to know what a rule says. */
function isProven(rule: RuleId): boolean {
  return RULES[rule].law === 'conversion' || rule === 'object/lossy-undeclared';
}
