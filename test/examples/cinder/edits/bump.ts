import { api321, bumped, change, type Change, type Edit } from './edit.js';

/** What comes along with every break under a new minor. */
const MINOR = ['history/minor-with-break'] as const;

/** Cluster at a new version, in 3.21: an object that travels both ways. */
const cluster = (to: string, ...changes: readonly Change[]): readonly Change[] => [...bumped(['Cluster', '1.1', to]), ...changes];
/** Volume 1.10 in 3.21. */
const volume = (...changes: readonly Change[]): readonly Change[] => [...bumped(['Volume', '1.9', '1.10']), ...changes];

/** What Cluster declares of its name, and functions beside it. */
const clusterName = (declared: string, functions = ''): readonly Change[] => [
  change('cluster.ts', '@Field(t.string()) name!: string;', declared),
  change(
    'cluster.ts',
    "import { Field, VersionedObject, t } from 'lynchpin';",
    "import { Backport, Field, Upgrade, VersionedObject, t } from 'lynchpin';",
  ),
  change('cluster.ts', 'active_backend_id!: Text;', `active_backend_id!: Text;\n${functions}`),
];
const SIZE = '@Field(whole, { default: null }) size!: Whole;';
const FREEZE = '@Rpc({ returns: t.boolean(), idempotent: true }) freeze_host!: Method<void, boolean>;';
const GROWN = "'restoring'] as const;";
const GREW = "'1.5': { restoring: 'updating' },";

/** Changes under a new version, as they should be, but of a kind that a minor may not make, or that is worth a word. */
export const bump: readonly Edit[] = [
  {
    name: 'the level of a logger, which is only answered, tells since when',
    changes: [
      ...bumped(['LogLevel', '1.0', '1.1']),
      change('log-level.ts', 'level!: Text;', "level!: Text;\n@Field(text, { since: '1.1', default: null }) since!: Text;"),
    ],
    recorded: 'it',
    rule: 'object/field-added-out',
    severity: 'info',
  },
  {
    name: 'a field ends whose default is filled in for older readers',
    changes: volume(
      change(
        'volume.ts',
        '@Field(text, { default: null }) provider_geometry!: Text;',
        "@Field(text, { default: null, until: '1.10' }) provider_geometry?: string | null;",
      ),
    ),
    recorded: 'it',
    rule: 'object/field-removed-no-major',
    severity: 'info',
  },
  {
    name: 'a field gets another name, as one that ends and one that begins',
    changes: volume(
      change(
        'volume.ts',
        '@Field(text, { default: null }) display_name!: Text;',
        "@Field(text, { default: null, until: '1.10' }) display_name?: string | null;\n@Field(text, { since: '1.10', default: null }) displayed_name!: Text;",
      ),
    ),
    recorded: 'it',
    rule: 'object/field-renamed',
    severity: 'warn',
  },
  {
    name: 'a name that was taken away comes back as something else',
    changes: cluster(
      '1.4',
      change(
        'cluster.ts',
        'default: false }) frozen!: Default<boolean>;',
        "until: '1.2', default: false }) frozen?: boolean;\n@Field(moment, { since: '1.3', default: null, was: { until: '1.4', name: 'frozen' } }) frozen_at!: Moment;",
      ),
    ),
    recorded: 'it',
    rule: 'object/name-reused',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'the size of a volume may be text that says its unit',
    changes: volume(
      change(
        'volume.ts',
        SIZE,
        "@Field(t.nullable(t.either(t.integer(), t.string())), { default: null, was: { until: '1.10', type: whole } }) size!: Default<number | string | null>;",
      ),
    ),
    recorded: 'it',
    rule: 'object/type-widened',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'the number of hosts may be a fraction',
    changes: cluster(
      '1.2',
      change(
        'cluster.ts',
        '@Field(t.integer(), { default: 0 }) num_hosts',
        "@Field(t.number(), { default: 0, was: { until: '1.2', type: t.integer() } }) num_hosts",
      ),
    ),
    recorded: 'it',
    rule: 'object/type-widened',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'the status of a volume becomes an enum, without an upgrade for other text',
    changes: volume(
      change(
        'volume.ts',
        '@Field(text, { default: null }) status!: Text;',
        "@Field(t.nullable(t.enum(['available', 'error'])), { default: null, was: { until: '1.10', type: text } }) status!: Default<'available' | 'error' | null>;",
      ),
    ),
    recorded: 'it',
    rule: 'object/type-narrowed',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'when a volume was scheduled becomes the id of who did it',
    changes: volume(
      change(
        'volume.ts',
        '@Field(moment, { default: null }) scheduled_at!: Moment;',
        "@Field(uuid, { default: null, was: { until: '1.10', type: moment } }) scheduled_at!: Text;",
      ),
    ),
    recorded: 'it',
    rule: 'object/type-changed',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'a snapshot may be archiving, and older readers get no stand-in',
    changes: [
      ...bumped(['Snapshot', '1.6', '1.7']),
      change('snapshot.ts', GROWN, "'restoring', 'archiving'] as const;"),
      change('snapshot.ts', GREW, `${GREW}\n'1.7': ['archiving'],`),
    ],
    recorded: 'it',
    rule: 'object/enum-value-added',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'a snapshot may be archiving, and no value says "something else"',
    changes: [
      ...bumped(['Snapshot', '1.6', '1.7']),
      change('snapshot.ts', GROWN, "'restoring', 'archiving'] as const;"),
      change('snapshot.ts', GREW, `${GREW}\n'1.7': { archiving: 'updating' },`),
    ],
    recorded: 'it',
    rule: 'object/enum-default-fallback-missing',
    severity: 'info',
  },
  {
    name: 'a backup no longer knows the state in which it cannot be deleted',
    changes: [
      ...bumped(['Backup', '1.7', '1.8']),
      change(
        'backup.ts',
        'export type BackupStatus = (typeof BACKUP_STATUS)[number];',
        "const FEWER = ['error', 'creating', 'available', 'deleting', 'deleted', 'restoring'] as const;\nexport type BackupStatus = (typeof FEWER)[number];",
      ),
      change(
        'backup.ts',
        "t.enum(BACKUP_STATUS)), { default: null, was: { until: '1.3', type: text } }",
        "t.enum(FEWER)), { default: null, was: [{ until: '1.3', type: text }, { until: '1.8', type: t.nullable(t.enum(BACKUP_STATUS)) }] }",
      ),
    ],
    recorded: 'it',
    rule: 'object/enum-value-removed',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'the name of a cluster may be null',
    changes: cluster('1.2', ...clusterName("@Field(text, { was: { until: '1.2', type: t.string() } }) name!: string | null;")),
    recorded: 'it',
    rule: 'object/nonnull-to-nullable',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'the name of a cluster may be null, and then no longer',
    changes: cluster(
      '1.3',
      ...clusterName(
        "@Field(t.string(), { was: [{ until: '1.2', type: t.string() }, { until: '1.3', type: text }] }) name!: string;",
        "@Backport({ from: '1.2', to: '1.1' })\n  static named(cluster: any) {\n    return { ...cluster, name: cluster.name ?? '' };\n  }",
      ),
    ),
    recorded: 'it',
    rule: 'object/nullable-to-nonnull',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'the size of a volume must be positive',
    changes: volume(
      change(
        'volume.ts',
        SIZE,
        "@Field(t.nullable(t.integer({ minimum: 1 })), { default: null, was: { until: '1.10', type: whole } }) size!: Whole;",
      ),
    ),
    recorded: 'it',
    rule: 'object/constraint-tightened',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'the name of a cluster gets a limit, with an upgrade, and loses it again without a backport',
    changes: cluster(
      '1.3',
      ...clusterName(
        "@Field(t.string(), { was: [{ until: '1.2', type: t.string() }, { until: '1.3', type: t.string({ maxLength: 64 }) }] }) name!: string;",
        "@Upgrade({ from: '1.1', to: '1.2' })\n  static cut(cluster: any) {\n    return { ...cluster, name: cluster.name.slice(0, 64) };\n  }",
      ),
    ),
    recorded: 'it',
    rule: 'object/constraint-loosened',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'the name of a cluster follows one pattern, with an upgrade, and then another',
    changes: cluster(
      '1.3',
      ...clusterName(
        "@Field(t.string({ pattern: '^[a-z@]+$' }), { was: [{ until: '1.2', type: t.string() }, { until: '1.3', type: t.string({ pattern: '^[a-z]+$' }) }] }) name!: string;",
        "@Upgrade({ from: '1.1', to: '1.2' })\n  static plain(cluster: any) {\n    return { ...cluster, name: 'a' };\n  }",
      ),
    ),
    recorded: 'it',
    rule: 'object/pattern-changed',
    severity: 'warn',
  },
  {
    name: 'the policy of a retype becomes an enum, without an upgrade for other text',
    changes: [
      ...api321(),
      change(
        'messages/volumes.ts',
        "@Field(t.string(), { default: 'never' }) migration_policy!: Default<string>;",
        "@Field(t.enum(['never', 'on-demand']), { default: 'never', was: { until: '3.21', type: t.string() } }) migration_policy!: Default<'never' | 'on-demand'>;",
      ),
    ],
    recorded: 'it',
    rule: 'rpc/arg-type-changed',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'an argument ends whose default is filled in for older servers',
    changes: [
      ...api321(),
      change(
        'messages/volumes.ts',
        '@Field(reservations, { default: null }) old_reservations!: Reservations;',
        "@Field(reservations, { default: null, until: '3.21' }) old_reservations?: string[] | null;",
      ),
    ],
    recorded: 'it',
    rule: 'rpc/arg-removed',
    severity: 'info',
  },
  {
    name: 'what a method answers, without an object around it, may be one thing more',
    changes: [
      change('api.ts', "version: '3.20',", "version: '3.22',"),
      change(
        'api.ts',
        FREEZE,
        `${FREEZE}\n@Rpc({ since: '3.21', returns: t.enum(['cold', 'warm', 'hot'], { added: { '3.22': ['hot'] } }) }) heat!: Method<void, 'cold' | 'warm' | 'hot'>;`,
      ),
    ],
    recorded: 'it',
    rule: 'rpc/return-type-changed',
    severity: 'error',
    also: MINOR,
  },
  {
    name: 'a method gets another name, as one that ends and one that begins',
    changes: [
      ...api321(),
      change(
        'api.ts',
        '@Rpc({ takes: Retype }) retype!: Method<Retype>;',
        "@Rpc({ until: '3.21', takes: Retype }) retype!: Method<Retype>;\n@Rpc({ since: '3.21', takes: Retype }) retype_volume!: Method<Retype>;",
      ),
    ],
    recorded: 'it',
    rule: 'rpc/method-renamed',
    severity: 'warn',
  },
  {
    name: 'a method ends, and is served to those who know it',
    changes: [
      ...api321(),
      change('api.ts', '@Rpc({ takes: AcceptTransfer }) accept_transfer', "@Rpc({ until: '3.21', takes: AcceptTransfer }) accept_transfer"),
    ],
    recorded: 'it',
    rule: 'rpc/method-removed-in-minor',
    severity: 'info',
  },
  {
    name: 'a method is deleted, instead of ended',
    changes: [change('api.ts', '@Rpc({ takes: CopyVolumeToImage }) copy_volume_to_image!: Method<CopyVolumeToImage>;', '')],
    rule: 'rpc/method-removed-in-minor',
    severity: 'error',
  },
  {
    name: 'a method that could be repeated no longer can',
    changes: [change('api.ts', '@Rpc({ takes: DeleteVolume, idempotent: true })', '@Rpc({ takes: DeleteVolume })')],
    rule: 'rpc/mode-changed',
    severity: 'error',
  },
  {
    name: 'a method is renamed, and its old name forgotten',
    changes: [
      change(
        'api.ts',
        "@Rpc({ was: { until: '3.8', name: 'failover_host' }, takes: Failover })",
        "@Rpc({ since: '3.8', takes: Failover })",
      ),
    ],
    rule: 'rpc/method-removed-in-minor',
    severity: 'error',
  },
  {
    name: 'the API moves to another topic',
    changes: [change('api.ts', "topic: 'cinder-volume',", "topic: 'cinder-volumes',")],
    rule: 'rpc/routing-changed',
    severity: 'error',
    // The new topic has no recording, and the old one was promised.
    also: ['lock/missing-entry', 'history/window-broken'],
  },
];
