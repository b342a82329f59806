import { LynchpinError } from '../../errors/index.js';
import { placeText, type Place } from './maker.js';

/** What to throw for a field of which no values can be made up. */
export function impossible(place: Place, why: string): LynchpinError {
  const at = placeText(place);
  return new LynchpinError(
    'DECLARATION',
    `no samples of ${at} can be made: ${why}. Correct the constraints, or bring values of its own: arbitraries: { '${at}': fc.constantFrom(...) }`,
    { class: place.owner, field: place.field },
  );
}
