/** The releases of OpenStack by which a version of the API was out: the oldest that is known to have had it. */
export const RELEASES: readonly (readonly [release: string, version: string])[] = [
  ['Newton', '3.0'],
  ['Ocata', '3.10'],
  ['Pike', '3.15'],
  ['Rocky', '3.16'],
  ['Yoga', '3.18'],
  // Not a release, but what the facts were read from.
  ['August 2026', '3.20'],
];

/** What each version of the API brought, in a line. Those of the objects come from the history itself. */
export const API_LINES: Readonly<Record<string, string>> = {
  '3.0': 'What Newton shipped.',
  '3.1': 'promote_replica and reenable_replication are gone.',
  '3.2': 'get_backup_device may answer an object; Volume 1.6, Snapshot 1.2, VolumeType 1.3.',
  '3.3': 'attach_volume takes the volume itself.',
  '3.4': 'detach_volume takes the volume itself.',
  '3.5': 'Back ends know the cluster that they belong to.',
  '3.6': 'Back ends have queues of their own: a change of addresses, and of nothing that is said.',
  '3.7': 'do_cleanup finishes what a dead service left half done.',
  '3.8': 'failover_host becomes failover, aware of clusters; failover_completed tells the others.',
  '3.9': 'attachment_update and attachment_delete.',
  '3.10': 'What could be taken into care is told as objects.',
  '3.11': 'Consistency groups are gone; groups took their place.',
  '3.12': 'set_log_levels and get_log_levels.',
  '3.13': 'Snapshots are exported to hosts, as volumes are.',
  '3.14': 'Groups are replicated.',
  '3.15': 'revert_to_snapshot puts a volume back.',
  '3.16': 'accept_transfer may leave the snapshots behind.',
  '3.17': 'get_backup_device becomes a cast.',
  '3.18': 'reimage writes an image over a volume.',
  '3.19': 'extend_volume_completion ends the growing of an attached volume.',
  '3.20': 'reimage takes a snapshot of the image.',
};

/** The smaller objects, of which the history tells no versions. */
export const OBJECT_LINES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Backend: { '1.0': 'Where a volume is to go: a dictionary in Cinder.', '1.1': 'cluster_name' },
  BackupDeviceInfo: { '1.0': 'What a backup reads from.' },
  LogLevel: { '1.0': 'How much one logger writes.' },
  ManageableSnapshot: { '1.0': 'A snapshot that could be taken into care.' },
  ManageableVolume: { '1.0': 'A volume that could be taken into care.' },
};
