import type { Acceptance, Finding, Recorded } from '../../compat/index.js';
import type { Context } from '../command.js';
import { engine } from '../engine.js';
import { Progress } from '../output/progress.js';
import { understood } from '../project/project.js';
import type { Work } from '../project/work.js';
import { isCi } from '../terminal.js';

/** What a check is made with. */
export interface Checking {
  readonly work: Work;
  readonly baseline?: Recorded | undefined;
  /** The release that is being made. Default: none is. */
  readonly release?: string | undefined;
  readonly acceptances: readonly Acceptance[];
  /** Whether conversions are proven. */
  readonly laws: boolean;
}

/** Everything that the rules and laws have to say, the worst first. On a terminal it tells how far it is. */
export async function findingsOf(
  { work, baseline, release, acceptances, laws }: Checking,
  { terminal }: Context,
): Promise<readonly Finding[]> {
  const { inspection, readRecording, sortFindings } = await engine();
  const { declared, project } = work;
  const progress = new Progress(terminal);
  try {
    return understood(() => {
      const inspected = inspection({
        declared,
        recording: readRecording(project.recordingFolder),
        ...(baseline === undefined ? {} : { baseline }),
        ...(release === undefined ? {} : { release }),
        settings: project.settings,
        // What only a baseline can show is not unused because there is none this time.
        acceptances: acceptances.filter(({ rule }) => baseline !== undefined || rule !== 'lock/released-entry-rewritten'),
        today: new Date(),
        ci: isCi(terminal.env),
        laws: laws ? {} : false,
      });
      inspected.laws.forEach((law, at) => {
        progress.say(`${at + 1} of ${inspected.laws.length}: ${law.title}`);
        inspected.prove(law);
      });
      return sortFindings([...inspected.findings, ...inspected.proveAll()]);
    });
  } finally {
    progress.end();
  }
}
