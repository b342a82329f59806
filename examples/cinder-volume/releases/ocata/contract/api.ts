import { Rpc, RpcApi, t } from 'lynchpin';
import type { Method } from 'lynchpin';
import { BackupDeviceInfo } from './backup-device-info.js';
import { CARRIES } from './carries.js';
import { InvalidVolume, VolumeNotFound } from './errors.js';
import { ManageableSnapshot, ManageableVolume } from './manageable.js';
import {
  AttachmentDelete,
  AttachmentUpdate,
  AttachVolume,
  DetachVolume,
  InitializeConnection,
  RemoveExport,
  TerminateConnection,
} from './messages/attachments.js';
import { CreateGroupFromSource, OneConsistencyGroup, OneGroup, OneGroupSnapshot, UpdateGroup } from './messages/groups.js';
import { DoCleanup, Failover, FailoverCompleted, GetBackupDevice, GetCapabilities } from './messages/hosts.js';
import { CreateSnapshot, DeleteSnapshot, ManageExistingSnapshot } from './messages/snapshots.js';
import {
  AcceptTransfer,
  CopyVolumeToImage,
  CreateVolume,
  DeleteVolume,
  ExtendVolume,
  GetManageable,
  ManageExisting,
  MigrateVolume,
  MigrateVolumeCompletion,
  OneVolume,
  Retype,
  UpdateMigratedVolume,
} from './messages/volumes.js';
import { anything, type Anything } from './types.js';
import { VolumeAttachment } from './volume-attachment.js';

/**
 * The volume service of OpenStack Cinder as Ocata shipped it: the RPC API at 3.10, as it was known at the time.
 *
 * "Cast" and "fanout" in the comments say how Cinder sends a method; the contract needs no word for it, because what
 * answers nothing may be sent any way.
 */
@RpcApi({
  topic: 'cinder-volume',
  version: '3.10',
  floor: '3.0',
  carries: CARRIES,
  errors: [InvalidVolume, VolumeNotFound],
})
export class VolumeApi {
  // Volumes

  /** Makes a volume. Cast. */
  @Rpc({ takes: CreateVolume }) create_volume!: Method<CreateVolume>;
  /** Deletes a volume, or only forgets it. Cast. */
  @Rpc({ takes: DeleteVolume, idempotent: true }) delete_volume!: Method<DeleteVolume>;
  /** Grows a volume. Cast. */
  @Rpc({ takes: ExtendVolume }) extend_volume!: Method<ExtendVolume>;
  /** Moves a volume to another back end. Cast. */
  @Rpc({ takes: MigrateVolume }) migrate_volume!: Method<MigrateVolume>;
  /** Ends a migration and answers the id of the volume that remains. */
  @Rpc({ takes: MigrateVolumeCompletion, returns: t.uuid() }) migrate_volume_completion!: Method<MigrateVolumeCompletion, string>;
  /** Gives the migrated volume the place of the old one. */
  @Rpc({ takes: UpdateMigratedVolume }) update_migrated_volume!: Method<UpdateMigratedVolume>;
  /** Gives a volume another type, moving it if it must. Cast. */
  @Rpc({ takes: Retype }) retype!: Method<Retype>;
  /** Takes a volume that exists on the back end into Cinder's care. Cast. */
  @Rpc({ takes: ManageExisting }) manage_existing!: Method<ManageExisting>;
  /** Lists the volumes that could be taken over. */
  @Rpc({ takes: GetManageable, returns: t.list(t.object(() => ManageableVolume)), idempotent: true })
  get_manageable_volumes!: Method<GetManageable, ManageableVolume[]>;
  /** Gives a volume to another project. */
  @Rpc({ takes: AcceptTransfer }) accept_transfer!: Method<AcceptTransfer>;
  /** Uploads a volume as an image. Cast. */
  @Rpc({ takes: CopyVolumeToImage }) copy_volume_to_image!: Method<CopyVolumeToImage>;

  // Attachments

  /** Notes that a volume is attached. */
  @Rpc({ takes: AttachVolume, returns: VolumeAttachment }) attach_volume!: Method<AttachVolume, VolumeAttachment>;
  /** Notes that a volume is detached. */
  @Rpc({ takes: DetachVolume, idempotent: true }) detach_volume!: Method<DetachVolume>;
  /** Gives an attachment the connector of its host, and answers how to connect. */
  @Rpc({ since: '3.9', takes: AttachmentUpdate, returns: anything, idempotent: true })
  attachment_update!: Method<AttachmentUpdate, Anything>;
  /** Ends an attachment. */
  @Rpc({ since: '3.9', takes: AttachmentDelete, idempotent: true }) attachment_delete!: Method<AttachmentDelete>;
  /** Exports a volume to a host and answers how to connect. */
  @Rpc({ takes: InitializeConnection, returns: anything, idempotent: true })
  initialize_connection!: Method<InitializeConnection, Anything>;
  /** Withdraws a volume from a host. */
  @Rpc({ takes: TerminateConnection, idempotent: true }) terminate_connection!: Method<TerminateConnection>;
  /** Removes a volume's export. Sent as a call and as a cast. */
  @Rpc({ takes: RemoveExport, idempotent: true }) remove_export!: Method<RemoveExport>;

  // Snapshots

  /** Makes a snapshot. Cast. */
  @Rpc({ takes: CreateSnapshot }) create_snapshot!: Method<CreateSnapshot>;
  /** Deletes a snapshot, or only forgets it. Cast. */
  @Rpc({ takes: DeleteSnapshot, idempotent: true }) delete_snapshot!: Method<DeleteSnapshot>;
  /** Takes a snapshot that exists on the back end into Cinder's care. Cast. */
  @Rpc({ takes: ManageExistingSnapshot }) manage_existing_snapshot!: Method<ManageExistingSnapshot>;
  /** Lists the snapshots that could be taken over. */
  @Rpc({ takes: GetManageable, returns: t.list(t.object(() => ManageableSnapshot)), idempotent: true })
  get_manageable_snapshots!: Method<GetManageable, ManageableSnapshot[]>;

  // Groups

  /** Makes a group. Cast. */
  @Rpc({ takes: OneGroup }) create_group!: Method<OneGroup>;
  /** Deletes a group. Cast. */
  @Rpc({ takes: OneGroup, idempotent: true }) delete_group!: Method<OneGroup>;
  /** Adds volumes to a group and takes others out. Cast. */
  @Rpc({ takes: UpdateGroup, idempotent: true }) update_group!: Method<UpdateGroup>;
  /** Makes a group from a snapshot of one, or from a group. Cast. */
  @Rpc({ takes: CreateGroupFromSource }) create_group_from_src!: Method<CreateGroupFromSource>;
  /** Takes a snapshot of every volume of a group. Cast. */
  @Rpc({ takes: OneGroupSnapshot }) create_group_snapshot!: Method<OneGroupSnapshot>;
  /** Deletes a snapshot of a group. Cast. */
  @Rpc({ takes: OneGroupSnapshot, idempotent: true }) delete_group_snapshot!: Method<OneGroupSnapshot>;

  // Consistency groups

  /** Makes a consistency group. Cast. */
  @Rpc({ takes: OneConsistencyGroup }) create_consistencygroup!: Method<OneConsistencyGroup>;
  /** Deletes a consistency group. Cast. */
  @Rpc({ takes: OneConsistencyGroup, idempotent: true }) delete_consistencygroup!: Method<OneConsistencyGroup>;
  /** Changes a consistency group. Cast. */
  @Rpc({ takes: OneConsistencyGroup }) update_consistencygroup!: Method<OneConsistencyGroup>;
  /** Takes a snapshot of a consistency group. Cast. */
  @Rpc({ takes: OneConsistencyGroup }) create_cgsnapshot!: Method<OneConsistencyGroup>;
  /** Deletes a snapshot of a consistency group. Cast. */
  @Rpc({ takes: OneConsistencyGroup, idempotent: true }) delete_cgsnapshot!: Method<OneConsistencyGroup>;
  /** Makes a consistency group from another, or from a snapshot of one. Cast. */
  @Rpc({ takes: OneConsistencyGroup }) create_consistencygroup_from_src!: Method<OneConsistencyGroup>;

  // Backups

  /** Prepares what a backup reads from and answers what it is. */
  @Rpc({ takes: GetBackupDevice, returns: BackupDeviceInfo })
  get_backup_device!: Method<GetBackupDevice, BackupDeviceInfo>;
  /** Whether files of this volume are handled without root's rights. */
  @Rpc({ takes: OneVolume, returns: t.boolean(), idempotent: true }) secure_file_operations_enabled!: Method<OneVolume, boolean>;

  // Replication

  /** Cast. Removed inside a minor, long after the command that led to it. */
  @Rpc({ until: '3.1', takes: OneVolume }) promote_replica!: Method<OneVolume>;
  /** Cast. Removed inside a minor, long after the command that led to it. */
  @Rpc({ until: '3.1', takes: OneVolume }) reenable_replication!: Method<OneVolume>;
  /**
   * Fails the service over to another back end. Cast. 3.8 made it aware of clusters and gave it this name: at a
   * lower pin it goes out as `failover_host`, and a request of that name arrives here.
   */
  @Rpc({ was: { until: '3.8', name: 'failover_host' }, takes: Failover }) failover!: Method<Failover>;
  /** Tells every service of a cluster what a failover has changed. Fanout. */
  @Rpc({ since: '3.8', takes: FailoverCompleted, idempotent: true }) failover_completed!: Method<FailoverCompleted>;

  // Hosts

  /** Asks every service to tell the schedulers what it can do. Fanout. */
  @Rpc({ idempotent: true }) publish_service_capabilities!: Method;
  /** Lets no new volumes in. To one server. */
  @Rpc({ returns: t.boolean(), idempotent: true }) freeze_host!: Method<void, boolean>;
  /** Lets new volumes in again. To one server. */
  @Rpc({ returns: t.boolean(), idempotent: true }) thaw_host!: Method<void, boolean>;
  /** What the back end can do. */
  @Rpc({ takes: GetCapabilities, returns: anything, idempotent: true }) get_capabilities!: Method<GetCapabilities, Anything>;
  /** Finishes or undoes what a dead service left half done. Cast. */
  @Rpc({ since: '3.7', takes: DoCleanup, idempotent: true }) do_cleanup!: Method<DoCleanup>;
}
