import { randomUUID } from 'node:crypto';
import type { Implements } from 'lynchpin';
import type { CreateVolume, VolumeApi } from './contract.js';

export class VolumeService implements Implements<VolumeApi> {
  async create(request: CreateVolume) {
    return { id: randomUUID(), sizeGb: request.sizeGb, tier: request.tier, host: 'node-1' };
  }
}
