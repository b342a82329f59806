import type { Version } from '../../versions/index.js';
import type { Finding } from './finding.js';
import { found } from './found.js';

/** A message that waited in a queue while releases changed, and what became of it. */
export interface TimeCapsule {
  readonly topic: string;
  readonly method: string;
  /** The version that it was written at. */
  readonly version: Version;
  /** The release that wrote it, and the one that was to handle it: `1.4.2`, `this build`. */
  readonly writtenBy: string;
  readonly readBy: string;
  /** What happened instead: `CONVERSION: ...`, `it stands among the dead letters`. Undefined when it was handled. */
  readonly outcome?: string;
}

/** `queue/time-capsule`: a message that one release queued could not be handled by the other. */
export function openCapsule({ topic, method, version, writtenBy, readBy, outcome }: TimeCapsule): Finding[] {
  if (outcome === undefined) return [];
  const finding = found({
    rule: 'queue/time-capsule',
    subject: { kind: 'api', name: topic, version, path: `methods.${method}` },
    message: `${method} of the API ${topic} was queued at ${version} by ${writtenBy}, and ${readBy} cannot handle it: ${outcome}.`,
    breaks: `whoever cast ${method} before the change of releases: the work is not done`,
    fix: `Keep ${version} in the window until the lanes are empty, and make its upgrades and backports take what ${writtenBy} writes.`,
    diff: [`- ${method}@${version}`],
  });
  return [finding];
}
