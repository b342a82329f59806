import { LynchpinError } from '../../errors/index.js';
import { declaredIn, inspection, readAcceptances, readRecording, surfaceOf, writeRecording } from '../../compat/index.js';
import type { Declared, Inspection, LawFinding, LawOptions, RuleId, Settings } from '../../compat/index.js';
import { fail } from '../failure.js';
import { findingsText } from '../finding-text.js';
import { tell } from '../tell.js';
import { forgetOutdated, keepCounterexamples } from './kept.js';
import { topicOf, topicOfLaw, type Topic } from './plan.js';

/** Gives the module whose exports are the contract: `() => import('../src/contract.js')`. */
export type Load = () => Promise<unknown>;

/** What an examination is made with. */
export interface ExaminationOptions extends LawOptions {
  readonly folder: string;
  readonly settings: Settings;
  readonly write: boolean;
}

/** A fact's proof: the findings that speak against it. */
export type Proof = (inspection: Inspection) => readonly LawFinding[];

/** One contract and its recording, loaded and compared once for all facts of a suite. */
export class Examination {
  readonly #load: Load;
  readonly #options: ExaminationOptions;
  #inspection: Promise<Inspection> | undefined;
  #reporter: Proof | undefined;

  constructor(load: Load, options: ExaminationOptions) {
    this.#load = load;
    this.#options = options;
  }

  /**
   * Proves a fact. When nothing could be loaded there is one failure, not one a fact: whichever comes first has it, and has
   * it again when it is repeated.
   * @throws AssertionError for what speaks against the fact.
   */
  readonly prove = async (proof: Proof): Promise<void> => {
    let inspected: Inspection;
    try {
      inspected = await (this.#inspection ??= this.#inspect());
    } catch (error) {
      this.#reporter ??= proof;
      if (this.#reporter !== proof) return;
      const message = loadFailure(error);
      if (message === undefined) throw error;
      fail({ message }, this.prove);
    }
    const errors = proof(inspected).filter(({ severity }) => severity === 'error');
    const { left, notes } = this.#options.write ? this.#keep(inspected, errors) : { left: errors, notes: [] };
    if (left.length > 0) fail({ message: [findingsText(left), ...notes].join('\n\n') }, this.prove);
  };

  /** What a local run writes because of what it found. */
  #keep(inspected: Inspection, errors: readonly LawFinding[]): { readonly left: readonly LawFinding[]; readonly notes: readonly string[] } {
    const { folder } = this.#options;
    const { left, files } = forgetOutdated(folder, inspected.recorded, errors);
    if (files.length > 0) tell(`No longer kept, because the unreleased version that they were of has changed:\n${listed('-', files)}`);
    const kept = keepCounterexamples(folder, inspected, left);
    return { left, notes: kept.map((file) => `The value that shows it is kept as ${file}: commit it with the correction.`) };
  }

  async #inspect(): Promise<Inspection> {
    const { folder, settings, write } = this.#options;
    const declared = declaredIn(await this.#load());
    requireSomething(declared);
    if (write) record(folder, declared);
    const inspected = inspection({
      declared,
      recording: readRecording(folder),
      settings,
      acceptances: readAcceptances(folder),
      today: new Date(),
      ci: !write,
      laws: this.#options,
    });
    const warnings = inspected.findings.filter(({ severity }) => severity === 'warn');
    if (warnings.length > 0) tell(findingsText(warnings));
    return inspected;
  }
}

/** What rules say on some topics, and the laws on them. */
export function onTopics(topics: readonly Topic[]): Proof {
  return (inspected) => [
    ...inspected.findings.filter((finding) => topics.includes(topicOf(finding))),
    ...inspected.laws.filter((law) => topics.includes(topicOfLaw(law))).flatMap((law) => inspected.prove(law)),
  ];
}

/** Rules with a fact of their own. */
const ELSEWHERE: ReadonlySet<RuleId> = new Set<RuleId>(['lock/missing-entry', 'accept/unused']);

/** Versions that are declared and not recorded. */
export const isRecorded: Proof = ({ findings }) => findings.filter(({ rule }) => rule === 'lock/missing-entry');

/** The laws that are on none of the topics, because what they are about is new. */
export function newLaws(topics: ReadonlySet<Topic>): Proof {
  return (inspected) => inspected.laws.filter((law) => !topics.has(topicOfLaw(law))).flatMap((law) => inspected.prove(law));
}

/** What rules say on none of the topics. */
export function elsewhere(topics: ReadonlySet<Topic>): Proof {
  return ({ findings }) => findings.filter((finding) => !ELSEWHERE.has(finding.rule) && !topics.has(topicOf(finding)));
}

/** Acceptances of what is not found any more: only who has proven everything knows. */
export const isAcceptedForNothing: Proof = (inspected) =>
  [...inspected.findings, ...inspected.proveAll()].filter(({ rule }) => rule === 'accept/unused');

/** What to say of an error that came up while the contract was loaded; undefined for one that says enough itself. */
function loadFailure(error: unknown): string | undefined {
  if (LynchpinError.is(error)) return `The contract cannot be checked. ${error.message}`;
  // Some runners load modules in a realm of their own, with errors of its own.
  if (!(typeof error === 'object' && error !== null && 'name' in error && error.name === 'SyntaxError')) return undefined;
  return [
    `The contract cannot be loaded: ${String((error as { readonly message?: unknown }).message)}`,
    'Fix: if it has decorators, whatever runs the tests must translate them. tsc, esbuild, tsx and swc do; vitest does with',
    '"experimentalDecorators": true in tsconfig.json. Or load the contract as your build compiles it.',
  ].join('\n');
}

/** A module without a contract must not pass for one whose contract is gone: its recording would be deleted. */
function requireSomething({ contracts, objects }: Declared): void {
  if (contracts.length + objects.length === 0)
    throw new LynchpinError('DECLARATION', 'the module exports no contract and no versioned object: load the one that does');
}

function record(folder: string, declared: Declared): void {
  const { written, removed } = writeRecording(folder, surfaceOf(declared), { strangers: 'keep' });
  const changes = [listed('+', written), listed('-', removed)].filter((lines) => lines !== '');
  if (changes.length > 0) tell(`${folder} has been brought up to date with the code. Commit it:\n${changes.join('\n')}`);
}

function listed(mark: '+' | '-', files: readonly string[]): string {
  return files.map((file) => `  ${mark} ${file}`).join('\n');
}
