import { findPrograms } from './binary.js';
import { stopSharedRabbit } from './shared.js';

/**
 * Mocha calls this once, before the first test of the run: where RabbitMQ has to be installed first, that happens here, and not in
 * three processes at the same time. Where it cannot be, the tests that need it say so.
 */
export function mochaGlobalSetup(): void {
  if (process.env['AMQP_URL'] !== undefined) return;
  try {
    findPrograms();
  } catch {
    // Those who need it fail with the reason.
  }
}

/** Mocha calls this once, after the last test of the run (`.mocharc.json` requires this file). */
export const mochaGlobalTeardown = stopSharedRabbit;
