import type { ApiOptions } from 'lynchpin';

/** Which version of each object a version of the API carries, from that version on. */
export const CARRIES: NonNullable<ApiOptions['carries']> = {
  '3.0': {
    Volume: '1.5',
    Snapshot: '1.1',
    VolumeAttachment: '1.0',
    VolumeType: '1.2',
    Group: '1.1',
    Cluster: '1.0',
    Backup: '1.4',
    Backend: '1.0',
  },
  '3.2': { Volume: '1.6', Snapshot: '1.2', VolumeType: '1.3', BackupDeviceInfo: '1.0' },
  '3.5': { Backend: '1.1' },
  '3.8': { Snapshot: '1.3', VolumeAttachment: '1.1', Cluster: '1.1' },
  '3.10': { ManageableVolume: '1.0', ManageableSnapshot: '1.0' },
};
