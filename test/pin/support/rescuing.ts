import assert from 'node:assert/strict';
import type { Broker, Delivery, TopicNames } from '#lynchpin/broker/index.js';
import { Rescue, type Convert, type Negotiation, type RescueOptions } from '#lynchpin/pin/index.js';
import type { Version } from '#lynchpin/versions/index.js';
import type { Scene } from './negotiating.js';
import { LINE } from './readings.js';
import { until, untilPin } from './until.js';

/** Converts by renaming the version in the type; methods whose name begins with `new` fit 3.4 alone. */
export const convert: Convert = ({ type = '', body }, to) =>
  type.startsWith('new') && to !== '3.4'
    ? { code: 'PINNED', reason: `${type} does not exist at ${to}` }
    : { type: `${type.split('@')[0]}@${to}`, body };

/** Puts casts on a lane, as a client does that sends at that version. */
export async function strand(
  broker: Broker,
  names: TopicNames,
  version: Version,
  ids: readonly string[],
  method = 'create',
): Promise<void> {
  await broker.ensureExchange(names.exchange, 'direct');
  await broker.ensureQueue(names.lane(version));
  await broker.bind(names.lane(version), names.exchange, version);
  for (const id of ids) {
    const fate = await broker.publish({
      exchange: names.exchange,
      routingKey: version,
      type: `${method}@${version}`,
      messageId: id,
      persistent: true,
      body: Buffer.from(id),
    });
    assert.equal(fate, 'confirmed');
  }
}

export const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => `id-${at}`);

/** A client and its rescue, on one connection. */
export async function rescuer(
  scene: Scene,
  options: RescueOptions = {},
  through: (broker: Broker) => Broker = (broker) => broker,
  settle = 60_000,
): Promise<{ rescue: Rescue; pins: Negotiation; broker: Broker }> {
  const pins = await scene.client({ settle });
  await pins.negotiated;
  const broker = await scene.broker();
  const rescue = new Rescue({ broker: through(broker), names: scene.names, line: LINE, pins, convert }, options);
  scene.later(() => rescue.close());
  return { rescue, pins, broker };
}

const readyOn = async (broker: Broker, queue: string): Promise<number> => {
  const count = await broker.count(queue);
  return count.known ? count.ready : -1;
};

/** How stranded messages are rescued, on any broker. */
export function rescuing(scene: () => Scene): void {
  it('what the newer servers left behind is served by the older ones, each once, under its id', async () => {
    const { names } = scene();
    const work: Delivery[] = [];
    await strand(await scene().broker(), names, '3.4', ids(40));
    await scene().member('volume-1', '3.2', { onWork: (delivery) => void work.push(delivery) });
    await rescuer(scene());
    await until('all were served', () => work.length >= 40);
    assert.deepEqual(new Set(work.map(({ messageId }) => messageId)), new Set(ids(40)));
    assert(
      work.every(
        ({ queue, type, redelivered, headers }) =>
          queue === names.lane('3.2') && type === 'create@3.2' && !redelivered && headers?.['lynchpin-from'] === names.lane('3.4'),
      ),
    );
  });

  it('what stood below a floor that moved is served at the pin', async () => {
    const work: Delivery[] = [];
    await strand(await scene().broker(), scene().names, '3.0', ids(5));
    await scene().member('volume-1', '3.4', { floor: '3.2', onWork: (delivery) => void work.push(delivery) });
    await rescuer(scene());
    await until('all were served', () => work.length >= 5);
    assert(work.every(({ type }) => type === 'create@3.4'));
  });

  it('begins when the pin is lowered', async () => {
    const { names } = scene();
    const work: Delivery[] = [];
    const young = await scene().member('volume-1', '3.4');
    const { pins, broker } = await rescuer(scene(), { every: 3_600_000 });
    await untilPin(pins, ({ version }) => version === '3.4');
    await young.leave();
    await strand(broker, names, '3.4', ids(5));
    await scene().member('volume-2', '3.2', { onWork: (delivery) => void work.push(delivery) });
    await until('all were served', () => work.length >= 5);
  });

  it('leaves alone what somebody reads, and what nobody reads while nobody is there', async () => {
    const { names } = scene();
    await strand(await scene().broker(), names, '3.4', ids(3));
    const reader = await scene().member('volume-1', '3.4');
    const old = await scene().member('volume-2', '3.2');
    const { rescue, pins, broker } = await rescuer(scene(), { grace: 0 });
    assert.equal(pins.current.version, '3.2');
    for (let pass = 0; pass < 3; pass++) await rescue.run();
    assert.equal(await readyOn(broker, names.lane('3.4')), 3);
    assert.equal(rescue.stranded.size, 0);
    await Promise.all([old.leave(), reader.leave()]);
    for (let pass = 0; pass < 3; pass++) await rescue.run();
    assert.equal(await readyOn(broker, names.lane('3.4')), 3);
  });

  it('keeps a cast that fits nothing else for its readers, and gives it up when they do not come', async () => {
    const { names } = scene();
    await strand(await scene().broker(), names, '3.4', ids(3), 'newMethod');
    await scene().member('volume-1', '3.2');
    const { rescue, broker } = await rescuer(scene(), { patience: 1_500 });
    await until('it was seen', () => rescue.stranded.get('3.4') === 3);
    await until('it was given up', async () => (await broker.ensureQueue(names.dead)).known && (await readyOn(broker, names.dead)) === 3);
    const tap = await broker.openTap();
    const letter = await tap.get(names.dead);
    assert.deepEqual(
      [letter?.type, letter?.headers?.['lynchpin-reason'], letter?.headers?.['lynchpin-from'], letter?.headers?.['lynchpin-redelivered']],
      ['newMethod@3.4', 'PINNED', names.lane('3.4'), undefined],
    );
    await tap.close();
    assert.equal(await readyOn(broker, names.lane('3.4')), 0);
  });

  it('answers a call that fits nothing else, and moves one that does with its way back', async () => {
    const { names } = scene();
    const answers: Delivery[] = [];
    const caller = await scene().broker();
    await strand(caller, names, '3.4', []);
    const port = await caller.openPort({
      onReply: (delivery) => void answers.push(delivery),
      onReturned: () => undefined,
      onLost: () => undefined,
    });
    const send = (id: string, type: string): boolean =>
      port.send({
        exchange: names.exchange,
        routingKey: '3.4',
        type,
        messageId: id,
        replyTo: port.replyTo,
        expiration: 20_000,
        body: Buffer.from('{}'),
      });
    send('fits', 'create@3.4');
    send('not', 'newMethod@3.4');
    const server = await scene().broker();
    await scene().member('volume-1', '3.2', {
      onWork: ({ replyTo = '', messageId }) =>
        void server.publish({ exchange: '', routingKey: replyTo, type: 'ok@3.2', correlationId: messageId, body: Buffer.from('{}') }),
    });
    await rescuer(scene(), { patience: 0 });
    await until('both were answered', () => answers.length >= 2);
    assert.deepEqual(Object.fromEntries(answers.map(({ correlationId, type }) => [correlationId, type])), { fits: 'ok@3.2', not: 'error' });
    await port.close();
  });

  it('several processes at once move each message once', async () => {
    const { names } = scene();
    const work: string[] = [];
    await strand(await scene().broker(), names, '3.4', ids(60));
    await scene().member('volume-1', '3.2', { onWork: ({ messageId = '' }) => void work.push(messageId) });
    await Promise.all([rescuer(scene()), rescuer(scene()), rescuer(scene())]);
    await until('all were served', () => work.length >= 60);
    assert.equal(new Set(work).size, work.length);
  });
}
