import type { ApiOptions } from 'lynchpin';

/**
 * Which version of each object a version of the API carries, from that version on.
 *
 * Cinder counted both separately, and its services told each other both numbers; here a version of the API fixes the
 * versions of its objects. So this table joins the two histories: each object stands at the version of the API that
 * its change was made for, where that is known (3.2, 3.8, 3.10, 3.12, 3.14, 3.15), and otherwise at the next one.
 * Where several releases of OpenStack spoke the same version of the API (Pike and Queens: 3.15), the oldest decides,
 * because whoever says "3.15" must be able to read what it gets. `docs/guide/cinder.md` gives the evidence.
 */
export const CARRIES: NonNullable<ApiOptions['carries']> = {
  /** Newton. */
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
  /** Ocata came out at 3.10 with these. */
  '3.8': { Snapshot: '1.3', VolumeAttachment: '1.1', Cluster: '1.1' },
  '3.10': { ManageableVolume: '1.0', ManageableSnapshot: '1.0' },
  '3.12': { Snapshot: '1.4', VolumeAttachment: '1.2', LogLevel: '1.0' },
  '3.14': { Group: '1.2' },
  /** Pike. */
  '3.15': { Snapshot: '1.5', Backup: '1.5' },
  /** Rocky, with what Queens had changed under 3.15: Volume went through 1.7, which no version of the API carries. */
  '3.16': { Volume: '1.8', VolumeAttachment: '1.3', Backup: '1.6' },
  /** Stein's. */
  '3.17': { Backup: '1.7' },
  /** Xena's. */
  '3.18': { Volume: '1.9', Snapshot: '1.6' },
};
