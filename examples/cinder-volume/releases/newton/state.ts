import { VolumeNotFound, type Group, type Snapshot, type Volume, type VolumeAttachment } from './contract/index.js';

/** How many ids of deleted volumes are remembered. */
const REMEMBERED = 10_000;

/** What a volume service knows. A stand-in for the part of Cinder's database and back end that this example needs. */
export class VolumeState {
  readonly volumes = new Map<string, Volume>();
  readonly snapshots = new Map<string, Snapshot>();
  readonly attachments = new Map<string, VolumeAttachment>();
  readonly groups = new Map<string, Group>();
  /** Snapshots of groups, consistency groups and their snapshots: dictionaries, by id. */
  readonly dictionaries = new Map<string, Readonly<Record<string, unknown>>>();
  /** Ids of volumes that were deleted here lately. */
  readonly deleted = new Set<string>();
  readonly exported = new Set<string>();
  readonly owners = new Map<string, { readonly user: string; readonly project: string }>();
  readonly images = new Map<string, string>();
  frozen = false;
  /** Where a failover has led; null at home. */
  activeBackend: string | null = null;
  /** How often the schedulers were told what this service can do. */
  announcements = 0;

  /** Keeps what a message says of a volume: the API process has read it from the database, so it is news. */
  learn(volume: Volume): Volume {
    this.volumes.set(volume.id, volume);
    return volume;
  }

  /**
   * The status of a volume of which the message gives the id alone. One that this service has never seen was made by
   * another service of the same back end; its row would say that it is available.
   * @throws VolumeNotFound when it was deleted here.
   */
  statusOf(id: string): string | null {
    if (this.deleted.has(id)) throw new VolumeNotFound(`volume ${id} is gone`, { volume_id: id });
    const volume = this.volumes.get(id);
    return volume === undefined ? 'available' : volume.status;
  }

  setStatus(id: string, status: string): void {
    const volume = this.volumes.get(id);
    if (volume !== undefined) volume.status = status;
  }

  /** Forgets a volume and what hangs on it. */
  forget(id: string): void {
    this.deleted.add(id);
    for (const oldest of this.deleted) {
      if (this.deleted.size <= REMEMBERED) break;
      this.deleted.delete(oldest);
    }
    this.volumes.delete(id);
    this.exported.delete(id);
    this.owners.delete(id);
    for (const [image, volume] of this.images) if (volume === id) this.images.delete(image);
    for (const [key, attachment] of this.attachments) if (attachment.volume_id === id) this.attachments.delete(key);
    for (const [key, snapshot] of this.snapshots) if (snapshot.volume_id === id) this.snapshots.delete(key);
  }
}
