import { declaredIn, surfaceOf, writeRecording, type Facts } from '#lynchpin/compat/index.js';
import * as contract from '../../../examples/orders/src/contracts.js';
import { recordReleases, upTo } from '../record-releases.js';

const LINES: Readonly<Record<string, string>> = {
  'Address 1.0': 'Where an order goes to, line by line.',
  'Order 1.0': 'What somebody bought.',
  'Order 1.1': 'A note, and the status refunded.',
  'Order 1.2': 'The address has lines.',
  'orders 1.0': 'Orders are placed and read.',
  'orders 1.1': 'Orders are refunded.',
  'orders 1.2': 'Orders at 1.2.',
};

/** Records the example's two releases, and what is new since then. */
export function recordOrders(folder: string): void {
  const surface = surfaceOf(declaredIn(contract));
  recordReleases(
    folder,
    surface,
    [
      ['1.0.0', '1.0'],
      ['1.1.0', '1.1'],
    ],
    lineOf,
  );
  writeRecording(folder, upTo(surface, '1.2', lineOf));
}

function lineOf({ name, version }: Facts): string | undefined {
  return LINES[`${name} ${version}`];
}
