import { ServiceError } from 'lynchpin';

/** The volume's state does not allow what was asked. */
export class InvalidVolume extends ServiceError<{ volume_id: string; status: string | null }> {}

/** The service has no volume of that id and was not given one. */
export class VolumeNotFound extends ServiceError<{ volume_id: string }> {}

/** The service has no snapshot of that id. */
export class SnapshotNotFound extends ServiceError<{ snapshot_id: string }> {}
