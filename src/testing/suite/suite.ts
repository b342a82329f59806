import { relative } from 'node:path';
import { LynchpinError } from '../../errors/index.js';
import { readRecording } from '../../compat/index.js';
import { rejectUnknownOptions } from '../../objects/index.js';
import { elsewhere, Examination, isAcceptedForNothing, isRecorded, newLaws, onTopics, type Load, type Proof } from './examination.js';
import { isContinuousIntegration, placeOf, type SuiteOptions } from './options.js';
import { planFacts } from './plan.js';
import { findRunner, register } from './runner.js';

const OPTIONS = ['recording', 'settings', 'runs', 'seed', 'arbitraries', 'describe', 'it', 'write'];

/**
 * Registers one test for each fact of a recording. Runners want to know their tests before anything is loaded, so the titles
 * come from the recording, which is read at once; the contract is loaded by the first test that runs.
 */
export function suite(load: Load, options: SuiteOptions = {}): void {
  rejectUnknownOptions(options, OPTIONS, 'compat.suite');
  if (typeof load !== 'function')
    throw new LynchpinError(
      'DECLARATION',
      "compat.suite takes a function that loads the contract: compat.suite(() => import('../src/contracts.js'))",
    );
  const runner = findRunner(options, 'compat.suite(load, { describe, it })');
  const { folder, settings } = placeOf(options);
  const write = options.write ?? !isContinuousIntegration(process.env);
  const examination = new Examination(load, { ...options, folder, settings, write });
  const groups = planFacts(readRecording(folder).recorded.entries);
  const topics = new Set(groups.flatMap(({ facts }) => facts.flatMap((one) => one.topics)));
  const fact = (title: string, proof: Proof): void => register(runner, title, () => examination.prove(proof));
  runner.describe(`compatibility with ${relative(process.cwd(), folder) || '.'}`, () => {
    fact('every version that is declared is recorded', isRecorded);
    for (const { title, facts } of groups) {
      runner.describe(title, () => {
        for (const one of facts) fact(one.title, onTopics(one.topics));
      });
    }
    runner.describe('everything else', () => {
      fact('what is new keeps the laws as well', newLaws(topics));
      fact('no rule has anything to say', elsewhere(topics));
      fact('every acceptance is still needed', isAcceptedForNothing);
    });
  });
}
