import { ServiceError } from 'lynchpin';

/** The volume's state does not allow what was asked. */
export class InvalidVolume extends ServiceError<{ volume_id: string; status: string | null }> {}

/** The service has no volume of that id and was not given one. */
export class VolumeNotFound extends ServiceError<{ volume_id: string }> {}
