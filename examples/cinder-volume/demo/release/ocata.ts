import { Stories } from '../../releases/ocata/client.js';
import { VolumeApi } from '../../releases/ocata/contract/index.js';
import { VolumeService } from '../../releases/ocata/service.js';
import { Values } from '../../releases/ocata/values.js';
import type { Release } from './release.js';

/** Cinder's volume service as Ocata shipped it. */
export const ocata: Release = {
  name: 'ocata',
  floor: '3.0',
  version: '3.10',
  serve: (bus, name, options) => bus.serve(VolumeApi, new VolumeService(name), options),
  async open(bus, options, seed) {
    const volumes = await bus.client(VolumeApi, options);
    const stories = new Stories(volumes, new Values(seed));
    return {
      get pin() {
        return volumes.pin;
      },
      watchPin: (listener) => void volumes.watchPin(listener),
      tell: (story) => stories.tell(story),
      close: () => volumes.close(),
    };
  },
};
