import { api321, bumped, change, type Change } from './edit.js';

/** Something that does not even get as far as the rules: the declaration is refused. */
export interface Refused {
  readonly name: string;
  readonly changes: readonly Change[];
  /** What the refusal must speak of. */
  readonly about: RegExp;
}

/** Edits whose declaration throws `DECLARATION`. The rules about them remain for recordings and for other ways to get there. */
export const refused: readonly Refused[] = [
  {
    name: 'a required field without a default, which object/required-field-added-no-default would find',
    changes: [
      ...bumped(['Cluster', '1.1', '1.2']),
      change(
        'cluster.ts',
        '@Field(t.string()) binary!: string;',
        "@Field(t.string()) binary!: string;\n  @Field(t.string(), { since: '1.2' }) zone!: string;",
      ),
    ],
    about: /Cluster\.zone/,
  },
  {
    name: 'a required argument without a default, which rpc/arg-added-no-default would find',
    changes: [
      ...api321(),
      change(
        'messages/volumes.ts',
        '@Field(t.boolean()) force_host_copy!: boolean;',
        "@Field(t.boolean()) force_host_copy!: boolean;\n  @Field(t.string(), { since: '3.21' }) why!: string;",
      ),
    ],
    about: /MigrateVolume\.why/,
  },
  {
    name: 'a required field that ends and that nothing makes, which object/backport-missing-for-field would find',
    changes: [
      ...bumped(['Cluster', '1.1', '1.2']),
      change('cluster.ts', '@Field(t.string()) binary!: string;', "@Field(t.string(), { until: '1.2' }) binary?: string;"),
    ],
    about: /Cluster\.binary/,
  },
  {
    name: 'a default of another type, which object/default-invalid would find',
    changes: [
      change('cluster.ts', '@Field(t.integer(), { default: 0 }) num_hosts', '@Field(t.integer({ minimum: 1 }), { default: 0 }) num_hosts'),
    ],
    about: /Cluster\.num_hosts/,
  },
  {
    name: 'a type that shares no values with the old one, which object/type-changed would find',
    changes: [
      ...bumped(['Cluster', '1.1', '1.2']),
      change(
        'cluster.ts',
        '@Field(t.integer(), { default: 0 }) num_down_hosts',
        "@Field(t.string(), { default: '', was: { until: '1.2', type: t.integer() } }) num_down_hosts",
      ),
    ],
    about: /Cluster\.num_down_hosts/,
  },
  {
    name: 'carrying an older version later on, which history/parent-child-out-of-order would find',
    changes: [...api321("Volume: '1.8'")],
    about: /Volume/,
  },
  {
    name: 'a function between versions that are not there, which backport/unreachable would find',
    changes: [change('volume-type.ts', "@Backport({ from: '1.1', to: '1.0' })", "@Backport({ from: '1.5', to: '1.4' })")],
    about: /VolumeType/,
  },
];
