import { found, type Finding } from '../../compat/index.js';
import type { QueuePlan } from './plan.js';
import { titleOfQueue, type SkewFailure } from './result.js';

/** A message that waited and could not be handled as it was meant, as a finding of the rule `queue/time-capsule`. */
export function timeCapsule(topic: string, plan: QueuePlan, { method, version, path, message }: SkewFailure): Finding {
  const place = [method === '' ? undefined : `methods.${method}`, path === '' ? undefined : path].filter((part) => part !== undefined);
  return found({
    rule: 'queue/time-capsule',
    subject: { kind: 'api', name: topic, version, ...(place.length === 0 ? {} : { path: place.join('.') }) },
    message: `${topic}, ${titleOfQueue(plan)}: ${message}`,
    breaks: `what the ${plan.calling} release has put on the queue is refused or misread by the ${plan.readBy} one, after the ${
      plan.calling === 'old' ? 'upgrade' : 'roll-back'
    }`,
    fix: `Make the new release say of ${version} what the old one says: add since, a default, a backport or an upgrade to what was changed.`,
    diff: [`~ ${[`${topic}@${version}`, ...place].join(' ')}`],
  });
}
