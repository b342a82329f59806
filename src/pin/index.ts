export { machineClock, type Clock } from './clock.js';
export { capOf } from './cap.js';
export { Census, type Look } from './census.js';
export { decide, firstStanding, type PinRules, type Standing } from './decide.js';
export { explain, type Circumstances, type Explanation } from './explain.js';
export { type PinEvent, type RescueEvent } from './events.js';
export { negotiate, Negotiation, type NegotiatedPin, type NegotiationSubject, type PinOptions } from './negotiation.js';
export { type NoReading, type Reading } from './reading.js';
