import type { Declared, Surface } from '../../compat/index.js';
import { folderOf, type Common, type Context } from '../command.js';
import { engine } from '../engine.js';
import { Refusal } from '../exit.js';
import { loadModules } from './load.js';
import { modulesOf, projectIn, understood, type Project } from './project.js';

/** A project whose contracts are loaded. */
export interface Work {
  readonly project: Project;
  /** The modules of the contracts, absolute. */
  readonly modules: readonly string[];
  readonly declared: Declared;
  readonly surface: Surface;
}

/** Reads the settings and loads the contracts. */
export async function workOf(options: Common & { readonly contracts?: readonly string[] }, context: Context): Promise<Work> {
  const project = await projectIn(folderOf(options, context));
  const modules = modulesOf(project, options.contracts ?? []);
  const loaded = await loadModules(project.folder, modules);
  const { declaredIn, surfaceOf } = await engine();
  const { declared, surface } = understood(() => {
    const each = loaded.map(declaredIn);
    const all: Declared = {
      contracts: uniqueBy(
        each.flatMap(({ contracts }) => contracts),
        ({ record }) => record,
      ),
      objects: uniqueBy(
        each.flatMap(({ objects }) => objects),
        (owner) => owner,
      ),
    };
    return { declared: all, surface: surfaceOf(all) };
  });
  if (surface.objects.length === 0 && surface.apis.length === 0) {
    throw new Refusal(
      `${modules.join(', ')} exports no contract and no versioned object. If it does, it imports another copy of lynchpin than the one that runs this command: start the one in the project, with npx lynchpin`,
    );
  }
  return { project, modules, declared, surface };
}

/** One class may be exported by several modules. */
function uniqueBy<T>(list: readonly T[], key: (item: T) => unknown): readonly T[] {
  return [...new Map(list.map((item) => [key(item), item])).values()];
}
