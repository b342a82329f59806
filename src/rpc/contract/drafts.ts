import { LynchpinError } from '../../errors/index.js';
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

/** Notes what a class says of its whole contract, once. */
export function declareApi(draft: ApiDraft, name: string, options: ApiOptions): void {
  if (draft.api !== undefined) throw new LynchpinError('DECLARATION', `${name} is declared as a contract twice`, { class: name });
  draft.record = undefined;
  draft.api = { name, options };
}

/** Notes what a class says of one method, once. */
export function declareMethod(draft: ApiDraft, property: string, options: RpcOptions): void {
  if (draft.methods.has(property)) throw new LynchpinError('DECLARATION', `the method ${property} is declared twice`, { method: property });
  draft.record = undefined;
  draft.methods.set(property, options);
}
