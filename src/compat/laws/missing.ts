import { LynchpinError } from '../../errors/index.js';
import { ObjectGraph, type ObjectRecord } from '../../objects/index.js';
import { compareVersions, type Version } from '../../versions/index.js';
import type { Recorded } from '../facts/surface.js';
import { found } from '../rules/found.js';
import type { LawFinding } from './law.js';
import { subjectOf } from './report.js';
import type { World } from './world.js';

/** Versions that cannot be reached: no conversion leads there, or the code has lost a version in the middle of its window. */
export function missing(world: World, record: ObjectRecord, recorded: Recorded): LawFinding[] {
  return [...undeclared(world, record), ...lost(world, record, recorded)];
}

/** What a contract would refuse when it is loaded; an object that stands alone is only looked at when it is used. */
function undeclared(world: World, record: ObjectRecord): LawFinding[] {
  if (record.kind === 'message') return [];
  const line = world.lineOf(record);
  const heads = world.conversions.reach(record).map((other) => [other.name, world.lineOf(other).head] as const);
  const carries = { [line.floor]: { ...Object.fromEntries(heads), [record.name]: line.floor }, [line.head]: { [record.name]: line.head } };
  const graph = new ObjectGraph({ of: record.name, line, carries });
  graph.add(record.class, { direction: 'out', where: record.name });
  try {
    graph.check();
    return [];
  } catch (error) {
    if (!(error instanceof LynchpinError) || error.code !== 'DECLARATION') throw error;
    if (error.details['class'] !== record.name) return [];
    return [
      found({
        rule: 'backport/missing',
        subject: subjectOf(world, record, line.head),
        message: `${record.name} cannot be taken from ${line.head} to each version down to ${line.floor}: ${error.message.replace(/^DECLARATION: /, '')}.`,
        breaks: 'every peer on one of these versions, and whoever has data of them stored',
        fix: 'Write the @Backport and the @Upgrade that the message names, between the two versions that it names.',
        diff: [`~ ${line.head} to ${line.floor}`],
      }),
    ];
  }
}

function lost(world: World, record: ObjectRecord, { entries }: Recorded): LawFinding[] {
  if (record.kind === 'message') return [];
  const line = world.lineOf(record);
  const known = entries.flatMap(({ facts }): Version[] => (facts.kind === 'object' && facts.name === record.name ? [facts.version] : []));
  return known
    .filter((version) => !line.has(version) && compareVersions(version, line.floor) > 0 && compareVersions(version, line.head) < 0)
    .map((version) =>
      found({
        rule: 'backport/missing',
        subject: subjectOf(world, record, version),
        message: `${record.name} ${version} was recorded, and lies between ${line.floor} and ${line.head}, but the code does not have it: nothing can be taken there.`,
        breaks: `peers at ${version}, and whoever has data of it stored`,
        fix: `Give ${record.name} the version back: correct floor and previous, and write the @Backport that leads to ${version}.`,
        diff: [`- ${version}`],
      }),
    );
}
