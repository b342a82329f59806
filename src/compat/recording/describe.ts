import { join } from 'node:path';
import { readTexts, writeText } from './disk.js';
import { parseRecording } from './parse.js';
import { pathOf } from './paths.js';
import { SURFACE_PAGE, surfaceMarkdown } from './surface-page.js';
import { entryText } from './write.js';

/**
 * Gives a recorded version its line for the changelog. Released ones may get it too: it says nothing on the wire.
 * @returns the paths of the version's files; none when nothing of that name and version is recorded.
 */
export function describeVersion(
  folder: string,
  { name, version }: { readonly name: string; readonly version: string },
  description: string,
): readonly string[] {
  const { recorded } = parseRecording(readTexts(folder), folder);
  const isMeant = ({ facts }: { readonly facts: { readonly name: string; readonly version: string } }): boolean =>
    facts.name === name && facts.version === version;
  const entries = recorded.entries.map((entry) => (isMeant(entry) ? { ...entry, description } : entry));
  const described = entries.filter(isMeant);
  for (const entry of described) writeText(join(folder, pathOf(entry.facts)), entryText(entry));
  if (described.length > 0) writeText(join(folder, SURFACE_PAGE), surfaceMarkdown({ ...recorded, entries }));
  return described.map(({ facts }) => pathOf(facts));
}
