import type { LaneView, Totals } from './views.js';

/** What happens, as it is told to whoever watches. `--json` prints these as they are. */
export type Happening =
  | {
      readonly event: 'start';
      readonly broker: string;
      readonly seed: number;
      readonly settle: number;
      readonly seconds: number;
      readonly calls: number;
    }
  | { readonly event: 'act'; readonly act: number; readonly of: number; readonly title: string }
  | { readonly event: 'narration'; readonly text: string }
  | {
      readonly event: 'server';
      readonly server: string;
      readonly release: string;
      readonly reads: readonly [string, string];
      readonly state: string;
    }
  | {
      readonly event: 'pin';
      readonly client: string;
      readonly version: string;
      readonly state: string;
      readonly by: readonly string[];
      readonly why: string;
    }
  | ({ readonly event: 'totals'; readonly lanes: readonly LaneView[] } & Totals)
  | { readonly event: 'problem'; readonly name: string; readonly text: string }
  | { readonly event: 'finding'; readonly ok: boolean; readonly text: string }
  | ({ readonly event: 'end'; readonly ok: boolean; readonly seconds: number; readonly pins: Readonly<Record<string, string>> } & Totals);
