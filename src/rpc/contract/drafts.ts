import { Drawer } from '../../objects/index.js';
import type { ApiOptions, RpcOptions } from './options.js';
import type { ApiRecord } from './records.js';

/** What the declarations of one contract class have said so far. */
export interface ApiDraft {
  api?: { readonly name: string; readonly options: ApiOptions };
  readonly methods: Map<string, RpcOptions>;
  /** The finished record, until something is added. */
  record?: ApiRecord | undefined;
}

/** Where classes keep what this room records about them. */
export const drafts = new Drawer<ApiDraft>('rpc/1', () => ({ methods: new Map() }));
