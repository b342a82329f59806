import { change, type Edit } from './edit.js';

/** Changes to what is released, without a new version: the mistake that everyone makes. */
export const identity: readonly Edit[] = [
  {
    name: 'Volume gets a field, and nobody thinks of its version',
    changes: [
      change(
        'volume.ts',
        '@Field(text, { default: null }) host!: Text;',
        '@Field(text, { default: null }) host!: Text;\n@Field(text, { default: null }) pool!: Text;',
      ),
    ],
    rule: 'object/field-added-no-bump',
    severity: 'error',
  },
  {
    name: 'Backup gets a field under the version that was released last',
    changes: [
      change(
        'backup.ts',
        "@Field(strings, { since: '1.5', default: null })",
        "@Field(whole, { since: '1.7', default: null }) chunk_size!: Whole;\n@Field(strings, { since: '1.5', default: null })",
      ),
    ],
    rule: 'object/field-added-no-bump',
    severity: 'error',
  },
  {
    name: 'qos_specs_id is said to have come a version earlier than it did',
    changes: [change('volume-type.ts', "@Field(uuid, { since: '1.3', default: null })", "@Field(uuid, { since: '1.2', default: null })")],
    rule: 'object/field-added-no-bump',
    severity: 'error',
  },
  {
    name: 'shared_targets is said to have come a version later than it did',
    changes: [change('volume.ts', "{ since: '1.8', default: true }) shared_targets", "{ since: '1.9', default: true }) shared_targets")],
    rule: 'object/field-removed-no-bump',
    severity: 'error',
  },
  {
    name: 'a field that nobody seems to use is deleted',
    changes: [change('volume-attachment.ts', '@Field(text, { default: null }) attach_mode!: Text;', '')],
    rule: 'object/field-removed-no-bump',
    severity: 'error',
  },
  {
    name: 'the name of a group becomes a number',
    changes: [
      change(
        'group.ts',
        '@Field(text, { default: null }) name!: Text;',
        '@Field(t.nullable(t.integer()), { default: null }) name!: Default<number | null>;',
      ),
    ],
    rule: 'object/field-changed-no-bump',
    severity: 'error',
  },
  {
    name: 'a cluster has one host unless it says otherwise',
    changes: [change('cluster.ts', '@Field(t.integer(), { default: 0 }) num_hosts', '@Field(t.integer(), { default: 1 }) num_hosts')],
    rule: 'object/field-changed-no-bump',
    severity: 'error',
  },
  {
    name: 'the metadata of a snapshot may be left out',
    changes: [
      change(
        'snapshot.ts',
        '@Field(t.map(t.string())) metadata!: Record<string, string>;',
        '@Field(t.map(t.string()), { optional: true }) metadata?: Record<string, string>;',
      ),
    ],
    rule: 'object/field-changed-no-bump',
    severity: 'error',
  },
  {
    name: 'the attachments of a volume are limited to sixteen',
    changes: [
      change('volume.ts', 't.list(t.object(() => VolumeAttachment))', 't.list(t.object(() => VolumeAttachment), { maxItems: 16 })'),
    ],
    rule: 'object/field-changed-no-bump',
    severity: 'error',
  },
  {
    name: 'an attachment may be in maintenance',
    changes: [change('attach-status.ts', "'reserved', 'deleted']", "'reserved', 'maintenance', 'deleted']")],
    rule: 'object/field-changed-no-bump',
    severity: 'error',
  },
  {
    name: 'an attachment is no longer reserved',
    changes: [change('attach-status.ts', "'reserved', 'deleted']", "'deleted']")],
    rule: 'object/field-changed-no-bump',
    severity: 'error',
  },
  {
    name: 'restoring is said to have been a state one version earlier',
    changes: [
      change(
        'snapshot.ts',
        "'1.4': { 'backing-up': 'updating' },\n      '1.5': { restoring: 'updating' },",
        "'1.4': { 'backing-up': 'updating', restoring: 'updating' },",
      ),
    ],
    rule: 'object/field-changed-no-bump',
    severity: 'error',
  },
  {
    name: 'every text gets a limit, in one line',
    changes: [
      change('types.ts', 'export const text = t.nullable(t.string());', 'export const text = t.nullable(t.string({ maxLength: 255 }));'),
    ],
    rule: 'object/field-changed-no-bump',
    severity: 'error',
    also: ['rpc/signature-changed-no-bump'],
  },
  {
    name: '3.13 carries the group that came with 3.14',
    changes: [change('carries.ts', "'3.14': { Group: '1.2' },", "'3.13': { Group: '1.2' },")],
    rule: 'object/child-bumped-parent-not',
    severity: 'error',
  },
  {
    name: 'carries forgets what Rocky changed of VolumeAttachment',
    changes: [change('carries.ts', "VolumeAttachment: '1.3', ", '')],
    rule: 'object/child-bumped-parent-not',
    severity: 'error',
  },
  {
    name: 'a method is added to 3.20',
    changes: [
      change(
        'api.ts',
        '@Rpc({ takes: RemoveExport, idempotent: true }) remove_export!: Method<RemoveExport>;',
        "@Rpc({ takes: RemoveExport, idempotent: true }) remove_export!: Method<RemoveExport>;\n@Rpc({ since: '3.20', takes: OneVolume }) rehome!: Method<OneVolume>;",
      ),
    ],
    rule: 'rpc/method-added-no-bump',
    severity: 'error',
  },
  {
    name: 'reimage is said to have come a version earlier than it did',
    changes: [change('api.ts', "@Rpc({ since: '3.18', takes: Reimage })", "@Rpc({ since: '3.17', takes: Reimage })")],
    rule: 'rpc/method-added-no-bump',
    severity: 'error',
  },
  {
    name: 'deleting a volume may purge it',
    changes: [
      change(
        'messages/volumes.ts',
        '@Field(t.boolean(), { default: false }) cascade!: Default<boolean>;',
        '@Field(t.boolean(), { default: false }) cascade!: Default<boolean>;\n@Field(t.boolean(), { default: false }) purge!: Default<boolean>;',
      ),
    ],
    rule: 'rpc/arg-added-no-bump',
    severity: 'error',
  },
  {
    name: 'no_snapshots is said to have come a version earlier than it did',
    changes: [
      change('messages/volumes.ts', "{ since: '3.16', default: false }) no_snapshots", "{ since: '3.15', default: false }) no_snapshots"),
    ],
    rule: 'rpc/arg-added-no-bump',
    severity: 'error',
  },
  {
    name: 'migrating no longer takes force_host_copy',
    changes: [change('messages/volumes.ts', '@Field(t.boolean()) force_host_copy!: boolean;', '')],
    rule: 'rpc/signature-changed-no-bump',
    severity: 'error',
  },
  {
    name: 'the new size of a volume must be positive',
    changes: [
      change(
        'messages/volumes.ts',
        'export class ExtendVolume {\n  @Field(t.object(() => Volume)) volume!: Volume;\n  /** In GiB. */\n  @Field(t.integer())',
        'export class ExtendVolume {\n  @Field(t.object(() => Volume)) volume!: Volume;\n  /** In GiB. */\n  @Field(t.integer({ minimum: 1 }))',
      ),
    ],
    rule: 'rpc/signature-changed-no-bump',
    severity: 'error',
  },
  {
    name: 'reverting takes a volume and nothing else',
    changes: [
      change(
        'api.ts',
        'takes: RevertToSnapshot }) revert_to_snapshot!: Method<RevertToSnapshot>',
        'takes: OneVolume }) revert_to_snapshot!: Method<OneVolume>',
      ),
    ],
    rule: 'rpc/signature-changed-no-bump',
    severity: 'error',
  },
  {
    name: 'the id that a migration answers becomes any text',
    changes: [change('api.ts', 'returns: t.uuid() }) migrate_volume_completion', 'returns: t.string() }) migrate_volume_completion')],
    rule: 'rpc/return-changed-no-bump',
    severity: 'error',
  },
  {
    name: 'freezing a host answers nothing',
    changes: [
      change(
        'api.ts',
        '@Rpc({ returns: t.boolean(), idempotent: true }) freeze_host!: Method<void, boolean>;',
        '@Rpc({ idempotent: true }) freeze_host!: Method;',
      ),
    ],
    rule: 'rpc/return-changed-no-bump',
    severity: 'error',
  },
  {
    name: 'an error is no longer told',
    changes: [change('api.ts', 'errors: [InvalidVolume, VolumeNotFound, SnapshotNotFound]', 'errors: [InvalidVolume, VolumeNotFound]')],
    rule: 'rpc/error-changed-no-bump',
    severity: 'warn',
  },
];
