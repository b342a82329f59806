import { Backport, Field, Lossy, Message, t, Upgrade, VersionedObject, type Default, type Json, type Older, type Wire } from 'lynchpin';
import type { Carries } from '#lynchpin/objects/index.js';

/** Where an animal was seen. */
@VersionedObject({ version: '1.2' })
export class Sighting {
  @Field(t.datetime()) at!: Date;
  @Field(t.number({ minimum: -90, maximum: 90 }), { was: { until: '1.1', name: 'lat' } }) latitude!: number;
  @Field(t.enum(['day', 'night', 'dusk', 'dawn'], { added: { '1.1': { dusk: 'night' }, '1.2': { dawn: 'dusk' } } })) light!:
    | 'day'
    | 'night'
    | 'dusk'
    | 'dawn';
  @Field(t.nullable(t.object(() => Animal)), { since: '1.2', default: null }) prey!: Default<Animal | null>;
}

@VersionedObject({ version: '1.0' })
export class Fur {
  @Field(t.enum(['fur'])) kind!: 'fur';
  @Field(t.string({ maxLength: 8 })) colour!: string;
}

@VersionedObject({ version: '1.1' })
export class Scales {
  @Field(t.enum(['scales'])) kind!: 'scales';
  @Field(t.integer({ minimum: 0 }), { since: '1.1', default: 0 }) count!: Default<number>;
}

/** A class with every type of field and every kind of change. */
@VersionedObject({ version: '1.3' })
@Lossy({ from: '1.2', to: '1.1', fields: ['sightings'], reason: 'readers at 1.1 know the last sighting alone' })
@Lossy({ from: '1.1', to: '1.0', fields: ['weight'], reason: 'readers at 1.0 know whole kilograms' })
export class Animal {
  @Field(t.uuid()) id!: string;
  @Field(t.string({ minLength: 1, maxLength: 20 }), { was: { until: '1.2', name: 'title' } }) name!: string;
  @Field(t.number({ minimum: 0, maximum: 1e6 }), { was: { until: '1.1', type: t.integer({ minimum: 0, maximum: 1e6 }) } }) weight!: number;
  @Field(t.bigint({ minimum: 0n })) cells!: bigint;
  @Field(t.bytes({ maxLength: 16 }), { optional: true }) genome?: Uint8Array;
  @Field(t.map(t.datetime())) seen!: Record<string, Date>;
  @Field(t.json(), { default: null }) notes!: Default<Json>;
  @Field(t.either(t.string(), t.integer()), { since: '1.1', optional: true }) tag?: string | number;
  @Field(t.union('kind', { fur: () => Fur, scales: () => Scales })) skin!: Fur | Scales;
  @Field(t.list(t.list(t.boolean())), { since: '1.3', default: () => [[]] }) matrix!: Default<boolean[][]>;
  @Field(t.list(t.object(() => Sighting)), { since: '1.2', default: () => [] }) sightings!: Default<Sighting[]>;
  @Field(t.nullable(t.object(() => Sighting)), { until: '1.2', default: null }) last?: Sighting | null;
  @Field(t.map(t.object(() => Animal)), { optional: true }) young?: Record<string, Animal>;

  @Backport({ from: '1.2', to: '1.1' })
  static lastSighting(animal: Wire<Animal>) {
    return { ...animal, last: animal.sightings.at(-1) ?? null };
  }

  @Upgrade({ from: '1.1', to: '1.2' })
  static oneSighting(animal: Older<Animal>) {
    return { ...animal, sightings: animal.last ? [animal.last] : [] };
  }

  @Backport({ from: '1.1', to: '1.0' })
  static wholeKilograms(animal: Older<Animal>) {
    return { ...animal, weight: Math.round(animal.weight ?? 0) };
  }
}

/** A request with parts of its own. */
@Message()
export class Feed {
  @Field(
    t.list(
      t.object(() => Animal),
      { maxItems: 3 },
    ),
  )
  animals!: Animal[];
  @Field(t.string(), { since: '3.2', default: 'hay' }) food!: Default<string>;
  @Field(
    t.object(() => Portion),
    { since: '3.3', optional: true },
  )
  portion?: Portion;
}

@Message()
export class Portion {
  @Field(t.number()) amount!: number;
  @Field(t.enum(['kg', 'lb']), { since: '3.4', default: 'kg' }) unit!: Default<'kg' | 'lb'>;
}

export const CARRIES = {
  '3.1': { Animal: '1.1', Sighting: '1.1' },
  '3.2': { Animal: '1.2' },
  '3.3': { Scales: '1.1' },
  '3.4': { Animal: '1.3', Sighting: '1.2' },
} as const satisfies Carries;

export const VERSIONS = ['3.0', '3.1', '3.2', '3.3', '3.4'] as const;
