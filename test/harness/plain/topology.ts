import type { Channel } from 'amqplib';
import type { Window } from '../journal/index.js';

/** What the plain programs have on the broker. */
export const TOPIC = 'plain.orders';
export const EXCHANGE = TOPIC;
export const FANOUT = `${TOPIC}.fanout`;
export const ROLL = `${TOPIC}.roll`;
export const DEAD = `${TOPIC}.dead`;
export const laneOf = (version: string): string => `${TOPIC}@${version}`;
export const rollAt = (version: string): string => `${TOPIC}.roll@${version}`;
export const queueOf = (server: string): string => `${TOPIC}.server.${server}`;
export const parkedOf = (server: string): string => `${TOPIC}.parked.${server}`;

/** Every version of a window, oldest first. */
export function versionsOf({ floor, version }: Window): string[] {
  const minor = (text: string): number => Number(text.split('.')[1]);
  return Array.from({ length: minor(version) - minor(floor) + 1 }, (_, index) => `1.${minor(floor) + index}`);
}

/** Declares what everybody needs. */
export async function declareTopic(channel: Channel, window: Window): Promise<void> {
  await channel.assertExchange(EXCHANGE, 'direct', { durable: true });
  await channel.assertExchange(FANOUT, 'fanout', { durable: true });
  await channel.assertQueue(DEAD, { durable: true });
  await channel.assertQueue(ROLL, { durable: true });
  for (const version of versionsOf(window)) {
    await channel.assertQueue(laneOf(version), { durable: true });
    await channel.bindQueue(laneOf(version), EXCHANGE, version);
    await channel.assertQueue(rollAt(version), { durable: true });
  }
}
