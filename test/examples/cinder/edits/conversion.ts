import { bumped, change, type Change, type Edit } from './edit.js';

/** What the one backport of the contract does with the values of `extra_specs`. */
const specs = (text: string): readonly Change[] => [change('volume-type.ts', "[key, value ?? '']", text)];

/** What the upgrade of a snapshot does with a text that is no state. */
const status = (text: string): readonly Change[] => [
  change(
    'snapshot.ts',
    "return { ...snapshot, status: AT_1_1.find((known) => known === status) ?? (status === null ? null : ('error' as const)) };",
    text,
  ),
];

const LOSS =
  "@Lossy({ from: '1.1', to: '1.0', fields: ['extra_specs'], reason: 'a key without a value becomes a key with an empty one' })\n";
const BACKPORT = 'if (type.extra_specs === null) return type;';
const HEAD = '/** What a volume of this type is made of. */';

/** Mistakes in functions: nothing on the wire has changed, and yet somebody gets wrong data. */
export const conversion: readonly Edit[] = [
  {
    name: 'the backport forgets that extra_specs may be null',
    changes: [change('volume-type.ts', BACKPORT, '')],
    laws: ['VolumeType'],
    rule: 'backport/throws',
    severity: 'error',
  },
  {
    name: 'the backport leaves null where 1.0 takes text',
    changes: specs('[key, value]'),
    laws: ['VolumeType'],
    rule: 'backport/output-invalid',
    severity: 'error',
  },
  {
    name: 'the backport writes into what it was given',
    changes: [
      change('volume-type.ts', BACKPORT, `${BACKPORT}\n    for (const key of Object.keys(type.extra_specs)) type.extra_specs[key] ??= '';`),
    ],
    laws: ['VolumeType'],
    rule: 'backport/mutates-input',
    severity: 'error',
  },
  {
    name: 'the backport hands out one empty map to everybody',
    changes: [
      change('volume-type.ts', HEAD, `const NOTHING = {};\n${HEAD}`),
      change(
        'volume-type.ts',
        BACKPORT,
        `${BACKPORT}\n    if (Object.keys(type.extra_specs).length === 0) return { ...type, extra_specs: NOTHING };`,
      ),
    ],
    laws: ['VolumeType'],
    rule: 'backport/aliases-input',
    severity: 'error',
  },
  {
    name: 'the backport asks the clock',
    changes: specs('[key, value ?? String(performance.now())]'),
    laws: ['VolumeType'],
    rule: 'backport/non-deterministic',
    severity: 'error',
  },
  {
    name: 'the backport becomes asynchronous',
    changes: [change('volume-type.ts', 'static nullToEmpty(type', 'static async nullToEmpty(type')],
    laws: ['VolumeType'],
    rule: 'backport/async',
    severity: 'error',
  },
  {
    name: 'the backport leaves undefined in a map',
    changes: specs('[key, value ?? undefined]'),
    laws: ['VolumeType'],
    rule: 'backport/not-json',
    severity: 'error',
    also: ['backport/output-invalid'],
  },
  {
    name: 'the backport takes the description along',
    changes: [change('volume-type.ts', 'return { ...type, extra_specs };', "return { ...type, description: '', extra_specs };")],
    laws: ['VolumeType'],
    rule: 'backport/shared-field-changed',
    severity: 'error',
    also: ['object/lossy-undeclared', 'backport/new-old-new', 'backport/old-new-old'],
  },
  {
    name: 'the backport leaves out keys without a value, and does not say so',
    changes: [
      change('volume-type.ts', LOSS, ''),
      change(
        'volume-type.ts',
        'Object.entries(type.extra_specs).map(',
        "Object.entries(type.extra_specs).filter(([, value]) => value !== '').map(",
      ),
    ],
    laws: ['VolumeType'],
    rule: 'object/lossy-undeclared',
    severity: 'error',
    also: ['backport/new-old-new', 'backport/old-new-old'],
  },
  {
    name: 'a loss is declared that does not happen',
    changes: [change('volume-type.ts', "fields: ['extra_specs'], reason", "fields: ['extra_specs', 'description'], reason")],
    laws: ['VolumeType'],
    rule: 'backport/new-old-new',
    severity: 'error',
  },
  {
    name: 'the backport stashes what it drops, and an upgrade restores it',
    changes: [
      change('volume-type.ts', HEAD, `const stash = new Map<string, Record<string, string | null>>();\n${HEAD}`),
      change('volume-type.ts', BACKPORT, `${BACKPORT}\n    stash.set(type.id, type.extra_specs);`),
      change(
        'volume-type.ts',
        'return { ...type, extra_specs };\n  }',
        "return { ...type, extra_specs };\n  }\n\n  @Upgrade({ from: '1.0', to: '1.1' })\n  static restore(type: any) {\n    return { ...type, extra_specs: structuredClone(stash.get(type.id) ?? type.extra_specs) };\n  }",
      ),
      change('volume-type.ts', 'import { Backport,', 'import { Backport, Upgrade,'),
    ],
    laws: ['VolumeType'],
    rule: 'backport/edit-in-the-middle',
    severity: 'error',
  },
  {
    name: 'a function is written where nothing is to be done',
    changes: [
      change(
        'volume-type.ts',
        '  /** Readers at 1.0 take',
        "  @Backport({ from: '1.3', to: '1.2' })\n  static asItIs(type: Wire<VolumeType>) {\n    return type;\n  }\n\n  /** Readers at 1.0 take",
      ),
    ],
    laws: ['VolumeType'],
    rule: 'backport/noop',
    severity: 'error',
  },
  {
    name: 'the upgrade forgets that a state may be null',
    changes: status(
      "return { ...snapshot, status: AT_1_1.find((known) => known === (status as string).toLowerCase()) ?? ('error' as const) };",
    ),
    laws: ['Snapshot'],
    rule: 'upgrade/throws',
    severity: 'error',
  },
  {
    name: 'the upgrade lets a text through that is no state',
    changes: status('return { ...snapshot, status: status as null };'),
    laws: ['Snapshot'],
    rule: 'upgrade/output-invalid',
    severity: 'error',
    also: ['corpus/decode-failed'],
  },
  {
    name: 'the upgrade forgets one of the states',
    changes: [change('snapshot.ts', 'AT_1_1.find((known) => known === status)', 'AT_1_1.slice(0, -1).find((known) => known === status)')],
    laws: ['Snapshot'],
    rule: 'backport/new-old-new',
    severity: 'error',
    also: ['backport/old-new-old'],
  },
  {
    name: 'an upgrade tidies up names on its way',
    changes: [
      change(
        'group.ts',
        "import { Field, VersionedObject, t } from 'lynchpin';",
        "import { Field, Upgrade, VersionedObject, t } from 'lynchpin';",
      ),
      change(
        'group.ts',
        'group_snapshots!: Default<Anything[] | null>;',
        "group_snapshots!: Default<Anything[] | null>;\n\n  @Upgrade({ from: '1.1', to: '1.2' })\n  static tidy(group: any) {\n    return { ...group, name: group.name?.trim() || null };\n  }",
      ),
    ],
    laws: ['Group'],
    rule: 'backport/old-new-old',
    severity: 'error',
    also: ['backport/new-old-new', 'backport/shared-field-changed'],
  },
  {
    name: 'a backport gives the snapshot inside in words that only its oldest version has',
    changes: [
      ...bumped(['BackupDeviceInfo', '1.0', '1.1']),
      change('backup-device-info.ts', 'import { Field,', 'import { Backport, Field,'),
      change(
        'backup-device-info.ts',
        'secure_enabled!: Default<boolean>;',
        "secure_enabled!: Default<boolean>;\n  @Field(t.boolean(), { since: '1.1', default: false }) kept!: Default<boolean>;\n\n  @Backport({ from: '1.1', to: '1.0' })\n  static inOldWords(info: any) {\n    return { ...info, snapshot: info.snapshot && { ...info.snapshot, status: 'kept, perhaps' } };\n  }",
      ),
    ],
    recorded: 'it',
    laws: ['BackupDeviceInfo'],
    rule: 'backport/nested-skipped',
    severity: 'error',
    also: [
      'backport/output-invalid',
      'backport/shared-field-changed',
      'object/lossy-undeclared',
      'backport/new-old-new',
      'backport/old-new-old',
    ],
  },
  {
    name: 'a state is spelt another way, and what was kept of older versions can no longer be read',
    changes: [change('backup.ts', "'creating', 'available', 'deleting'", "'creating', 'ready', 'deleting'")],
    laws: ['Backup'],
    rule: 'corpus/decode-failed',
    severity: 'error',
    also: ['object/field-changed-no-bump', 'upgrade/output-invalid'],
  },
];
