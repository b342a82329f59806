import type { RequestListener } from 'node:http';
import {
  drainOnSignal,
  Field,
  health,
  LynchpinError,
  Rpc,
  RpcApi,
  serveHealth,
  ServiceError,
  t,
  VersionedObject,
  type Bus,
  type ClientCall,
  type Default,
  type Interceptor,
  type Method,
  type RpcClient,
} from 'lynchpin';
import { ExtendVolume, type VolumeApi } from './contract.js';

/** Pieces that the guide shows: compiled here, so that they are never wrong there. */

export class VolumeBusy extends ServiceError<{ id: string }> {}

@RpcApi({ topic: 'attachments', version: '1.0', errors: [VolumeBusy] })
export class AttachmentApi {
  @Rpc({ takes: ExtendVolume }) detach!: Method<ExtendVolume>;
}

export class AttachmentService {
  async detach(request: ExtendVolume) {
    throw new VolumeBusy('the volume is attached', { id: request.id });
  }
}

/** A snapshot of the volume's data. It had one label; now it has several, and the one goes with the next major. */
@VersionedObject({ version: '1.1' })
export class Backup {
  @Field(t.uuid()) id!: string;
  @Field(t.string(), { optional: true, deprecated: { since: '1.1', use: 'labels', removeIn: '2.0' } }) label?: string;
  @Field(t.list(t.string()), { since: '1.1', default: () => [] }) labels!: Default<string[]>;
}

/** Tells how long each call takes. */
export const timing: Interceptor<ClientCall> = (next) => async (call) => {
  const start = performance.now();
  try {
    return await next(call);
  } finally {
    console.log(`${call.method} took ${(performance.now() - start).toFixed(1)} ms`);
  }
};

/** What a service does at the edge of its process: it can be probed, and leaves properly when it is told to. */
export async function runInProduction(bus: Bus, port: number): Promise<void> {
  await serveHealth(bus, { port });
  drainOnSignal(bus, { grace: 5_000 });
}

/** Where the process serves HTTP anyway: what is not for the probes goes on to the application. */
export function besideTheApplication(bus: Bus, application: RequestListener): RequestListener {
  const probes = health(bus);
  return (request, response) => probes(request, response, () => application(request, response));
}

export async function extend(volumes: RpcClient<VolumeApi>, id: string): Promise<string> {
  try {
    await volumes.call.extend({ id, sizeGb: 20 }, { timeout: 2_000 });
    return 'extended';
  } catch (error) {
    if (LynchpinError.is(error, 'PINNED')) return `later: ${error.message}`;
    if (LynchpinError.is(error, 'NO_SERVER', 'TIMEOUT')) return 'try again';
    throw error;
  }
}

export async function allWays(volumes: RpcClient<VolumeApi>, id: string, patience: AbortSignal): Promise<void> {
  await volumes.call.extend({ id, sizeGb: 20 }); // one server does it and answers
  await volumes.cast.extend({ id, sizeGb: 20 }); // one server does it; the broker holds it safely
  await volumes.fanout.extend({ id, sizeGb: 20 }); // every server does it
  await volumes.at('volume-2').call.extend({ id, sizeGb: 20 }); // that server does it
  await volumes.call.extend({ id, sizeGb: 20 }, { timeout: 2_000, signal: patience });
  await volumes.call.extend({ id, sizeGb: 20 }, { silence: 15_000 }); // as long as it takes, while it gives signs of life
  await volumes.call.extend({ id, sizeGb: 20 }, { whenAbsent: 'fail' }); // NO_SERVER at once, rather than waiting
}
