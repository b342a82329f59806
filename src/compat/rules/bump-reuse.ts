import { compareVersions, type Version } from '../../versions/index.js';
import { describeType } from '../diff/describe.js';
import { sameJson } from '../diff/same.js';
import type { ObjectFacts, TypeFacts } from '../facts/facts.js';
import type { LiveObject, Recorded } from '../facts/surface.js';
import type { Finding } from './finding.js';
import { found } from './found.js';

/** When a name was used last, and for what. */
interface Use {
  readonly version: Version;
  readonly type: TypeFacts;
  /** Whether a version between then and now lacked it. */
  readonly gone: boolean;
}

/**
 * `object/name-reused`: a name that was given up stands for something else. The whole history counts, also what the code no
 * longer reads: it may still lie in a store or a log.
 */
export function reusedNames(object: LiveObject, recorded: Recorded): Finding[] {
  const last = new Map<string, Use>();
  return historyOf(object, recorded).flatMap(({ version, fields }) => {
    const findings = Object.entries(fields).flatMap(([name, { type }]) => {
      const before = last.get(name);
      last.set(name, { version, type, gone: false });
      if (before === undefined || !before.gone || sameJson(before.type, type)) return [];
      return [reused(object.name, name, before, { version, type, gone: false })];
    });
    for (const [name, use] of last) if (!Object.hasOwn(fields, name)) last.set(name, { ...use, gone: true });
    return findings;
  });
}

function historyOf({ name, versions, entries }: LiveObject, recorded: Recorded): readonly ObjectFacts[] {
  const floor = versions[0] as Version;
  const below = recorded.entries
    .flatMap(({ facts }) => (facts.kind === 'object' && facts.name === name ? [facts] : []))
    .filter(({ version }) => compareVersions(version, floor) < 0)
    .sort((a, b) => compareVersions(a.version, b.version));
  return [...below, ...versions.flatMap((version) => entries.get(version)?.facts ?? [])];
}

function reused(object: string, field: string, before: Use, now: Use): Finding {
  const [was, is] = [describeType(before.type), describeType(now.type)];
  return found({
    rule: 'object/name-reused',
    subject: { kind: 'object', name: object, version: now.version, path: `fields.${field}` },
    message: `${object}.${field} was ${was} up to ${before.version} and then gone; at ${now.version} the name comes back as ${is}.`,
    breaks: 'whoever goes by the name alone: stored data, logs, readers that do not look at the version',
    fix: `Choose another name for the new field; ${field} stays reserved for what it was.`,
    diff: [`- fields.${field}: ${was}`, `+ fields.${field}: ${is}`],
  });
}
