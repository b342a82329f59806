import type { Acceptance, Finding, Recorded } from '../../compat/index.js';
import type { Context } from '../command.js';
import { engine } from '../engine.js';
import { understood } from '../project/project.js';
import type { Work } from '../project/work.js';
import { isCi } from '../terminal.js';

/** What a check is made with. */
export interface Checking {
  readonly work: Work;
  readonly baseline: Recorded | undefined;
  readonly acceptances: readonly Acceptance[];
  /** The release that is being made. */
  readonly release: string | undefined;
}

/** Everything that the rules have to say. */
export async function findingsOf({ work, baseline, acceptances, release }: Checking, { terminal }: Context): Promise<readonly Finding[]> {
  const { checkSurface, readRecording } = await engine();
  const { surface, project } = work;
  const { recorded, files } = readRecording(project.recordingFolder);
  return understood(() =>
    checkSurface({
      surface,
      recorded,
      files,
      ...(baseline === undefined ? {} : { baseline }),
      settings: project.settings,
      acceptances,
      today: new Date(),
      ci: isCi(terminal.env),
      ...(release === undefined ? {} : { release }),
    }),
  );
}
