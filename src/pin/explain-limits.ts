import { compareVersions, type Line, type Version } from '../versions/index.js';
import { UNREADABLE, type HoldCeiling } from './ceiling.js';
import type { Limits } from './limits.js';

/** Why a pin is where it is, when a hold is all that keeps it there: who, why, since when, until what, and how it ends. */
export function heldText(topic: string, limits: Limits, heldBack: Version): string {
  const binding = limits.holds.filter(({ version }) => version !== undefined && compareVersions(version, heldBack) < 0);
  return `because of ${list(topic, binding)}; but for that it would be ${heldBack}`;
}

/** The holds that stand, where something else keeps the pin, or nothing does. */
export function holdsBesides(topic: string, { holds, ceiling }: Limits, line: Line): string {
  if (holds.length === 0) return '';
  if (ceiling === undefined || ceiling === line.head) return `; no limit to this client: ${list(topic, holds)}`;
  return `; it may rise to ${ceiling} at most then: there is ${list(topic, holds)}`;
}

/** What is final, and by whom. */
export function finalText({ final }: Limits): string {
  if (final === undefined) return '';
  const reason = final.reason === '' ? '' : ` (${final.reason})`;
  const at = final.at === undefined ? '' : ` at ${final.at}`;
  return `, and ${final.version} is final, prepared by ${final.author}${at}${reason}: nothing older may join`;
}

/** Why the pin is not raised, whatever the census says; empty while it may be. */
export function frozenText({ frozen, missing }: Limits, outside: string): string {
  if (frozen === undefined) return '';
  if (frozen === 'absence')
    return `; it is not raised at the moment, because ${missing === 1 ? '1 server' : `${missing} servers`} of those that were there before the connection was lost may be on the way back`;
  const why =
    frozen === 'ledger'
      ? 'the ledger is out of reach'
      : outside === ''
        ? 'this client is on its way to join'
        : `this client could not join: ${outside}`;
  return `; it is not raised at the moment, because ${why}`;
}

function list(topic: string, holds: readonly HoldCeiling[]): string {
  return holds.map((one) => holdText(topic, one)).join(' and ');
}

function holdText(topic: string, { hold, version, below }: HoldCeiling): string {
  const { id, author, reason, since, until } = hold;
  const far = until === undefined ? '' : ` until ${until}`;
  const floor = below && version !== undefined ? ` (which this client does not speak: it stays at ${version}, its floor)` : '';
  if (id === UNREADABLE) return `a hold by ${author}: ${reason}`;
  const why = reason === '' ? '' : ` (${reason})`;
  const at = since === undefined ? '' : ` since ${since}`;
  return `a hold by ${author}${far}${floor}${at}${why}, which "lynchpin release ${topic} --hold ${id}" with a reason ends`;
}
