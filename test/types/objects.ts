// Compiled in both decorator dialects by both compilers: what must be accepted is, and each line marked @ts-expect-error is not.
import {
  Backport,
  defineMessage,
  defineObject,
  Field,
  Lossy,
  Message,
  t,
  Upgrade,
  VersionedObject,
  type Default,
  type Input,
  type Json,
  type Older,
  type ShapeValue,
  type Wire,
} from 'lynchpin';

type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
declare function is<_True extends true>(): void;

@VersionedObject({ version: '1.2' })
@Lossy({ from: '1.2', to: '1.1', fields: ['attachments'], reason: 'readers at 1.1 know one host' })
export class Volume {
  @Field(t.uuid()) id!: string;
  @Field(t.integer({ minimum: 1 })) sizeGb!: number;
  @Field(t.enum(['creating', 'available', 'restoring'], { added: { '1.1': { restoring: 'creating' } } })) status!:
    | 'creating'
    | 'available'
    | 'restoring';
  @Field(t.datetime()) createdAt!: Date;
  @Field(t.map(t.string())) metadata!: Record<string, string>;
  @Field(t.map(t.json())) extra!: Record<string, Json>;
  @Field(t.bigint()) bytes!: bigint;
  @Field(t.bytes()) digest!: Uint8Array;
  @Field(t.string(), { since: '1.1', default: 'standard' }) tier!: Default<string>;
  @Field(t.list(t.object(() => Attachment)), { since: '1.2', default: () => [] }) attachments!: Default<Attachment[]>;
  @Field(t.nullable(t.object(() => Volume)), { since: '1.2', default: null }) source!: Default<Volume | null>;
  @Field(t.either(t.string(), t.integer()), { optional: true }) label?: string | number;
  @Field(t.nullable(t.string()), { until: '1.2' }) host?: string | null;

  @Backport({ from: '1.2', to: '1.1' })
  static firstHost(volume: Wire<Volume>) {
    return { ...volume, host: volume.attachments[0]?.host ?? null };
  }

  @Upgrade({ from: '1.1', to: '1.2' })
  static hostToAttachment(volume: Older<Volume>) {
    return { ...volume, attachments: volume.host ? [{ host: volume.host, volume: null }] : [] };
  }

  describe(): string {
    return `${this.id} ${this.tier}`;
  }
}

@VersionedObject({ version: '1.0' })
export class Attachment {
  @Field(t.string()) host!: string;
  @Field(t.nullable(t.object(() => Volume))) volume!: Volume | null;
}

@Message()
export class CreateVolume {
  @Field(t.integer({ minimum: 1 })) sizeGb!: number;
  @Field(t.string(), { since: '3.2', default: 'standard' }) tier!: Default<string>;
}

@Message()
export class Card {
  @Field(t.enum(['card'])) kind!: 'card';
  @Field(t.string()) number!: string;
}

@Message()
export class Transfer {
  @Field(t.enum(['transfer'])) kind!: 'transfer';
  @Field(t.string()) iban!: string;
}

@Message()
export class Payment {
  @Field(t.union('kind', { card: () => Card, transfer: () => Transfer }, { added: { '3.2': ['transfer'] } })) by!: Card | Transfer;
  @Field(t.json<{ colour: string }>()) style!: { colour: string };
}

// What the derived types are.
is<Same<Wire<Volume>['createdAt'], string>>();
is<Same<Wire<Volume>['bytes'], string>>();
is<Same<Wire<Volume>['digest'], string>>();
is<Same<Wire<Volume>['tier'], string>>();
is<Same<Wire<Volume>['extra'], { [key: string]: Json }>>();
is<Same<Wire<Volume>['status'], 'creating' | 'available' | 'restoring'>>();
is<Same<Wire<Attachment>['volume'], Wire<Volume> | null>>();
is<Same<Wire<Volume>['source'], Wire<Volume> | null>>();
is<'describe' extends keyof Wire<Volume> ? false : true>();
is<Same<Input<CreateVolume>, { sizeGb: number; tier?: string }>>();
is<Same<Input<Volume>['createdAt'], Date>>();
is<Same<Input<Flag>, { on?: boolean; mode?: 'x' | 'y'; at?: Date; none?: string | null }>>();
is<Same<Wire<Flag>, { on: boolean; mode: 'x' | 'y'; at: string; none: string | null }>>();
const list = t.list(t.object(() => Volume));
is<Same<ShapeValue<typeof list>, Volume[]>>();
is<Same<ShapeValue<typeof Volume>, Volume>>();
is<Same<ShapeValue<undefined>, void>>();
export const asInput: Input<Attachment> = new Attachment();
export function narrowed(payment: Payment, mode: Default<'x' | 'y'>, size: Default<number>): string {
  const by = payment.by.kind === 'card' ? payment.by.number : payment.by.iban;
  const plain: 'x' | 'y' = mode;
  switch (plain) {
    case 'x':
      return by + (size + 1);
    case 'y':
      return by;
  }
}

@Message()
export class Flag {
  @Field(t.boolean(), { default: false }) on!: Default<boolean>;
  @Field(t.enum(['x', 'y']), { default: 'x' }) mode!: Default<'x' | 'y'>;
  @Field(t.datetime(), { default: () => new Date(0) }) at!: Default<Date>;
  @Field(t.nullable(t.string()), { default: null }) none!: Default<string | null>;
}

export class Wrong {
  // @ts-expect-error another type
  @Field(t.string()) a!: number;
  // @ts-expect-error null is not declared
  @Field(t.nullable(t.string())) b!: string;
  // @ts-expect-error null is declared, but the field has none
  @Field(t.string()) c!: string | null;
  // @ts-expect-error unset is declared, but the field is always set
  @Field(t.string()) d?: string;
  // @ts-expect-error the field may be unset
  @Field(t.string(), { optional: true }) e!: string;
  @Field(t.nullable(t.string()), { optional: true }) f?: string | null;
  @Field(t.string(), { deprecated: { since: '1.1', use: 'f', removeIn: '2.0' } }) passing!: string;
  // @ts-expect-error a deprecation says since when
  @Field(t.string(), { deprecated: { use: 'f' } }) undated!: string;
  // @ts-expect-error narrower than the enum
  @Field(t.enum(['x', 'y'])) g!: 'x';
  // @ts-expect-error wider than the enum
  @Field(t.enum(['x', 'y'])) h!: string;
  // @ts-expect-error another class
  @Field(t.object(() => Card)) i!: Date;
  // @ts-expect-error a default of another type
  @Field(t.integer(), { default: 'x' }) j!: Default<number>;
  // @ts-expect-error Default without a default
  @Field(t.integer()) k!: Default<number>;
  // @ts-expect-error a default without Default
  @Field(t.integer(), { default: 1 }) l!: number;
  // @ts-expect-error a misspelt option
  @Field(t.integer(), { sinse: '1.1' }) m!: number;
  // @ts-expect-error not a version
  @Field(t.integer(), { since: 'x' }) n!: number;
  // @ts-expect-error a field that ended is unset in new objects
  @Field(t.integer(), { until: '1.1' }) o!: number;
  // @ts-expect-error a tag that the class does not have
  @Field(t.union('kind', { card: () => Transfer })) p!: Transfer;
  // @ts-expect-error a fallback that is not one of the values
  @Field(t.enum(['x', 'y'], { added: { '1.1': { y: 'z' } } })) q!: 'x' | 'y';
  @Field(t.list(t.nullable(t.datetime()))) r!: (Date | null)[];
  @Field(t.map(t.list(t.integer()))) s!: Record<string, number[]>;
  @Field(t.integer(), { default: 3 }) u!: Default<number>;
  // @ts-expect-error a method is not a field
  @Field(t.string()) v() {}
  // @ts-expect-error a field that the class does not have
  @Backport({ from: '1.2', to: '1.1' }) static w(data: Wire<Wrong>) {
    return { ...data, nope: 1 };
  }
  // @ts-expect-error a backport of another class
  @Backport({ from: '1.2', to: '1.1' }) static x(data: Wire<Volume>) {
    return { ...data };
  }
  @Backport({ from: '1.2', to: '1.1' }) static y(data: Wire<Wrong>) {
    return { ...data, u: 1 };
  }
  // @ts-expect-error not static
  @Backport({ from: '1.2', to: '1.1' }) z(data: Wire<Wrong>) {
    return { ...data, u: 1 };
  }
  // @ts-expect-error older data may lack every field
  @Upgrade({ from: '1.1', to: '1.2' }) static za(data: Wire<Wrong>) {
    return { ...data };
  }
  @Upgrade({ from: '1.1', to: '1.2' }) static zb(data: Older<Wrong, { u: string }>) {
    return { u: Number(data.u) };
  }
  // @ts-expect-error a field of another type
  @Backport({ from: '1.2', to: '1.1' }) static zc(data: Wire<Wrong>) {
    return { ...data, u: 'x' };
  }
}

// The same without decorators.
export class Plain {
  id!: string;
  tier!: Default<string>;
  at?: Date;
}
defineObject(Plain, {
  version: '1.1',
  fields: { id: t.uuid(), tier: [t.string(), { since: '1.1', default: 'standard' }], at: [t.datetime(), { optional: true }] },
  backports: [{ from: '1.1', to: '1.0', run: (data) => ({ ...data, id: data.tier }) }],
  upgrades: [{ from: '1.0', to: '1.1', run: (data) => ({ ...data, tier: data.id ?? '' }) }],
  losses: [{ from: '1.1', to: '1.0', fields: ['tier'], reason: 'kept in the id' }],
});
defineMessage(
  class Ping {
    id!: string;
  },
  { fields: { id: t.uuid() } },
);
defineMessage(
  class Ping {
    id!: number;
  },
  // @ts-expect-error another type
  { fields: { id: t.uuid() } },
);
defineMessage(
  class Ping {
    id!: string;
  },
  // @ts-expect-error a field that the class does not have
  { fields: { id: t.uuid(), other: t.uuid() } },
);
defineMessage(
  class Ping {
    id!: string;
  },
  // @ts-expect-error a default without Default
  { fields: { id: [t.uuid(), { default: 'x' }] } },
);
defineObject(Plain, {
  version: '1.1',
  fields: { id: t.uuid() },
  // @ts-expect-error a field of another type
  backports: [{ from: '1.1', to: '1.0', run: (data) => ({ ...data, tier: 3 }) }],
});
