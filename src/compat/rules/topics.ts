import type { ApiFacts } from '../facts/facts.js';
import type { LiveApi, Recorded, Surface } from '../facts/surface.js';
import type { Finding } from './finding.js';
import { found } from './found.js';
import { looksRenamed } from './similar.js';
import { quoted } from './spelling.js';

/** `rpc/routing-changed`: a released topic that no contract has any more. */
export function movedTopics({ apis }: Surface, { entries }: Recorded): Finding[] {
  const topics = new Set(entries.flatMap(({ facts, released }) => (facts.kind === 'api' && released !== undefined ? [facts.name] : [])));
  return [...topics].flatMap((topic) => {
    if (apis.some(({ name }) => name === topic)) return [];
    const newest = entries
      .flatMap(({ facts, released }) => (facts.kind === 'api' && facts.name === topic && released !== undefined ? [facts] : []))
      .at(-1);
    if (newest === undefined) return [];
    const heir = apis.find(
      (api) => !topics.has(api.name) && (hasMethodsOf(api, newest) || looksRenamed(topic, api.name, { of: 'methods' })),
    );
    return [
      found({
        rule: 'rpc/routing-changed',
        subject: { kind: 'api', name: topic, version: newest.version },
        message:
          heir === undefined
            ? `${topic} was released at ${newest.version}, and no contract has that topic any more.`
            : `${topic} was released at ${newest.version}; ${heir.className} now has the topic ${heir.name}.`,
        breaks: `clients of ${topic}: what they send waits on lanes that nobody reads`,
        fix:
          heir === undefined
            ? `Bring the contract with topic: ${quoted(topic)} back, or, once no client is left, accept this with its reason: npx lynchpin compat accept.`
            : `Keep topic: ${quoted(topic)} on ${heir.className}, or serve contracts of both topics until the last client of ${topic} is gone.`,
        diff: [`- topic ${topic}`, ...(heir === undefined ? [] : [`+ topic ${heir.name}`])],
      }),
    ];
  });
}

function hasMethodsOf(api: LiveApi, { methods }: ApiFacts): boolean {
  const head = api.entries.get(api.versions.at(-1) ?? '0.0')?.facts;
  const names = Object.keys(methods);
  const shared = names.filter((name) => head !== undefined && Object.hasOwn(head.methods, name)).length;
  return names.length > 0 && shared * 2 >= names.length;
}
