import assert from 'node:assert/strict';
import type { Broker, Delivery, Port, Returned } from '#lynchpin/broker/index.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { Collected, type Ground, intakeOf, message, ready, until } from './ground.js';

/** What ports promise while the connection holds. */
export function ports(ground: () => Ground): void {
  describe('a port', () => {
    let broker: Broker;
    let queue: string;
    let port: Port;
    let replies: Collected<Delivery>;
    let returned: Collected<Returned>;
    let lost: Collected<Error>;
    before(async () => {
      broker = await ground().open();
    });
    after(() => broker.close());
    beforeEach(async () => {
      queue = `${ground().prefix()}.work`;
      await broker.ensureQueue(queue);
      replies = new Collected();
      returned = new Collected();
      lost = new Collected();
      port = await broker.openPort({ onReply: replies.add, onReturned: returned.add, onLost: lost.add });
    });
    afterEach(async () => {
      await port.close();
      await broker.deleteQueue(queue);
    });

    it('gets the reply to what it sent', async () => {
      const { intake } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 10 }, (request) => {
        void broker.publish(
          message(request.replyTo ?? '', `re: ${request.body}`, {
            correlationId: request.messageId,
            type: 'ok@3.2',
            appId: 'server-1',
            persistent: false,
          }),
        );
        intake.ack(request);
      });
      for (let index = 0; index < 5; index += 1)
        assert.equal(port.send(message(queue, String(index), { messageId: `id-${index}`, replyTo: port.replyTo })), true);
      const answers = await replies.first(5);
      assert.deepEqual(
        answers.map((reply) => [reply.correlationId, reply.body.toString(), reply.type, reply.appId]),
        [0, 1, 2, 3, 4].map((index) => [`id-${index}`, `re: ${index}`, 'ok@3.2', 'server-1']),
      );
      await intake.close();
    });

    it('may answer from another port', async () => {
      const { intake } = await intakeOf(broker);
      const answering = await broker.openPort({ onReply: () => {}, onReturned: () => {}, onLost: () => {} });
      await intake.consume(queue, { prefetch: 10, noAck: true }, (request) => void answering.send(message(request.replyTo ?? '', 'yes')));
      port.send(message(queue, 'ask', { replyTo: port.replyTo }));
      assert.equal((await replies.first(1))[0]?.body.toString(), 'yes');
      await answering.close();
      await intake.close();
    });

    it('keeps its address on a message that a third party moves', async () => {
      const other = `${queue}.other`;
      await broker.ensureQueue(other);
      port.send(message(queue, 'ask', { replyTo: port.replyTo, messageId: 'id-1' }));
      const tap = await broker.openTap();
      const taken = await until(
        () => tap.get(queue),
        (delivery) => delivery !== undefined,
      );
      assert.ok(taken?.replyTo);
      await broker.publish(message(other, taken.body, { replyTo: taken.replyTo, messageId: taken.messageId }));
      await tap.ack(taken);
      const moved = await tap.get(other);
      await broker.publish(message(moved?.replyTo ?? '', 'found you', { correlationId: moved?.messageId }));
      assert.deepEqual(
        (await replies.first(1)).map((reply) => [reply.correlationId, reply.body.toString()]),
        [['id-1', 'found you']],
      );
      await tap.ack(moved ?? assert.fail());
      await tap.close();
      await broker.deleteQueue(other);
    });

    it('gets back what no queue would take', async () => {
      port.send(message(`${queue}.missing`, 'lost', { messageId: 'id-1', type: 'create@3.2', replyTo: port.replyTo }));
      const [back] = await returned.first(1);
      assert.deepEqual(
        [back?.messageId, back?.type, back?.exchange, back?.routingKey, Buffer.from(back?.body ?? '').toString()],
        ['id-1', 'create@3.2', '', `${queue}.missing`, 'lost'],
      );
      assert.equal(lost.items.length, 0);
    });

    it('gets nothing back when it said that it does not care', async () => {
      port.send(message(`${queue}.missing`, 'dropped', { messageId: 'id-1' }), 'drop');
      port.send(message(`${queue}.missing`, 'lost', { messageId: 'id-2' }));
      const [back] = await returned.first(1);
      assert.equal(back?.messageId, 'id-2');
      assert.equal(returned.items.length, 1);
    });

    it('shares nothing with the sender', async () => {
      const body = Buffer.from('original');
      port.send(message(queue, body));
      body.write('tampered');
      const tap = await broker.openTap();
      assert.equal(
        (
          await until(
            () => tap.get(queue),
            (delivery) => delivery !== undefined,
          )
        )?.body.toString(),
        'original',
      );
      await tap.close();
    });

    it('is unreachable once it is closed', async () => {
      port.send(message(queue, 'ask', { replyTo: port.replyTo }));
      const tap = await broker.openTap();
      const request = await until(
        () => tap.get(queue),
        (delivery) => delivery !== undefined,
      );
      await port.close();
      assert.equal(port.open, false);
      assert.equal(
        await until(
          () => broker.publish(message(request?.replyTo ?? '')),
          (outcome) => outcome === 'returned',
        ),
        'returned',
      );
      assert.throws(
        () => port.send(message(queue)),
        (error) => LynchpinError.is(error, 'CONNECTION'),
      );
      assert.equal(replies.items.length + lost.items.length, 0);
      await tap.close();
    });

    it('refuses what AMQP cannot carry, and goes on', async () => {
      assert.throws(
        () => port.send(message(queue, 'x', { expiration: 0.5 })),
        (error) => LynchpinError.is(error, 'PROTOCOL'),
      );
      assert.throws(
        () => port.send(message(queue, 'x', { type: 'x'.repeat(300) })),
        (error) => LynchpinError.is(error, 'PROTOCOL'),
      );
      port.send(message(queue));
      assert.equal(
        await until(
          () => ready(broker, queue),
          (count) => count === 1,
        ),
        1,
      );
      assert.equal(port.open, true);
    });

    it('takes a burst, and says when there is room again', async () => {
      for (let index = 0; index < 3_000; index += 1) if (!port.send(message(queue, 'x'.repeat(1_000)))) await port.drained();
      assert.equal(
        await until(
          () => ready(broker, queue),
          (count) => count === 3_000,
        ),
        3_000,
      );
    });
  });
}
