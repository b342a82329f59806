import { LynchpinError } from '../../errors/index.js';
import type { Version } from '../../versions/index.js';

/** Why a conversion is made: what cannot be expressed is `PINNED` while sending, and `CONVERSION` while moving what was sent. */
export type Purpose = 'send' | 'move';

/** Where in the declarations something is, for messages. */
export interface Place {
  readonly class: string;
  readonly field: string | undefined;
}

/** "Volume.tier", or "CreateVolume". */
export function placeName(place: Place): string {
  return place.field === undefined ? place.class : `${place.class}.${place.field}`;
}

/** Throws for something that the target version cannot express. */
export function refuse(purpose: Purpose, place: Place, what: string, since: Version, pin: Version): never {
  const remedy = purpose === 'send' ? 'leave it out, or wait until the pin has moved' : 'write a backport for it';
  throw new LynchpinError(
    purpose === 'send' ? 'PINNED' : 'CONVERSION',
    `${placeName(place)} ${what} needs ${since}, but the target version is ${pin}: ${remedy}`,
    { class: place.class, ...(place.field === undefined ? {} : { field: place.field }), since, pin },
  );
}
