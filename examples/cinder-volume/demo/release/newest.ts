import { Stories } from '../../client.js';
import { VolumeApi } from '../../contract/index.js';
import { VolumeService } from '../../service.js';
import { Values } from '../../values.js';
import type { Release } from './release.js';

/** Cinder's volume service of today. */
export const newest: Release = {
  name: 'newest',
  floor: '3.0',
  version: '3.20',
  serve: (bus, name, options) => bus.serve(VolumeApi, new VolumeService(name), options),
  async open(bus, options, seed) {
    const volumes = await bus.client(VolumeApi, options);
    const values = new Values(seed);
    const stories = new Stories(volumes, values);
    return {
      get pin() {
        return volumes.pin;
      },
      watchPin: (listener) => void volumes.watchPin(listener),
      tell: (story) => stories.tell(story),
      // Exists since 3.18, and writes what an older service would not know how to go on with.
      hasty: () => volumes.cast.reimage({ volume: values.volume(), image_meta: { id: values.random.uuid() } }),
      // Exists since 3.12, only reads, and says so: `early: true`.
      early: async () => void (await volumes.call.get_log_levels({ log_request: { prefix: 'cinder' } })),
      close: () => volumes.close(),
    };
  },
};
