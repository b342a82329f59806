import assert from 'node:assert/strict';
import { HoldWarnings } from '#lynchpin/pin/hold-warnings.js';
import type { Pin } from '#lynchpin/rpc/index.js';

/** Which holds are warned of while the ledger is as far as that. */
async function warnedOf(...frozen: readonly ('member' | 'ledger' | 'absence' | undefined)[]): Promise<number> {
  const hold = { id: 'h1', author: 'ada', reason: 'soak', since: undefined, until: '3.2' as const };
  const pin = { heldBack: '3.4', why: 'because of a hold' } as Partial<Pin> as Pin;
  const limits = { holds: [{ hold, version: '3.2' as const, below: false }], ceiling: '3.2' as const, final: undefined, least: undefined };
  const warnings = new HoldWarnings('volume');
  let warned = 0;
  const count = (): number => warned++;
  process.on('warning', count);
  try {
    for (const one of frozen) warnings.consider(pin, { ...limits, frozen: one, missing: 0 });
    // Warnings are told of in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', count);
  }
  return warned;
}

describe('a hold that is all that keeps a pin', () => {
  it('is not warned of while the ledger is still being read: it may have ended long ago', async () => {
    assert.equal(await warnedOf('ledger', 'member'), 0);
  });

  it('is warned of once, as soon as it is known to stand', async () => {
    assert.equal(await warnedOf('member', undefined, undefined, 'absence'), 1);
  });
});
