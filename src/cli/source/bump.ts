import type { LiveApi, LiveObject, Recorded, Surface } from '../../compat/index.js';
import type { Version } from '../../versions/index.js';
import type { Declaration, Source } from './declarations.js';
import type { Edit } from './edits.js';
import { declarationOf, placeOf } from './find.js';
import { carriesEdits, stubCode, stubEdits, versionEdits, type Raise } from './steps.js';

/** One thing that a bump takes. */
export interface Todo {
  /** What is done: `Volume: version 1.3 instead of 1.2`. */
  readonly what: string;
  /** What to write, where it cannot be done by itself. */
  readonly write: string;
  /** Where: `src/volume.ts:12`, or the name of the class. */
  readonly where: string;
  /** How to do it; undefined where the sources do not say unambiguously. */
  readonly edits: readonly Edit[] | undefined;
}

/** How far to bump. */
export interface Wanted {
  readonly size: 'minor' | 'major';
  /** Whether the APIs that carry an object go along. */
  readonly parents: boolean;
}

/** What a bump amounts to. */
export interface Plan {
  readonly todos: readonly Todo[];
  /** What there is to know besides. */
  readonly notes: readonly string[];
}

/** What a bump is planned from. */
export interface Known {
  readonly surface: Surface;
  readonly recorded: Recorded;
  readonly sources: readonly Source[];
}

/** An object or an API of the contracts. */
export type Sought = { readonly kind: 'object'; readonly live: LiveObject } | { readonly kind: 'api'; readonly live: LiveApi };

/** Every step of a bump, in the order in which people would take them. */
export function planOf({ kind, live }: Sought, wanted: Wanted, known: Known): Plan {
  const head = headOf(live);
  if (!isReleased(known.recorded, kind, live.name, head)) {
    return { todos: [], notes: [`${live.name} ${head} is not released yet, so it may still change as it is: there is nothing to bump`] };
  }
  const raise: Raise = { from: head, to: next(head, wanted.size), floor: live.versions[0] ?? head };
  const declaration = declarationOf(known.sources, { kind, name: live.name, className: live.className });
  const own = versionTodo(live, declaration, raise);
  if (kind === 'api') return { todos: [own], notes: [] };
  const todos = [own, stubTodo(live, declaration, raise)];
  const parents = known.surface.apis.filter((api) => carriedBy(api)[live.name] !== undefined);
  if (!wanted.parents) {
    const names = parents.map(({ name }) => name).join(', ');
    return {
      todos,
      notes:
        parents.length === 0
          ? []
          : [`${names} still carries ${live.name} ${carriedBy(parents[0])[live.name] ?? head}: --parents bumps it too`],
    };
  }
  return { todos: [...todos, ...parents.flatMap((api) => parentTodos(api, live.name, raise, wanted, known))], notes: [] };
}

function parentTodos(api: LiveApi, object: string, { to: version }: Raise, { size }: Wanted, known: Known): readonly Todo[] {
  const declaration = declarationOf(known.sources, { kind: 'api', name: api.name, className: api.className });
  const head = headOf(api);
  const released = isReleased(known.recorded, 'api', api.name, head);
  const at = released ? next(head, size) : head;
  const edits = declaration === undefined ? undefined : carriesEdits(declaration, known.sources, { at, object, version });
  const carries: Todo = {
    what: `${api.className}: ${at} carries ${object} ${version}`,
    write: `carries: { ..., '${at}': { ${object}: '${version}' } }`,
    where: edits?.[0] === undefined ? whereOf(api.className, declaration) : edits[0].source.file,
    edits,
  };
  return released ? [versionTodo(api, declaration, { from: head, to: at, floor: api.versions[0] ?? head }), carries] : [carries];
}

function versionTodo(live: LiveObject | LiveApi, declaration: Declaration | undefined, raise: Raise): Todo {
  const { from, to, floor } = raise;
  const major = to.split('.')[0] !== from.split('.')[0];
  return {
    what: `${live.className}: version ${to} instead of ${from}`,
    write: major ? `version: '${to}', floor: '${floor}', previous: { ${from.split('.')[0]}: '${from}' }` : `version: '${to}'`,
    where: whereOf(live.className, declaration),
    edits: declaration === undefined ? undefined : versionEdits(declaration, raise),
  };
}

function stubTodo(live: LiveObject, declaration: Declaration | undefined, raise: Raise): Todo {
  return {
    what: `${live.className}: functions between ${raise.from} and ${raise.to}, to be filled in or deleted`,
    write: stubCode(live.className, raise),
    where: whereOf(live.className, declaration),
    edits: declaration === undefined ? undefined : stubEdits(declaration, raise),
  };
}

function whereOf(className: string, declaration: Declaration | undefined): string {
  if (declaration === undefined) return `where ${className} is declared`;
  const { file, line } = placeOf(declaration);
  return `${file}:${line}`;
}

function isReleased({ entries }: Recorded, kind: 'object' | 'api', name: string, version: Version): boolean {
  return entries.some(
    ({ facts, released }) => facts.kind === kind && facts.name === name && facts.version === version && released !== undefined,
  );
}

function carriedBy(api: LiveApi | undefined): Readonly<Record<string, Version>> {
  return api === undefined ? {} : (api.entries.get(headOf(api))?.facts.carries ?? {});
}

function headOf({ versions }: LiveObject | LiveApi): Version {
  return versions.at(-1) ?? '1.0';
}

function next(version: Version, size: Wanted['size']): Version {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return size === 'major' ? `${major + 1}.0` : `${major}.${minor + 1}`;
}
