import type { ApiFacts, ConversionFacts, FieldFacts, LiveApi, LiveObject, Recorded, Surface } from '../../compat/index.js';
import type { Version } from '../../versions/index.js';

/** Orders versions, the oldest first. */
export type Order = (a: Version, b: Version) => number;

/** One version of an API, and what is between it and today. */
export interface MatrixRow {
  readonly api: string;
  readonly version: Version;
  readonly released: string | undefined;
  /** Whether the code still reads it. */
  readonly inWindow: boolean;
  /** The version of each object that it carries. */
  readonly carries: Readonly<Record<string, string>>;
  /** What of it differs from the version before; all of it at the first. */
  readonly carriesNew: Readonly<Record<string, string>>;
  /** Methods of today that it does not have. */
  readonly missingMethods: readonly string[];
  /** Fields of today that peers at this version do not get: `Volume.tier`, or do not send: `Create.tier`. Undefined below the window. */
  readonly lost: readonly Loss[] | undefined;
}

/** Something of today that a version cannot express. */
export interface Loss {
  /** `Volume.attachments`. */
  readonly field: string;
  /** Undefined where the field simply does not exist there. */
  readonly reason: string | undefined;
}

/** Every version of every API, those of the code and those that are only recorded, oldest first. */
export function matrixOf(surface: Surface, recorded: Recorded, order: Order): readonly MatrixRow[] {
  return surface.apis.flatMap((api) => {
    const entries = recorded.entries.filter(({ facts }) => facts.kind === 'api' && facts.name === api.name);
    const versions = [...new Set([...api.versions, ...entries.map(({ facts }) => facts.version)])].sort(order);
    let before: Readonly<Record<string, string>> = {};
    return versions.flatMap((version): MatrixRow[] => {
      const known = entries.find(({ facts }) => facts.version === version);
      const facts = (api.entries.get(version)?.facts ?? known?.facts) as ApiFacts | undefined;
      if (facts === undefined) return [];
      const earlier = before;
      before = facts.carries;
      return [
        {
          api: api.name,
          version,
          released: known?.released,
          inWindow: api.versions.includes(version),
          carries: facts.carries,
          carriesNew: Object.fromEntries(Object.entries(facts.carries).filter(([name, one]) => earlier[name] !== one)),
          missingMethods: missingMethods(api, facts),
          lost: api.versions.includes(version) ? lostAt(api, facts, surface, order) : undefined,
        },
      ];
    });
  });
}

function todayOf(api: LiveApi): ApiFacts | undefined {
  const head = api.versions.at(-1);
  return head === undefined ? undefined : api.entries.get(head)?.facts;
}

function missingMethods(api: LiveApi, { methods }: ApiFacts): readonly string[] {
  // The name before a rename is the same method.
  const earlier = (name: string): readonly string[] => [
    name,
    ...api.renames.filter((one) => one.name === name).flatMap(({ was }) => earlier(was)),
  ];
  return Object.keys(todayOf(api)?.methods ?? {}).filter((name) => !earlier(name).some((one) => Object.hasOwn(methods, one)));
}

function lostAt(api: LiveApi, { carries, messages }: ApiFacts, surface: Surface, order: Order): readonly Loss[] {
  const today = todayOf(api);
  if (today === undefined) return [];
  const objects = Object.entries(carries).flatMap(([name, version]) => {
    const object = surface.objects.find((one) => one.name === name);
    const head = today.carries[name];
    return object === undefined || head === undefined ? [] : objectLosses(object, version, head, order);
  });
  const requests = Object.entries(messages).flatMap(([name, { fields }]) =>
    absent(name, today.messages[name]?.fields ?? {}, fields, api.conversions[name]),
  );
  return [...objects, ...requests];
}

function objectLosses(object: LiveObject, version: Version, head: Version, order: Order): readonly Loss[] {
  const at = (one: Version): Readonly<Record<string, FieldFacts>> => object.entries.get(one)?.facts.fields ?? {};
  const declared = object.conversions.losses
    // A loss between two versions concerns whoever is below the upper one.
    .filter(({ from, to }) => order(from, to) > 0 && order(version, from) < 0 && order(from, head) <= 0)
    .flatMap(({ fields, reason }) => fields.map((field) => ({ field: `${object.name}.${field}`, reason })));
  const gone = absent(object.name, at(head), at(version), object.conversions).filter(
    ({ field }) => !declared.some((one) => one.field === field),
  );
  return [...gone, ...declared];
}

/** Fields of today that an older version does not have, under no earlier name either. */
function absent(
  of: string,
  today: Readonly<Record<string, FieldFacts>>,
  older: Readonly<Record<string, FieldFacts>>,
  conversions: ConversionFacts | undefined,
): readonly Loss[] {
  const earlier = (name: string): readonly string[] => [
    name,
    ...(conversions?.renames ?? []).filter((one) => one.name === name).flatMap(({ was }) => earlier(was)),
  ];
  return Object.keys(today)
    .filter((name) => !earlier(name).some((one) => Object.hasOwn(older, one)))
    .map((name) => ({ field: `${of}.${name}`, reason: undefined }));
}
