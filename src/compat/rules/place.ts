import type { Change } from '../diff/change.js';
import type { Hop } from './hop.js';

/** How sentences name the place of a change: `Order.tags.item`, `CreateOrder.note of orders`. */
export function where(hop: Pick<Hop, 'owner' | 'name' | 'message'>, { path, field = '' }: Change): string {
  const inner = path.slice(path.indexOf(`fields.${field}`) + 'fields.'.length);
  return `${hop.name}.${inner}${hop.message ? ` of ${hop.owner.name}` : ''}`;
}

/** The path of the field that a change is in, whatever part of its type changed. */
export function placeOf({ path, field, message }: Change): string {
  if (field === undefined) return path;
  return message === undefined ? `fields.${field}` : `messages.${message}.fields.${field}`;
}
