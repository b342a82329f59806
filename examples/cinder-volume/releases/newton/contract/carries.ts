import type { ApiOptions } from 'lynchpin';

/** Which version of each object a version of the API carries. */
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
};
