import type { Surface } from '../facts/surface.js';
import type { Finding } from './finding.js';
import { found } from './found.js';
import { quoted } from './spelling.js';

/** `object/child-bumped-parent-not`, before anything is released: an object's newest version that no API carries. */
export function forgottenCarries({ objects, apis }: Surface): Finding[] {
  return objects.flatMap((object) => {
    const head = object.versions.at(-1);
    const carriers = apis.flatMap((api) => {
      const facts = api.entries.get(api.versions.at(-1) ?? '0.0')?.facts;
      const carried = facts === undefined || !Object.hasOwn(facts.carries, object.name) ? undefined : facts.carries[object.name];
      return carried === undefined || facts === undefined ? [] : [{ api, carried, version: facts.version }];
    });
    const [first] = carriers;
    if (head === undefined || first === undefined || carriers.some(({ carried }) => carried === head)) return [];
    const { api, carried, version } = first;
    return [
      found({
        rule: 'object/child-bumped-parent-not',
        severity: 'warn',
        subject: { kind: 'api', name: api.name, version, path: `carries.${object.name}` },
        message: `${object.name} is at ${head}, but ${api.name} ${version} carries ${object.name} ${carried}${carriers.length === 1 ? '' : ', and no other API carries it either'}.`,
        breaks: `nobody, but what ${object.name} gained since ${carried} is never sent`,
        fix: `\`npx lynchpin compat bump ${api.name} --minor\`, and write carries: { '...': { ${object.name}: ${quoted(head)} } } at its new version.`,
        diff: [`~ carries.${object.name}: ${carried}, newest ${head}`],
      }),
    ];
  });
}
