import type { Class } from '../../objects/index.js';
import { folderOf, type Common, type Context } from '../command.js';
import { engine } from '../engine.js';
import { Refusal } from '../exit.js';
import { loadModules } from './load.js';
import { modulesOf, projectIn, understood } from './project.js';

/** A contract of the project, as fleet commands are given it. */
export interface ContractClass {
  readonly topic: string;
  readonly api: Class;
}

/**
 * Loads the contracts of the project that a command works in.
 * @throws Refusal when there are none.
 */
export async function contractsOf(
  options: Common & { readonly contracts?: readonly string[] },
  context: Context,
): Promise<readonly ContractClass[]> {
  const project = await projectIn(folderOf(options, context));
  const modules = modulesOf(project, options.contracts ?? []);
  const loaded = await loadModules(project.folder, modules);
  const { contractClassesIn, declaredIn } = await engine();
  const classes = [...new Set(loaded.flatMap(contractClassesIn))];
  const found = classes.flatMap((api) => understood(() => declaredIn({ api })).contracts.map(({ topic }) => ({ topic, api })));
  if (found.length === 0) {
    throw new Refusal(
      `${modules.join(', ')} exports no contract. If it does, it imports another copy of lynchpin than the one that runs this command: start the one in the project, with npx lynchpin`,
    );
  }
  return found;
}

/** The one of a topic; without a topic the only one. @throws Refusal when it is not clear which is meant. */
export function contractFor(topic: string | undefined, contracts: readonly ContractClass[]): ContractClass {
  const topics = contracts.map((one) => one.topic).join(', ');
  const [found, ...more] = topic === undefined ? contracts : contracts.filter((one) => one.topic === topic);
  if (found === undefined) throw new Refusal(`this project has no contract of ${topic}; it has ${topics}`);
  if (more.length > 0) throw new Refusal(`this project has several contracts (${topics}): say which topic is meant`);
  return found;
}
