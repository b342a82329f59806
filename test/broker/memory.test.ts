import assert from 'node:assert/strict';
import { MemoryHub } from 'lynchpin';
import { until } from '../rpc/hub.js';

describe('a hub whose broker loses its connection while it closes something', () => {
  it('keeps neither its consumers nor what they and its taps had in hand', async () => {
    const hub = new MemoryHub();
    const broker = hub.connect();
    const other = hub.connect();
    try {
      await broker.ensureQueue('work');
      for (const messageId of ['one', 'two'])
        await other.publish({ exchange: '', routingKey: 'work', messageId, persistent: true, body: Buffer.from('{}') });
      const tap = await broker.openTap();
      assert.equal((await tap.get('work'))?.messageId, 'one');
      const intake = await broker.openIntake(() => undefined);
      await intake.consume('work', { prefetch: 1 }, () => undefined);
      await until(() => hub.facts('work')?.unacknowledged === 2);
      const closing = Promise.all([intake.close(), tap.close()]);
      hub.cut(broker);
      await closing;
      await until(() => hub.facts('work')?.unacknowledged === 0);
      assert.deepEqual(hub.facts('work'), { ready: 2, unacknowledged: 0, consumers: 0 });
    } finally {
      await broker.close();
      await other.close();
    }
  });
});
