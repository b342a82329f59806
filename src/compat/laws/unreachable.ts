import type { ObjectRecord } from '../../objects/index.js';
import { found } from '../rules/found.js';
import type { LawFinding } from './law.js';
import { subjectOf } from './report.js';
import type { World } from './world.js';

/**
 * Functions that can never run. An object stands alone, so each of its functions can be met. A message is only met at
 * versions at which a method takes it.
 */
export function unreachable(world: World, record: ObjectRecord): LawFinding[] {
  return record.steps
    .filter(({ from, to }) => world.fieldsAt(record, from) === undefined || world.fieldsAt(record, to) === undefined)
    .map(({ direction, from, to, name }) => {
      const missing = world.fieldsAt(record, from) === undefined ? from : to;
      return found({
        rule: 'backport/unreachable',
        subject: subjectOf(world, record, direction === 'down' ? from : to),
        message: `${record.name}.${name} leads from ${from} to ${to}, but no method of ${world.contract?.topic ?? world.of} takes ${record.name} at ${missing}, so it never runs.`,
        breaks: 'nobody; but whoever reads the function believes that it runs',
        fix: `Remove ${record.name}.${name}, or correct its versions.`,
        diff: [`~ ${from} to ${to}`],
      });
    });
}
