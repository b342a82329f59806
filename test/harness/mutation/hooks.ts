import { appendFileSync } from 'node:fs';
import type { InitializeHook, LoadHook } from 'node:module';
import { mutate, type MutationOrder } from './mutation.js';

let order: MutationOrder = { mutations: [], record: '' };

/** Runs on the loader's thread, before the first import. */
export const initialize: InitializeHook<MutationOrder> = (data) => {
  order = data;
};

/** Hands out mutated sources for the files that an order names. */
export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  const path = url.split('?')[0] ?? url;
  const mutations = order.mutations.filter(({ file }) => path.endsWith(`/${file}`));
  if (mutations.length === 0) return loaded;
  if (loaded.format !== 'module' || loaded.source === undefined || loaded.source === null)
    throw new Error(`${url} is no module whose source can be mutated`);
  const source = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString('utf8');
  const mutated = mutate(source, mutations);
  for (const { file } of mutations) appendFileSync(order.record, `${file}\n`);
  return { ...loaded, source: mutated };
};
