import type { Input } from 'lynchpin';
import type { Backend, Backup, Cluster, Group, Snapshot, Volume, VolumeAttachment, VolumeType } from './contract/index.js';
import { Random } from './random.js';

const NAMES = ['root', 'data', 'logs', 'scratch', 'mail', 'билеты', '写真', 'db-0'] as const;
const ZONES = ['nova', 'az-1', 'az-2'] as const;
const HOSTS = ['store-1@lvm#pool', 'store-2@lvm#pool', 'store-3@ceph#rbd'] as const;

/** Makes what an API process would have read from the database: objects as full as Cinder's own. */
export class Values {
  readonly random: Random;
  readonly user = 'a1b2c3d4e5f64789a0b1c2d3e4f50617';
  readonly project = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /** What the host of an instance says of itself when it wants to connect. */
  connector(): Record<string, string | boolean> {
    const { random } = this;
    const host = `compute-${random.integer(1, 40)}`;
    return {
      host,
      ip: `198.51.100.${random.integer(1, 254)}`,
      initiator: `iqn.1994-05.com.example:${random.hex(12)}`,
      multipath: random.chance(0.3),
    };
  }

  /** A volume with nothing around it. */
  volume(changes: Partial<Input<Volume>> = {}): Input<Volume> {
    const { random } = this;
    const created = random.date();
    return {
      id: random.uuid(),
      ec2_id: random.uuid(),
      user_id: this.user,
      project_id: this.project,
      host: random.pick(HOSTS),
      size: random.integer(1, 2048),
      availability_zone: random.pick(ZONES),
      status: 'available',
      attach_status: 'detached',
      scheduled_at: created,
      launched_at: new Date(created.getTime() + random.integer(200, 9_000)),
      display_name: `${random.pick(NAMES)}-${random.hex(6)}`,
      display_description: random.chance(0.5) ? null : 'kept by the nightly job',
      provider_location: `192.0.2.7:3260,1 iqn.2010-10.org.openstack:volume-${random.hex(8)} 0`,
      provider_auth: `CHAP ${random.hex(10)} ${random.hex(16)}`,
      bootable: random.chance(0.3),
      multiattach: random.chance(0.1),
      replication_status: random.pick(['disabled', 'enabled', null]),
      metadata: { purpose: random.pick(NAMES), 'cost-centre': String(random.integer(100, 999)) },
      admin_metadata: { readonly: random.pick(['True', 'False']) },
      glance_metadata: random.chance(0.3) ? { image_name: 'debian-13', min_disk: '10' } : null,
      ...changes,
    };
  }

  /**
   * A volume with everything around it: type, cluster, attachments, snapshots, and a group that holds volumes in turn.
   * The inner volumes are bare, so the circle ends there.
   */
  fullVolume(changes: Partial<Input<Volume>> = {}): Input<Volume> {
    const { random } = this;
    const id = changes.id ?? random.uuid();
    const type = this.volumeType();
    const group = this.group();
    const snapshots = random.several(random.integer(1, 3), () => this.snapshot({ volume_id: id, volume: this.volume({ id }) }));
    const attachments = random.several(random.integer(0, 2), () => this.attachment({ volume_id: id, volume: this.volume({ id }) }));
    return this.volume({
      id,
      volume_type_id: type.id,
      volume_type: type,
      cluster_name: 'store@ceph',
      cluster: this.cluster(),
      snapshots,
      volume_attachment: attachments,
      group_id: group.id,
      group,
      ...changes,
    });
  }

  volumeType(): Input<VolumeType> {
    const { random } = this;
    return {
      id: random.uuid(),
      name: random.pick(['gold', 'silver', 'bulk']),
      description: null,
      projects: [this.project],
      extra_specs: {
        volume_backend_name: 'ceph',
        'capabilities:replication': '<is> True',
        'provisioning:type': random.chance(0.5) ? null : 'thin',
      },
      qos_specs_id: random.uuid(),
      qos_specs: { consumer: 'front-end', specs: { total_iops_sec: random.integer(100, 5_000) } },
    };
  }

  cluster(): Input<Cluster> {
    const { random } = this;
    return {
      id: random.integer(1, 99),
      name: 'store@ceph',
      binary: 'cinder-volume',
      num_hosts: 3,
      num_down_hosts: random.integer(0, 1),
      last_heartbeat: random.date(),
      replication_status: 'enabled',
      frozen: false,
      active_backend_id: null,
    };
  }

  snapshot(changes: Partial<Input<Snapshot>> = {}): Input<Snapshot> {
    const { random } = this;
    return {
      id: random.uuid(),
      user_id: this.user,
      project_id: this.project,
      volume_id: random.uuid(),
      status: random.pick(['available', 'creating', 'deleting', 'unmanaging']),
      progress: `${random.integer(0, 100)}%`,
      volume_size: random.integer(1, 2048),
      display_name: `before-${random.hex(6)}`,
      display_description: null,
      volume_type_id: random.uuid(),
      provider_location: null,
      provider_id: random.hex(16),
      metadata: { by: 'cron' },
      ...changes,
    };
  }

  attachment(changes: Partial<Input<VolumeAttachment>> = {}): Input<VolumeAttachment> {
    const { random } = this;
    const connector = this.connector();
    return {
      id: random.uuid(),
      volume_id: random.uuid(),
      instance_uuid: random.uuid(),
      attached_host: String(connector['host']),
      mountpoint: '/dev/vdb',
      attach_time: random.date(),
      attach_status: 'attached',
      attach_mode: random.pick(['rw', 'ro']),
      ...changes,
    };
  }

  /** A group with two bare volumes and their type. */
  group(changes: Partial<Input<Group>> = {}): Input<Group> {
    const { random } = this;
    const id = changes.id ?? random.uuid();
    const type = this.volumeType();
    return {
      id,
      user_id: this.user,
      project_id: this.project,
      cluster_name: 'store@ceph',
      host: random.pick(HOSTS),
      availability_zone: random.pick(ZONES),
      name: `group-${random.hex(4)}`,
      description: null,
      group_type_id: random.uuid(),
      volume_type_ids: [type.id],
      status: 'available',
      group_snapshot_id: null,
      source_group_id: null,
      group_snapshots: [{ id: random.uuid(), status: 'available' }],
      volumes: random.several(2, () => this.volume({ group_id: id, volume_type_id: type.id })),
      volume_types: [type],
      ...changes,
    };
  }

  /** A backup, mostly an increment on another one. */
  backup(changes: Partial<Input<Backup>> = {}): Input<Backup> {
    const { random } = this;
    const one = (): Input<Backup> => ({
      id: random.uuid(),
      user_id: this.user,
      project_id: this.project,
      volume_id: random.uuid(),
      host: 'backup-1',
      availability_zone: random.pick(ZONES),
      container: 'volumes',
      status: 'available',
      size: random.integer(1, 2048),
      display_name: `nightly-${random.hex(4)}`,
      service: 'cinder.backup.drivers.swift',
      service_metadata: `volume_${random.hex(8)}`,
      object_count: random.integer(1, 5_000),
      num_dependent_backups: random.integer(0, 4),
      data_timestamp: random.date(),
    });
    return { ...one(), parent_id: random.chance(0.7) ? random.uuid() : null, ...changes };
  }

  backend(): Input<Backend> {
    return {
      host: this.random.pick(HOSTS),
      cluster_name: 'store@ceph',
      capabilities: { free_capacity_gb: this.random.integer(1, 9_000), thin_provisioning_support: true },
    };
  }
}
