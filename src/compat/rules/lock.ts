import { diffFacts } from '../diff/diff.js';
import { diffLines } from '../diff/lines.js';
import { fingerprintOf } from '../facts/canonical.js';
import type { Entry } from '../facts/entry.js';
import type { LiveApi, LiveObject, Recorded, Surface } from '../facts/surface.js';
import type { FileProblem } from '../recording/parse.js';
import { pathOf } from '../recording/paths.js';
import type { Finding } from './finding.js';
import { found } from './found.js';
import { schemaLine } from './identity.js';
import { versionsText } from './words.js';

/** What the rules of the recording look at. */
export interface LockInput {
  readonly surface: Surface;
  readonly recorded: Recorded;
  /** What is wrong with the files of the recording. Default: nothing but what the entries themselves show. */
  readonly files?: readonly FileProblem[];
  /** What was recorded at another commit or in another release. Default: nothing to compare with. */
  readonly baseline?: Recorded;
  /** Whether this is where nothing is written: there, a recording that lags behind is an error. */
  readonly ci: boolean;
}

/** What the rules of the recording find. */
export function lockFindings(input: LockInput): Finding[] {
  return [...missing(input), ...stale(input), ...editedByHand(input), ...rewritten(input)];
}

/** `lock/missing-entry`, once for each name, however many versions are missing. */
function missing({ surface, recorded, files = [] }: LockInput): Finding[] {
  const known = new Set([...recorded.entries.map(({ facts }) => pathOf(facts)), ...files.map(({ path }) => path)]);
  return living(surface).flatMap(({ kind, live }) => {
    const absent = live.versions.filter((version) => {
      const facts = live.entries.get(version)?.facts;
      return facts !== undefined && !known.has(pathOf(facts));
    });
    const newest = absent.at(-1);
    if (newest === undefined) return [];
    const paths = absent.flatMap((version) => live.entries.get(version)?.facts ?? []).map(pathOf);
    return [
      found({
        rule: 'lock/missing-entry',
        subject: { kind, name: live.name, version: newest },
        message: `${live.name} ${versionsText(absent, live.versions)} ${absent.length === 1 ? 'is' : 'are'} declared but not recorded.`,
        breaks: 'nobody yet; but what is not recorded cannot be held to',
        fix: `Run \`npx lynchpin compat record\` and commit what it writes, such as ${folderOf(recorded)}${paths.at(-1) ?? ''}.`,
        diff: absent.map((version) => `+ ${version}`),
      }),
    ];
  });
}

/** `lock/stale`: what may still change has changed, or is gone. */
function stale({ surface, recorded, ci }: LockInput): Finding[] {
  const lives = new Map(
    living(surface).flatMap(({ live }) => [...live.entries.values()].map((entry): [string, Entry] => [pathOf(entry.facts), entry])),
  );
  return recorded.entries.flatMap((entry) => {
    const { facts } = entry;
    const live = lives.get(pathOf(facts));
    if (entry.released !== undefined || isEdited(entry) || live?.fingerprint === entry.fingerprint) return [];
    return [
      found({
        rule: 'lock/stale',
        severity: ci ? 'error' : 'warn',
        subject: { kind: facts.kind, name: facts.name, version: facts.version },
        message:
          live === undefined
            ? `${facts.name} ${facts.version} is recorded, though not released, and the code does not have it.`
            : `${facts.name} ${facts.version} is not what is recorded; it is not released yet, so it may still change.`,
        breaks: 'nobody yet; but reviewers see another contract than the one that will be released',
        fix: 'Run `npx lynchpin compat record` and commit what it changes; outside of CI, the suite does that by itself.',
        diff: live === undefined ? [`- ${facts.version}`] : differences(entry, live),
      }),
    ];
  });
}

/** `lock/edited-by-hand`: a file that is not what was recorded, or no recording at all. */
function editedByHand({ recorded, files = [] }: LockInput): Finding[] {
  const own = recorded.entries
    .filter(isEdited)
    .map(({ facts }) => ({ path: pathOf(facts), reason: 'does not hash to its own fingerprint' }));
  const others = files.filter(({ path }) => !own.some((one) => one.path === path));
  return [...own, ...others].map(({ path, reason }) => {
    const file = `${folderOf(recorded)}${path}`;
    return found({
      rule: 'lock/edited-by-hand',
      subject: { kind: 'recording', name: path },
      message: `${file} ${reason}.`,
      breaks: 'whoever is checked against it: it is not what was recorded',
      fix: `Restore it, \`git checkout <commit> -- ${file}\`; where it was not released, delete it and run \`npx lynchpin compat record\`.`,
      diff: [`~ ${path}`],
    });
  });
}

/** `lock/released-entry-rewritten`: what was released there is not what is recorded here. */
function rewritten({ recorded, baseline }: LockInput): Finding[] {
  if (baseline === undefined) return [];
  return baseline.entries.flatMap((before) => {
    const { facts, released } = before;
    if (released === undefined) return [];
    const path = pathOf(facts);
    const after = recorded.entries.find((entry) => pathOf(entry.facts) === path);
    if (after?.fingerprint === before.fingerprint && after.released !== undefined) return [];
    const how =
      after === undefined
        ? 'is not recorded here any more'
        : after.fingerprint === before.fingerprint
          ? 'is recorded here as not yet released'
          : 'is recorded here as something else';
    const file = `${folderOf(recorded)}${path}`;
    return [
      found({
        rule: 'lock/released-entry-rewritten',
        subject: { kind: facts.kind, name: facts.name, version: facts.version },
        message: `${facts.name} ${facts.version} was released in ${released} according to ${baseline.origin}, and ${how}.`,
        breaks: `peers released with ${facts.name} ${facts.version}: they are checked against what never was`,
        fix: `Restore ${file} as it is at ${baseline.origin}${checkout(baseline.origin, file)}; what changed belongs into a new version: npx lynchpin compat bump ${facts.name} --minor.`,
        diff: after === undefined ? [`- ${path}`] : differences(before, after),
      }),
    ];
  });
}

/** The differences of two entries that are not the same, at least in a word. */
function differences(before: Entry, after: Entry): readonly string[] {
  const lines = diffLines(diffFacts(before.facts, after.facts));
  if (lines.length > 0) return lines;
  return before.fingerprint === after.fingerprint ? ['~ released'] : [schemaLine(before.schema, after.schema)];
}

function isEdited({ facts, schema, fingerprint }: Entry): boolean {
  return fingerprintOf(facts, schema) !== fingerprint;
}

function living({ objects, apis }: Surface): readonly { readonly kind: 'object' | 'api'; readonly live: LiveObject | LiveApi }[] {
  return [...objects.map((live) => ({ kind: 'object', live }) as const), ...apis.map((live) => ({ kind: 'api', live }) as const)];
}

/** How sentences begin the path of a recorded file: `compat/`, unless the recording comes from elsewhere. */
function folderOf({ origin }: Recorded): string {
  return origin.endsWith('/') ? origin : '';
}

function checkout(origin: string, file: string): string {
  return origin.startsWith('git:') ? ` (\`git checkout ${origin.slice('git:'.length)} -- ${file}\`)` : '';
}
