import { declaredIn, surfaceOf, type Facts } from '#lynchpin/compat/index.js';
import * as contract from '../../../examples/cinder-volume/contract/index.js';
import { recordReleases } from '../record-releases.js';
import { facts as history } from './facts.js';
import { API_LINES, OBJECT_LINES, RELEASES } from './history-lines.js';

/** Records the contract as the releases of OpenStack would have. Nobody recorded anything at the time. */
export function recordHistory(folder: string): void {
  recordReleases(folder, surfaceOf(declaredIn(contract)), RELEASES, lineOf);
}

function lineOf({ kind, name, version }: Facts): string | undefined {
  const lines = kind === 'api' ? API_LINES : (history.objects[name]?.history ?? OBJECT_LINES[name]);
  return lines?.[version];
}
