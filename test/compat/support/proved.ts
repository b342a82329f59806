import { declaredIn, lawFacts, surfaceOf, type LawFinding, type LawInput } from '#lynchpin/compat/index.js';
import { defineObject, t, type Class } from 'lynchpin';

/** Everything that speaks against the laws in some declarations, with nothing recorded unless it is said. */
export function proved(declarations: Readonly<Record<string, unknown>>, input: Partial<LawInput> = {}): LawFinding[] {
  const declared = declaredIn(declarations);
  const recorded = { origin: 'compat/', entries: [] };
  return lawFacts({ declared, surface: surfaceOf(declared), recorded, ...input }).flatMap((fact) => fact.prove());
}

/** Plain data as conversion functions see it here: the tests write functions that no compiler would let pass. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Data = any;

/** What a class is declared with here; see {@link thing}. */
export interface Thing {
  readonly version?: string;
  /** Where the line begins, and what earlier majors ended with. Default: 1.0. */
  readonly from?: { readonly floor: string; readonly previous: Readonly<Record<number, string>> };
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Functions down, by the version that they start from. */
  readonly down?: Readonly<Record<string, (data: Data) => unknown>>;
  /** Functions up, by the version that they lead to. */
  readonly up?: Readonly<Record<string, (data: Data) => unknown>>;
  readonly losses?: readonly { readonly from: string; readonly to: string; readonly fields: readonly string[]; readonly reason: string }[];
}

/** Declares a class without regard to types: it has an id, a name and tags at every version, and what is said besides. */
export function thing(name: string, { version = '1.1', from, fields = {}, down = {}, up = {}, losses = [] }: Thing): Class<object> {
  const before = (at: string): string => `1.${Number(at.slice(2)) - 1}`;
  const define = defineObject as unknown as (owner: Class<object>, definition: object) => Class<object>;
  return define(class {}, {
    name,
    version,
    ...from,
    fields: { id: t.uuid(), name: t.string({ maxLength: 12 }), tags: t.list(t.string({ maxLength: 5 })), ...fields },
    backports: Object.entries(down).map(([from, run]) => ({ from, to: before(from), run })),
    upgrades: Object.entries(up).map(([to, run]) => ({ from: before(to), to, run })),
    losses,
  });
}
