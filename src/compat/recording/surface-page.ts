import type { Recorded } from '../facts/surface.js';

/** The page that tells people what is recorded. */
export const SURFACE_PAGE = 'SURFACE.md';

/** What is recorded, for people: what each version changed on the wire. */
export function surfaceMarkdown(recorded: Recorded): string {
  return `# Recorded on the wire\n\n${recorded.entries.map(({ facts, released }) => `- ${facts.name} ${facts.version}${released === undefined ? '' : ` (${released})`}`).join('\n')}\n`;
}
