import { skew, type SkewRelease } from 'lynchpin/testing';

/** Pieces that the guide shows: compiled here, so that they are never wrong there. */

/** Installed beside today's: `npm install --save-dev volume-released@npm:volume@1.4.2`. */
export const installed: SkewRelease = { alias: 'volume-released', contract: 'dist/contract.js' };
/** What `npm pack` made of it. */
export const packed: SkewRelease = { tarball: 'volume-1.4.2.tgz', contract: 'dist/contract.js' };
/** A tag, written out to a temporary folder and built there. */
export const tagged: SkewRelease = { git: { ref: 'v1.4.2', build: 'npm ci && npm run build' }, contract: 'dist/contract.js' };
/** Today's, as it was just built, with its own handlers. */
export const today: SkewRelease = { dir: '.', contract: 'dist/contract.js', service: 'dist/service.js' };

/** For a script: a table, and what it was made of. */
export async function tell(): Promise<boolean> {
  const result = await skew.run({ old: installed, new: today, broker: 'amqp://localhost' });
  console.log(String(result));
  return result.ok;
}

/** What is sent when the samples that are made up are not enough. */
export const requests = { create: [{ sizeGb: 1, tier: 'fast' }, { sizeGb: 2_000 }] };
