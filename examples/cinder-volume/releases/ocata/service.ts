import { randomUUID } from 'node:crypto';
import type { CallContext, Implements, Input } from 'lynchpin';
import { InvalidVolume } from './contract/index.js';
import type * as contract from './contract/index.js';
import { VolumeState } from './state.js';

/** The volume service that Ocata shipped. It reads nothing above 3.10 and knows of nothing above it. */
export class VolumeService implements Implements<contract.VolumeApi> {
  /** @param state shared among services that stand for one back end; its own by default. */
  constructor(
    readonly name = 'volume',
    readonly state = new VolumeState(),
  ) {}

  // Volumes

  create_volume({ volume }: contract.CreateVolume): void {
    this.state.learn(volume).status = this.state.frozen ? 'error' : 'available';
  }

  delete_volume({ volume }: contract.DeleteVolume): void {
    this.state.forget(volume.id);
  }

  extend_volume({ volume, new_size }: contract.ExtendVolume): void {
    const known = this.state.learn(volume);
    if (new_size < (known.size ?? 0)) {
      known.status = 'error_extending';
      return;
    }
    known.size = new_size;
  }

  migrate_volume({ volume, host }: contract.MigrateVolume): void {
    const known = this.state.learn(volume);
    known.host = host.host;
    known.cluster_name = host.cluster_name;
    known.migration_status = 'success';
  }

  migrate_volume_completion({ volume, new_volume, error }: contract.MigrateVolumeCompletion): string {
    const remaining = error ? volume : new_volume;
    this.state.learn(remaining).migration_status = error ? 'error' : 'success';
    this.state.forget(error ? new_volume.id : volume.id);
    return remaining.id;
  }

  update_migrated_volume({ volume, new_volume, volume_status }: contract.UpdateMigratedVolume): void {
    const known = this.state.learn(new_volume);
    known._name_id = volume.id;
    known.status = volume_status;
  }

  retype({ volume, new_type_id, host, migration_policy }: contract.Retype): void {
    const known = this.state.learn(volume);
    known.volume_type_id = new_type_id;
    if (migration_policy === 'on-demand') known.host = host.host;
  }

  manage_existing({ volume }: contract.ManageExisting): void {
    this.state.learn(volume).status = 'available';
  }

  get_manageable_volumes({ limit, offset }: contract.GetManageable): Input<contract.ManageableVolume>[] {
    return page(limit, offset).map((at) => ({
      reference: { 'source-name': `lv-${at}` },
      size: at + 1,
      safe_to_manage: at % 2 === 0,
      reason_not_safe: at % 2 === 0 ? null : 'already managed',
    }));
  }

  accept_transfer({ volume_id, new_user, new_project }: contract.AcceptTransfer): void {
    this.state.statusOf(volume_id);
    this.state.owners.set(volume_id, { user: new_user, project: new_project });
    for (const snapshot of this.state.snapshots.values()) {
      if (snapshot.volume_id === volume_id) snapshot.project_id = new_project;
    }
  }

  copy_volume_to_image({ volume_id, image_meta }: contract.CopyVolumeToImage): void {
    this.state.images.set(said(image_meta['id']) ?? randomUUID(), volume_id);
  }

  // Attachments

  attach_volume({
    volume_id,
    instance_uuid,
    host_name,
    mountpoint,
    mode,
    volume,
  }: contract.AttachVolume): Input<contract.VolumeAttachment> {
    const status = volume?.status ?? this.state.statusOf(volume_id);
    if (status === 'in-use' && volume?.multiattach !== true) {
      throw new InvalidVolume(`volume ${volume_id} is attached already`, { volume_id, status });
    }
    if (volume !== undefined) this.state.learn(volume);
    this.state.setStatus(volume_id, 'in-use');
    return {
      id: randomUUID(),
      volume_id,
      instance_uuid,
      attached_host: host_name,
      mountpoint,
      attach_time: new Date(),
      attach_status: 'attached',
      attach_mode: mode,
    };
  }

  detach_volume({ volume_id, attachment_id, volume }: contract.DetachVolume): void {
    if (volume !== undefined) this.state.learn(volume);
    if (attachment_id !== null) this.state.attachments.delete(attachment_id);
    this.state.setStatus(volume_id, 'available');
  }

  attachment_update({ vref, connector, attachment_id }: contract.AttachmentUpdate): contract.Anything {
    this.state.exported.add(this.state.learn(vref).id);
    return connection(attachment_id, connector);
  }

  attachment_delete({ attachment_id, vref }: contract.AttachmentDelete): void {
    this.state.attachments.delete(attachment_id);
    this.state.learn(vref).status = 'available';
  }

  initialize_connection({ connector, volume }: contract.InitializeConnection): contract.Anything {
    this.state.exported.add(this.state.learn(volume).id);
    return connection(volume.id, connector);
  }

  terminate_connection({ volume_id }: contract.TerminateConnection): void {
    this.state.exported.delete(volume_id);
  }

  remove_export({ volume_id }: contract.RemoveExport): void {
    this.state.exported.delete(volume_id);
  }

  // Snapshots

  create_snapshot({ snapshot }: contract.CreateSnapshot): void {
    snapshot.status = 'available';
    snapshot.progress = '100%';
    this.state.snapshots.set(snapshot.id, snapshot);
  }

  delete_snapshot({ snapshot }: contract.DeleteSnapshot): void {
    this.state.snapshots.delete(snapshot.id);
  }

  manage_existing_snapshot({ snapshot }: contract.ManageExistingSnapshot): void {
    this.create_snapshot({ snapshot });
  }

  get_manageable_snapshots({ limit, offset }: contract.GetManageable): Input<contract.ManageableSnapshot>[] {
    return page(limit, offset).map((at) => ({
      reference: { 'source-name': `snap-${at}` },
      source_reference: { 'source-name': `lv-${at}` },
      size: at + 1,
      safe_to_manage: true,
    }));
  }

  // Groups

  create_group({ group }: contract.OneGroup): void {
    group.status = 'available';
    this.state.groups.set(group.id, group);
  }

  delete_group({ group }: contract.OneGroup): void {
    this.state.groups.delete(group.id);
  }

  update_group({ group, add_volumes, remove_volumes }: contract.UpdateGroup): void {
    for (const id of ids(add_volumes)) this.#putInGroup(id, group.id);
    for (const id of ids(remove_volumes)) this.#putInGroup(id, null);
    this.state.groups.set(group.id, group);
  }

  create_group_from_src({ group, source_group }: contract.CreateGroupFromSource): void {
    group.source_group_id = source_group?.id ?? group.source_group_id;
    this.create_group({ group });
  }

  create_group_snapshot({ group_snapshot }: contract.OneGroupSnapshot): void {
    this.#keep(group_snapshot);
  }

  delete_group_snapshot({ group_snapshot }: contract.OneGroupSnapshot): void {
    this.#drop(group_snapshot);
  }

  create_consistencygroup({ group }: contract.OneConsistencyGroup): void {
    this.#keep(group);
  }

  delete_consistencygroup({ group }: contract.OneConsistencyGroup): void {
    this.#drop(group);
  }

  update_consistencygroup({ group }: contract.OneConsistencyGroup): void {
    this.#keep(group);
  }

  create_cgsnapshot({ group }: contract.OneConsistencyGroup): void {
    this.#keep(group);
  }

  delete_cgsnapshot({ group }: contract.OneConsistencyGroup): void {
    this.#drop(group);
  }

  create_consistencygroup_from_src({ group }: contract.OneConsistencyGroup): void {
    this.#keep(group);
  }

  // Backups

  get_backup_device({ backup }: contract.GetBackupDevice): Input<contract.BackupDeviceInfo> {
    const volume = this.state.volumes.get(backup.volume_id);
    if (backup.snapshot_id === null) return { volume: volume ?? { id: backup.volume_id, size: backup.size }, secure_enabled: true };
    return { snapshot: { id: backup.snapshot_id, volume_id: backup.volume_id, status: 'available', metadata: {} }, secure_enabled: true };
  }

  secure_file_operations_enabled({ volume }: contract.OneVolume): boolean {
    this.state.learn(volume);
    return true;
  }

  // Replication

  promote_replica({ volume }: contract.OneVolume): void {
    this.state.learn(volume).replication_status = 'failed-over';
  }

  reenable_replication({ volume }: contract.OneVolume): void {
    this.state.learn(volume).replication_status = 'enabled';
  }

  failover({ secondary_backend_id }: contract.Failover): void {
    this.state.activeBackend = secondary_backend_id === 'default' ? null : (secondary_backend_id ?? 'secondary');
  }

  failover_completed({ updates }: contract.FailoverCompleted): void {
    const active = updates['active_backend_id'];
    this.state.activeBackend = typeof active === 'string' ? active : null;
  }

  // Hosts

  publish_service_capabilities(): void {
    this.state.announcements++;
  }

  freeze_host(): boolean {
    return (this.state.frozen = true);
  }

  thaw_host(): boolean {
    this.state.frozen = false;
    return true;
  }

  get_capabilities({ discover }: contract.GetCapabilities, context: CallContext): contract.Anything {
    return {
      vendor_name: 'Open Source',
      pool_name: 'pool',
      replication_targets: ['secondary'],
      fresh: discover,
      answered_at: context.version,
      by: this.name,
    };
  }

  do_cleanup({ cleanup_request }: contract.DoCleanup): void {
    for (const volume of this.state.volumes.values()) {
      if (volume.host === cleanup_request['host'] && volume.status === 'creating') volume.status = 'error';
    }
  }

  #putInGroup(id: string, group: string | null): void {
    const volume = this.state.volumes.get(id);
    if (volume !== undefined) volume.group_id = group;
  }

  #keep(dictionary: contract.Anything): void {
    this.state.dictionaries.set(said(dictionary['id']) ?? '', dictionary);
  }

  #drop(dictionary: contract.Anything): void {
    this.state.dictionaries.delete(said(dictionary['id']) ?? '');
  }
}

/** How a host reaches what was exported for it. */
function connection(id: string, connector: contract.Anything): contract.Anything {
  return {
    driver_volume_type: 'iscsi',
    data: {
      target_iqn: `iqn.2010-10.org.openstack:volume-${id}`,
      target_portal: '192.0.2.7:3260',
      target_lun: 1,
      initiator: connector['initiator'] ?? null,
    },
  };
}

/** Positions on one page of a list of ten. */
function page(limit: number | null, offset: number | null): number[] {
  const first = offset ?? 0;
  const last = Math.min(10, first + (limit ?? 10));
  return Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at);
}

/** What a dictionary says under a key, if that is text. */
function said(value: contract.Anything[string] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function ids(text: string | null): string[] {
  return (text ?? '').split(',').filter((id) => id !== '');
}
