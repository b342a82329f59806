import { api321, bumped, change, type Edit } from './edit.js';

const POOL = change(
  'volume.ts',
  '@Field(text, { default: null }) host!: Text;',
  "@Field(text, { default: null }) host!: Text;\n@Field(text, { since: '1.10', default: null }) pool!: Text;",
);

/** What is wrong with versions and names, or with what is recorded of them. */
export const history: readonly Edit[] = [
  {
    name: 'a field comes with a new version, and nothing is recorded',
    changes: [...bumped(['Volume', '1.9', '1.10']), POOL],
    rule: 'lock/missing-entry',
    severity: 'error',
  },
  {
    name: 'a new version has nothing for the changelog',
    changes: [...bumped(['Volume', '1.9', '1.10']), POOL],
    recorded: 'it',
    rule: 'history/changelog-missing',
    severity: 'warn',
  },
  {
    name: 'a recorded version that is not released is changed again',
    changes: [
      ...bumped(['Volume', '1.9', '1.10']),
      POOL,
      change(
        'volume.ts',
        "{ since: '1.10', default: null }) pool!: Text;",
        "{ since: '1.10', default: null }) pool!: Text;\n@Field(text, { since: '1.10', default: null }) rack!: Text;",
      ),
    ],
    recorded: [...bumped(['Volume', '1.9', '1.10']), POOL],
    rule: 'lock/stale',
    severity: 'error',
  },
  {
    name: 'the version of the API goes back',
    changes: [
      change('api.ts', "version: '3.20',", "version: '3.19',"),
      change('messages/volumes.ts', "@Field(record, { since: '3.20', default: null }) image_snap!: AnyRecord;", ''),
    ],
    rule: 'history/backwards',
    severity: 'error',
  },
  {
    name: 'the API forgets a version that changed nothing that is said',
    changes: [
      change(
        'api.ts',
        "floor: '3.0',",
        "floor: '3.0',\n  versions: Array.from({ length: 21 }, (_, minor) => `3.${minor}` as const).filter((version) => version !== '3.6'),",
      ),
    ],
    rule: 'history/gap',
    severity: 'error',
  },
  {
    name: 'a method is to be removed, and nothing says when',
    changes: [
      change(
        'api.ts',
        '@Rpc({ takes: AttachVolume, returns: VolumeAttachment })',
        "@Rpc({ takes: AttachVolume, returns: VolumeAttachment, deprecated: { since: '3.9', use: 'attachment_update' } })",
      ),
    ],
    rule: 'history/deprecated-no-replacement',
    severity: 'warn',
  },
  {
    name: 'a method goes before the version that was announced',
    changes: [
      ...api321(),
      change(
        'api.ts',
        '@Rpc({ takes: AttachVolume, returns: VolumeAttachment })',
        "@Rpc({ until: '3.21', takes: AttachVolume, returns: VolumeAttachment, deprecated: { since: '3.9', use: 'attachment_update', removeIn: '4.0' } })",
      ),
    ],
    recorded: 'it',
    rule: 'history/early-removal',
    severity: 'error',
  },
  {
    name: 'the next version is called 4.0, and nothing breaks',
    changes: [
      ...bumped(['Cluster', '1.1', '2.0']),
      change(
        'cluster.ts',
        "{ name: 'Cluster', version: '2.0' }",
        "{ name: 'Cluster', version: '2.0', floor: '1.0', previous: { 1: '1.1' } }",
      ),
    ],
    recorded: 'it',
    rule: 'history/major-without-break',
    severity: 'warn',
  },
  {
    name: 'a new major breaks, and the old one stays in the window without a way back',
    changes: [
      ...bumped(['Cluster', '1.1', '2.0']),
      change('cluster.ts', "version: '2.0' }", "version: '2.0', floor: '1.0', previous: { 1: '1.1' } }"),
      change(
        'cluster.ts',
        '@Field(t.string()) name!: string;',
        "@Field(text, { was: { until: '2.0', type: t.string() } }) name!: string | null;",
      ),
    ],
    recorded: 'it',
    rule: 'history/two-majors',
    severity: 'error',
  },
  {
    name: 'the floor rises past what is promised',
    changes: [
      change('api.ts', "floor: '3.0',", "floor: '3.1',"),
      change(
        'api.ts',
        "  /** Cast. Removed inside a minor, long after the command that led to it. */\n  @Rpc({ until: '3.1', takes: OneVolume }) promote_replica!: Method<OneVolume>;",
        '',
      ),
      change('api.ts', "@Rpc({ until: '3.1', takes: OneVolume }) reenable_replication!: Method<OneVolume>;", ''),
    ],
    rule: 'history/window-broken',
    severity: 'error',
  },
  {
    name: 'an object gets another name',
    changes: [
      change('backend.ts', "name: 'Backend',", "name: 'BackEnd',"),
      change('carries.ts', "Backend: '1.0',", "BackEnd: '1.0',"),
      change('carries.ts', "'3.5': { Backend: '1.1' },", "'3.5': { BackEnd: '1.1' },"),
    ],
    rule: 'name/renamed-class',
    severity: 'error',
    // The new name has no recording, and the messages that hold the object now hold another one.
    also: ['lock/missing-entry', 'rpc/signature-changed-no-bump'],
  },
  {
    name: 'two classes get one name',
    changes: [
      change(
        'log-level.ts',
        '/** How much',
        "@VersionedObject({ name: 'Backend', version: '1.0' })\nexport class StorageBackend {\n  @Field(text, { default: null }) host!: Text;\n}\n\n/** How much",
      ),
      change('index.ts', "export { LogLevel } from './log-level.js';", "export { LogLevel, StorageBackend } from './log-level.js';"),
    ],
    rule: 'name/duplicate',
    severity: 'error',
  },
];
