import { LynchpinError } from 'lynchpin';
import type { RpcClient } from 'lynchpin';
import type { VolumeApi } from './contract/index.js';
import type { Values } from './values.js';

/** How a message was sent. */
export type Verb = 'call' | 'cast' | 'fanout';

/** One message that was sent and, for a call, answered. */
export interface Sent {
  readonly method: string;
  readonly verb: Verb;
}

/** An answer came, and it does not belong to what was asked. */
class WrongAnswer extends Error {}

/**
 * What a process of Cinder's API does: it tells stories. Each is one user's errand from beginning to end, over calls
 * and casts that belong together, and leaves nothing behind. A story asks the pin before it uses what not every version has.
 */
export class Stories {
  readonly #volumes: RpcClient<VolumeApi>;
  readonly #values: Values;
  readonly #onSent: (sent: Sent) => void;

  /** @param onSent told of every message once it is sent or answered. */
  constructor(volumes: RpcClient<VolumeApi>, values: Values, onSent: (sent: Sent) => void = () => {}) {
    this.#volumes = volumes;
    this.#values = values;
    this.#onSent = onSent;
  }

  /** The names of the stories. */
  static readonly all = ['volume', 'attachment', 'snapshot', 'group', 'backup', 'migration', 'replication', 'host'] as const;

  /** Tells one story; a random one unless it is named. */
  async tell(name: (typeof Stories.all)[number] = this.#values.random.pick(Stories.all)): Promise<void> {
    await this[name]();
  }

  /** A volume is made, grown, handed on and deleted. */
  async volume(): Promise<void> {
    const { call, cast } = this.#volumes;
    const volume = this.#values.fullVolume({ status: 'creating' });
    await this.#did(
      'create_volume',
      'cast',
      cast.create_volume({ volume, request_spec: { volume_id: volume.id }, filter_properties: { retry: { num_attempts: 1 } } }),
    );
    await this.#did('extend_volume', 'cast', cast.extend_volume({ volume, new_size: 4096, reservations: [this.#values.random.uuid()] }));
    const secure = await this.#did('secure_file_operations_enabled', 'call', call.secure_file_operations_enabled({ volume }));
    check(secure === true, 'secure_file_operations_enabled answers true');
    await this.#did(
      'accept_transfer',
      'call',
      call.accept_transfer({ volume_id: volume.id, new_user: this.#values.user, new_project: this.#values.project }),
    );
    await this.#did(
      'copy_volume_to_image',
      'cast',
      cast.copy_volume_to_image({ volume_id: volume.id, image_meta: { id: this.#values.random.uuid(), disk_format: 'raw' } }),
    );
    await this.#did('delete_volume', 'cast', cast.delete_volume({ volume, cascade: true }));
  }

  /** A volume is connected to a host, used and let go. */
  async attachment(): Promise<void> {
    const { call, cast } = this.#volumes;
    const volume = this.#values.volume({ status: 'available' });
    const connector = this.#values.connector();
    const instance_uuid = this.#values.random.uuid();
    const connection = await this.#did('initialize_connection', 'call', call.initialize_connection({ connector, volume }));
    check(connection['driver_volume_type'] === 'iscsi', 'initialize_connection answers how to connect');
    const attachment = await this.#did(
      'attach_volume',
      'call',
      call.attach_volume({
        volume_id: volume.id,
        instance_uuid,
        host_name: String(connector['host']),
        mountpoint: '/dev/vdb',
        mode: 'rw',
        volume,
      }),
    );
    check(
      attachment.volume_id === volume.id && attachment.instance_uuid === instance_uuid,
      'attach_volume answers the attachment that was asked for',
    );
    await this.#whereKnown('3.9', async () => {
      await this.#did('attachment_update', 'call', call.attachment_update({ vref: volume, connector, attachment_id: attachment.id }));
      await this.#did('attachment_delete', 'call', call.attachment_delete({ attachment_id: attachment.id, vref: volume }));
    });
    await this.#did('detach_volume', 'call', call.detach_volume({ volume_id: volume.id, attachment_id: attachment.id, volume }));
    await this.#did('terminate_connection', 'call', call.terminate_connection({ volume_id: volume.id, connector }));
    await this.#did('remove_export', 'cast', cast.remove_export({ volume_id: volume.id }));
    await this.#did('delete_volume', 'cast', cast.delete_volume({ volume }));
  }

  /** A snapshot is taken, read, perhaps gone back to, and deleted. */
  async snapshot(): Promise<void> {
    const { call, cast } = this.#volumes;
    const volume = this.#values.volume();
    const snapshot = this.#values.snapshot({ volume_id: volume.id, volume });
    await this.#did('create_snapshot', 'cast', cast.create_snapshot({ snapshot }));
    const manageable = await this.#did(
      'get_manageable_snapshots',
      'call',
      call.get_manageable_snapshots({ limit: 3, sort_keys: ['size'], sort_dirs: ['asc'], want_objects: true }),
    );
    check(manageable.length === 3, 'get_manageable_snapshots answers as many as asked');
    await this.#did('manage_existing_snapshot', 'cast', cast.manage_existing_snapshot({ snapshot, ref: { 'source-name': 'snap-0' } }));
    await this.#did('delete_snapshot', 'cast', cast.delete_snapshot({ snapshot }));
  }

  /** A group is made, changed, copied and deleted, and a consistency group too. */
  async group(): Promise<void> {
    const { cast } = this.#volumes;
    const group = this.#values.group();
    const copy = this.#values.group({ source_group_id: group.id });
    const group_snapshot = { id: this.#values.random.uuid(), group_id: group.id };
    await this.#did('create_group', 'cast', cast.create_group({ group }));
    await this.#did('update_group', 'cast', cast.update_group({ group, add_volumes: this.#values.random.uuid() }));
    await this.#did('create_group_snapshot', 'cast', cast.create_group_snapshot({ group_snapshot }));
    await this.#did('create_group_from_src', 'cast', cast.create_group_from_src({ group: copy, source_group: group }));
    await this.#did('delete_group_snapshot', 'cast', cast.delete_group_snapshot({ group_snapshot }));
    await this.#did('delete_group', 'cast', cast.delete_group({ group: copy }));
    await this.#did('delete_group', 'cast', cast.delete_group({ group }));
    const old = { id: this.#values.random.uuid() };
    await this.#did('create_consistencygroup', 'cast', cast.create_consistencygroup({ group: old }));
    await this.#did('update_consistencygroup', 'cast', cast.update_consistencygroup({ group: old }));
    await this.#did('create_cgsnapshot', 'cast', cast.create_cgsnapshot({ group: old }));
    await this.#did('create_consistencygroup_from_src', 'cast', cast.create_consistencygroup_from_src({ group: old }));
    await this.#did('delete_cgsnapshot', 'cast', cast.delete_cgsnapshot({ group: old }));
    await this.#did('delete_consistencygroup', 'cast', cast.delete_consistencygroup({ group: old }));
  }

  /** A backup asks what to read from. */
  async backup(): Promise<void> {
    const { call } = this.#volumes;
    const backup = this.#values.backup();
    const device = await this.#did('get_backup_device', 'call', call.get_backup_device({ backup, want_objects: true }));
    check((device.volume?.id ?? device.snapshot?.volume_id) === backup.volume_id, 'get_backup_device answers the device of this backup');
  }

  /** A volume moves to another back end and takes the old one's place; Cinder forgets it and takes it back. */
  async migration(): Promise<void> {
    const { call, cast } = this.#volumes;
    const volume = this.#values.volume();
    const new_volume = this.#values.volume({ migration_status: `target:${volume.id}` });
    await this.#did('migrate_volume', 'cast', cast.migrate_volume({ volume, host: this.#values.backend(), force_host_copy: false }));
    const remains = await this.#did(
      'migrate_volume_completion',
      'call',
      call.migrate_volume_completion({ volume, new_volume, error: false }),
    );
    check(remains === new_volume.id, 'migrate_volume_completion answers the volume that remains');
    await this.#did('update_migrated_volume', 'call', call.update_migrated_volume({ volume, new_volume, volume_status: 'available' }));
    await this.#did(
      'retype',
      'cast',
      cast.retype({ volume: new_volume, new_type_id: this.#values.random.uuid(), host: this.#values.backend() }),
    );
    await this.#did('delete_volume', 'cast', cast.delete_volume({ volume: new_volume, unmanage_only: true }));
    await this.#did('manage_existing', 'cast', cast.manage_existing({ volume: new_volume, ref: { 'source-name': 'lv-0' } }));
    await this.#did('delete_volume', 'cast', cast.delete_volume({ volume: new_volume }));
    await this.#did('delete_volume', 'cast', cast.delete_volume({ volume: new_volume }));
  }

  /** A failover and the way back, under whichever name. */
  async replication(): Promise<void> {
    const { cast, fanout } = this.#volumes;
    await this.#did('failover', 'cast', cast.failover({ secondary_backend_id: 'secondary' }));
    await this.#did('failover', 'cast', cast.failover({ secondary_backend_id: 'default' }));
    await this.#whereKnown('3.8', () =>
      this.#did('failover_completed', 'fanout', fanout.failover_completed({ updates: { active_backend_id: null } })),
    );
  }

  /** An operator looks around. */
  async host(): Promise<void> {
    const { call, cast, fanout } = this.#volumes;
    const capabilities = await this.#did('get_capabilities', 'call', call.get_capabilities({ discover: true }));
    check(capabilities['fresh'] === true, 'get_capabilities asks the back end when told to');
    const manageable = await this.#did(
      'get_manageable_volumes',
      'call',
      call.get_manageable_volumes({ limit: 5, offset: 2, sort_keys: [], sort_dirs: [] }),
    );
    check(manageable.length === 5, 'get_manageable_volumes answers as many as asked');
    await this.#did('publish_service_capabilities', 'fanout', fanout.publish_service_capabilities());
    await this.#whereKnown('3.7', () => this.#did('do_cleanup', 'cast', cast.do_cleanup({ cleanup_request: { host: 'store-9@lvm' } })));
  }

  async #did<Answer>(method: string, verb: Verb, sending: Promise<Answer>): Promise<Answer> {
    const answer = await sending;
    this.#onSent({ method, verb });
    return answer;
  }

  /** Tells a part of a story if the pin lets it. The pin may move meanwhile: then the part is left out. */
  async #whereKnown(version: Parameters<RpcClient<VolumeApi>['canSend']>[0], part: () => Promise<unknown>): Promise<void> {
    if (this.#volumes.canSend(version)) await this.#unlessGone(part);
  }

  /** The pin was asked a moment ago; what it has withdrawn since then was refused before it was sent. */
  async #unlessGone(part: () => Promise<unknown>): Promise<void> {
    try {
      await part();
    } catch (error) {
      if (!LynchpinError.is(error, 'PINNED', 'UNKNOWN_METHOD')) throw error;
    }
  }
}

function check(holds: boolean, fact: string): void {
  if (!holds) throw new WrongAnswer(`expected that ${fact}`);
}
