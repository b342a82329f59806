import assert from 'node:assert/strict';
import { looksRenamed } from '#lynchpin/compat/rules/similar.js';

const FIELDS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  alike: [
    ['sizeGb', 'sizeGib'],
    ['host', 'hostName'],
    ['host_name', 'host'],
    ['ref', 'reference'],
    ['note', 'notes'],
    ['volumeName', 'nameOfVolume'],
  ],
  different: [
    ['note', 'memo'],
    ['created_at', 'deleted_at'],
    ['volume_id', 'snapshot_id'],
    ['userName', 'projectName'],
    ['status', 'state_of_mind'],
    ['a', 'b_long'],
  ],
};
const METHODS: typeof FIELDS = {
  alike: [
    ['getOrder', 'fetchOrder'],
    ['create_group', 'make_group'],
    ['cancel', 'cancell'],
  ],
  different: [
    ['getOrder', 'cancelInvoice'],
    ['freeze_host', 'do_cleanup'],
  ],
};

describe('names', () => {
  for (const [of, table] of [
    ['fields', FIELDS],
    ['methods', METHODS],
  ] as const) {
    for (const [verdict, pairs] of Object.entries(table)) {
      for (const [before, after] of pairs) {
        it(`of ${of} are ${verdict}: ${before}, ${after}`, () => {
          assert.equal(looksRenamed(before, after, { of }), verdict === 'alike');
          assert.equal(looksRenamed(after, before, { of }), verdict === 'alike');
        });
      }
    }
  }
});
