import { isDeepStrictEqual } from 'node:util';
import type { Surface } from '../facts/surface.js';
import type { Finding } from './finding.js';
import { found } from './found.js';
import { called, type History } from './history-of.js';

/** `name/duplicate`: several classes with one name on the wire. */
export function duplicates({ clashes }: Surface): Finding[] {
  return clashes.map(({ kind, name, classNames }) =>
    found({
      rule: 'name/duplicate',
      subject: { kind, name },
      message: `${classNames.join(' and ')} are both ${called({ kind, name })} on the wire.`,
      breaks: 'peers that get the one where they expect the other',
      fix: `${kind === 'api' ? 'Give one of them another topic' : 'Give one of them another name with { name }'}, or delete it.`,
      diff: classNames.map((one) => `+ ${one}`),
    }),
  );
}

/** `name/renamed-class`: an object that was released is gone, and a new one says just what it said. */
export function renamedClasses(histories: readonly History[]): Finding[] {
  const objects = histories.filter(({ kind }) => kind === 'object');
  const newcomers = objects.filter(({ live, newestReleased }) => live !== undefined && newestReleased === undefined);
  return objects.flatMap((gone) => {
    if (gone.live !== undefined || gone.newestReleased === undefined) return [];
    const heir = newcomers.find((one) => saysTheSame(gone, one));
    if (heir?.live === undefined) return [];
    return [
      found({
        rule: 'name/renamed-class',
        subject: { kind: 'object', name: gone.name, version: gone.newestReleased },
        message: `${gone.name} was released at ${gone.newestReleased} and is gone, and ${heir.name} has the very same fields: the class ${heir.live.className} seems to have been renamed, and its name on the wire with it.`,
        breaks: `peers and stored data that say ${gone.name}`,
        fix: `Keep the name on the wire: @VersionedObject({ name: '${gone.name}' }) on ${heir.live.className}.`,
        diff: [`- ${gone.name}`, `+ ${heir.name}`],
      }),
    ];
  });
}

/** Whether the two have a version in common, and the same fields at each that they have in common. */
function saysTheSame(gone: History, heir: History): boolean {
  const common = gone.versions.filter((version) => heir.versions.includes(version));
  return (
    common.length > 0 &&
    common.every((version) => {
      const [was, is] = [gone.at(version)?.facts, heir.at(version)?.facts];
      return was?.kind === 'object' && is?.kind === 'object' && isDeepStrictEqual(was.fields, is.fields);
    })
  );
}
