import { randomUUID } from 'node:crypto';
import type { CallContext, Implements } from 'lynchpin';
import type { CreateVolume, ExtendVolume, VolumeApi } from './contract.js';

export class VolumeService implements Implements<VolumeApi> {
  readonly sizes = new Map<string, number>();

  async create(request: CreateVolume, context: CallContext) {
    context.signal.throwIfAborted();
    const id = randomUUID();
    this.sizes.set(id, request.sizeGb);
    return { id, sizeGb: request.sizeGb, tier: request.tier, attachments: [{ host: 'node-1' }] };
  }

  async extend(request: ExtendVolume) {
    this.sizes.set(request.id, request.sizeGb);
  }
}
