import { fileURLToPath } from 'node:url';
import { checkSurface, declaredIn, entriesOf, lawFacts, pathOf, readCorpus, readRecording, surfaceOf } from '#lynchpin/compat/index.js';
import type { Entry, Finding, Recorded, Recording, Surface } from '#lynchpin/compat/index.js';
import { load } from './apply.js';
import type { Change, Edit } from './edit.js';

/** The recording of the example, as it is committed. */
export const recording: Recording = readRecording(fileURLToPath(new URL('../../../../../examples/cinder-volume/compat', import.meta.url)));

const corpus = readCorpus(recording.folder);

/** What a check is made against, where it is not the recording as it is committed. */
export interface Against {
  readonly recording?: Recording;
  readonly baseline?: Recorded;
}

/** What a check says of the contract after an edit. */
export async function check(
  { changes, recorded, laws = [] }: Pick<Edit, 'changes' | 'recorded' | 'laws'>,
  against: Against = {},
): Promise<readonly Finding[]> {
  const declared = declaredIn(await load(changes));
  const surface = surfaceOf(declared);
  const known = against.recording ?? (await recordedBefore(recorded, surface));
  const proven = lawFacts({ declared, surface, recorded: known.recorded, corpus }).filter(({ subject }) => laws.includes(subject.name));
  const found = checkSurface({
    surface,
    recorded: known.recorded,
    files: known.files,
    ...(against.baseline === undefined ? {} : { baseline: against.baseline }),
    settings: { promises: { 'cinder-volume': '3.0' } },
    today: '2026-08-01',
    ci: true,
  });
  return [...found, ...proven.flatMap((law) => law.prove())];
}

/** The recording, with what `compat record` would have added to it. */
async function recordedBefore(recorded: Edit['recorded'], surface: Surface): Promise<Recording> {
  if (recorded === undefined) return recording;
  const added = entriesOf(recorded === 'it' ? surface : await surfaceAfter(recorded));
  const known = new Set(recording.recorded.entries.map(({ facts }) => pathOf(facts)));
  const entries: readonly Entry[] = [...recording.recorded.entries, ...added.filter(({ facts }) => !known.has(pathOf(facts)))];
  return { ...recording, recorded: { ...recording.recorded, entries } };
}

/** What the contract says after some changes. */
export async function surfaceAfter(changes: readonly Change[]): Promise<Surface> {
  return surfaceOf(declaredIn(await load(changes)));
}
