import type { Channel } from 'amqplib';
import type { Window } from '../journal/index.js';

/** What the plain programs have on the broker. */
export function namesOf(topic: string) {
  return {
    exchange: topic,
    fanout: `${topic}.fanout`,
    roll: `${topic}.roll`,
    dead: `${topic}.dead`,
    lane: (version: string) => `${topic}@${version}`,
    rollAt: (version: string) => `${topic}.roll@${version}`,
    server: (name: string) => `${topic}.server.${name}`,
    parked: (name: string) => `${topic}.parked.${name}`,
  };
}

/** Every version of a window, oldest first. */
export function versionsOf({ floor, version }: Window): string[] {
  const minor = (text: string): number => Number(text.split('.')[1]);
  return Array.from({ length: minor(version) - minor(floor) + 1 }, (_, index) => `1.${minor(floor) + index}`);
}

/** Declares what everybody needs. */
export async function declareTopic(channel: Channel, names: ReturnType<typeof namesOf>, window: Window): Promise<void> {
  await channel.assertExchange(names.exchange, 'direct', { durable: true });
  await channel.assertExchange(names.fanout, 'fanout', { durable: true });
  await channel.assertQueue(names.dead, { durable: true });
  await channel.assertQueue(names.roll, { durable: true });
  for (const version of versionsOf(window)) {
    await channel.assertQueue(names.lane(version), { durable: true });
    await channel.bindQueue(names.lane(version), names.exchange, version);
    await channel.assertQueue(names.rollAt(version), { durable: true });
  }
}
