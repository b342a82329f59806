import { diffFacts } from '../diff/diff.js';
import { diffLines } from '../diff/lines.js';
import type { Entry } from '../facts/entry.js';
import type { Facts } from '../facts/facts.js';
import type { Recorded } from '../facts/surface.js';

/** The page that tells people what is recorded. */
export const SURFACE_PAGE = 'SURFACE.md';

const HEAD = `# What goes over the wire

Made from the recorded files by \`lynchpin compat record\`; do not edit it. For each object and each API: what its oldest recorded version
holds, and what each later one changed.
`;

/**
 * What is recorded, for people. A version shows what it changed, so that whoever reads the difference of this page between two
 * commits sees what changed on the wire, and nothing else.
 */
export function surfaceMarkdown(recorded: Recorded): string {
  const parts = [HEAD];
  for (const [heading, kind] of [
    ['Objects', 'object'],
    ['APIs', 'api'],
  ] as const) {
    const entries = recorded.entries.filter(({ facts }) => facts.kind === kind);
    if (entries.length > 0) parts.push(`## ${heading}\n`);
    let before: Facts | undefined;
    for (const entry of entries) {
      const { facts } = entry;
      if (facts.name !== before?.name) parts.push(`### ${facts.name}\n`);
      parts.push(versionPart(entry, facts.name === before?.name ? before : undefined));
      before = facts;
    }
  }
  return parts.join('\n');
}

function versionPart({ facts, released, description }: Entry, before: Facts | undefined): string {
  const lines = diffLines(
    diffFacts(before === undefined ? nothing(facts) : prepared(before, facts), facts).filter(({ kind }) => kind !== 'message-added'),
  );
  const state = released === undefined ? 'not released' : `released in ${released}`;
  const changes = lines.length === 0 ? 'Nothing on the wire.\n' : `\`\`\`diff\n${lines.join('\n')}\n\`\`\`\n`;
  return `#### ${facts.name} ${facts.version}, ${state}\n\n${description === undefined ? '' : `${description}\n\n`}${changes}`;
}

/** The same thing with nothing in it, so that everything shows as added. */
function nothing(facts: Facts): Facts {
  if (facts.kind === 'object') return { ...facts, fields: {} };
  return prepared({ ...facts, carries: {}, methods: {}, messages: {}, errors: [] }, facts);
}

/** With the later messages, but nothing in them: what a new message holds is shown field by field. */
function prepared(before: Facts, after: Facts): Facts {
  if (before.kind === 'object' || after.kind === 'object') return before;
  const empty = Object.keys(after.messages).map((name) => [name, { fields: {} }]);
  return { ...before, messages: { ...(Object.fromEntries(empty) as typeof before.messages), ...before.messages } };
}
